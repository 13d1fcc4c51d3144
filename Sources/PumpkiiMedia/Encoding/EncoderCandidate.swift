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
  /// - Throws: ``CaptureError`` when it cannot be opened, or not for that.
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
