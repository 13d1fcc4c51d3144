package import PumpkiiCapture

/// An encoder of the machine's own that may be tried, and by which way pictures get into it.
package struct EncoderCandidate: Sendable {
  /// For people, and what a failure is remembered by: driver, node and route.
  package let name: String
  /// Raw layouts it takes.
  package let layouts: Set<VideoFormat.Pixels>
  /// True for the route that takes the camera's own buffers (DMABUF) and nothing else.
  package let needsLentBuffers: Bool
  /// Opens it for pictures of a format.
  package let make: @Sendable (VideoFormat, EncoderOrder) throws(CaptureError) -> any HardwareEncoder

  /// A candidate.
  package init(
    name: String, layouts: Set<VideoFormat.Pixels>, needsLentBuffers: Bool = false,
    make: @escaping @Sendable (VideoFormat, EncoderOrder) throws(CaptureError) -> any HardwareEncoder
  ) {
    self.name = name
    self.layouts = layouts
    self.needsLentBuffers = needsLentBuffers
    self.make = make
  }
}

/// What is asked of an encoder besides the pictures' format.
package struct EncoderOrder: Sendable, Equatable {
  /// Bits a second.
  package var bitrate: Int
  /// Pictures from one IDR to the next.
  package var groupPictures: Int
  /// Planes of memory in the camera's lent buffers; 1 where it lends none.
  package var lentPlanes: Int

  /// An order.
  package init(bitrate: Int, groupPictures: Int, lentPlanes: Int = 1) {
    self.bitrate = bitrate
    self.groupPictures = groupPictures
    self.lentPlanes = lentPlanes
  }
}

/// How long an encoder may take before another one goes on, in ns.
package struct EncoderLimits: Sendable, Equatable {
  /// To be opened and set up.
  package var opening: UInt64
  /// For its first picture.
  package var firstPicture: UInt64
  /// For each picture after it.
  package var picture: UInt64

  /// Limits; what is left out suits a camera.
  package init(opening: UInt64 = 2_000_000_000, firstPicture: UInt64 = 2_000_000_000, picture: UInt64 = 500_000_000) {
    self.opening = opening
    self.firstPicture = firstPicture
    self.picture = picture
  }
}
