/// What is asked of an encoder.
package struct M2MSettings: Sendable, Equatable {
  /// Bits a second.
  package var bitrate: Int
  /// Pictures from one IDR to the next where nobody asks for one.
  package var groupPictures: Int
  /// How pictures get in.
  package var route: Route
  /// Planes of memory in the camera's buffers, where they go in by descriptor: NV12 may lie in one or in two.
  package var lentPlanes: Int
  /// How long each step may take.
  package var limits: M2MLimits

  /// How pictures get into an encoder.
  package enum Route: String, Sendable, CaseIterable {
    /// The camera's own buffers, by descriptor: not a byte is copied.
    case dmabuf
    /// Copied into the encoder's buffers.
    case mmap
  }

  /// Settings.
  package init(
    bitrate: Int, groupPictures: Int, route: Route, lentPlanes: Int = 1, limits: M2MLimits = M2MLimits()
  ) {
    self.bitrate = bitrate
    self.groupPictures = groupPictures
    self.route = route
    self.lentPlanes = lentPlanes
    self.limits = limits
  }
}

/// How long each step may take, in ns. An encoder that takes longer is closed: its driver or firmware hangs.
package struct M2MLimits: Sendable, Equatable {
  /// From open(2) to STREAMON.
  package var opening: UInt64
  /// The first picture: firmware is loaded, rate control begins.
  package var firstPicture: UInt64
  /// Each picture after it.
  package var picture: UInt64

  /// Limits; what is left out suits a camera.
  package init(opening: UInt64 = 2_000_000_000, firstPicture: UInt64 = 2_000_000_000, picture: UInt64 = 500_000_000) {
    self.opening = opening
    self.firstPicture = firstPicture
    self.picture = picture
  }
}
