package import PumpkiiCapture

/// A memory-to-memory encoder, found by what its node can do, never by its name or number.
package struct EncoderDescription: Sendable, Hashable {
  /// What comes out of it.
  package enum Coding: String, Sendable, CaseIterable {
    /// H.264, for people.
    case h264
    /// The Fast Walsh Hadamard Transform of the kernel's own test encoder, `vicodec`: for the lab alone.
    case fwht
  }

  /// The node as it is called now: `/dev/video11`. Moves.
  package var path: String
  /// `bcm2835-codec`.
  package var driver: String
  /// What the device calls itself.
  package var card: String
  /// True where its queues use planes.
  package var isMultiplanar: Bool
  /// What it makes.
  package var coding: Coding
  /// Raw formats it takes, as V4L2 names them, in the driver's order.
  package var fourccs: [UInt32]

  /// An encoder.
  package init(
    path: String, driver: String, card: String, isMultiplanar: Bool, coding: Coding, fourccs: [UInt32]
  ) {
    self.path = path
    self.driver = driver
    self.card = card
    self.isMultiplanar = isMultiplanar
    self.coding = coding
    self.fourccs = fourccs
  }

  /// Raw layouts of ours that it takes.
  package var layouts: Set<VideoFormat.Pixels> { Set(fourccs.compactMap(RawLayout.pixels)) }

  /// For people: `bcm2835-codec /dev/video11`.
  package var name: String { "\(driver) \(path)" }
}
