/// How long an encoder may take for each step, in ns. One that takes longer hangs in its driver or firmware: it is
/// closed, and another one goes on.
package struct EncoderLimits: Sendable, Equatable {
  /// To be opened and set up, from open(2) to STREAMON.
  package var opening: UInt64
  /// For its first picture: firmware is loaded, rate control begins.
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
