package import PumpkiiCapture

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
  package var limits: EncoderLimits

  /// How pictures get into an encoder.
  package enum Route: String, Sendable, CaseIterable {
    /// The camera's own buffers, by descriptor: not a byte is copied.
    case dmabuf
    /// Copied into the encoder's buffers.
    case mmap
  }

  /// Settings.
  package init(
    bitrate: Int, groupPictures: Int, route: Route, lentPlanes: Int = 1, limits: EncoderLimits = EncoderLimits()
  ) {
    self.bitrate = bitrate
    self.groupPictures = groupPictures
    self.route = route
    self.lentPlanes = lentPlanes
    self.limits = limits
  }
}
