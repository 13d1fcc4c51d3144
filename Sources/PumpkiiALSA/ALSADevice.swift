public import PumpkiiCapture

/// A microphone that is there: what sysfs and the sound card say, no descriptor held.
public struct ALSADevice: Sendable, Hashable {
  /// Where it is plugged in and what it calls itself; `usb-VVVV-PPPP-SERIAL-PATH`, the same as that of a camera in the
  /// same device, or `card-ID`.
  public var identity: SensorIdentity
  /// What alsa-lib opens: `hw:CARD=webcam,DEV=0`.
  public var pcm: String
  /// The card's id, `webcam`; empty for a PCM that was named by hand.
  public var card: String
  /// Common rates it can do, ascending; empty where nobody could ask it (busy, or not permitted).
  public var rates: [Int]
  /// Numbers of channels it can do.
  public var channels: [Int]
  /// `S16_LE`, `S24_3LE`, …: those that are understood here.
  public var formats: [String]
  /// True where a directory finds it again after it was replugged.
  package var isListed: Bool

  /// A device.
  package init(
    identity: SensorIdentity, pcm: String, card: String, rates: [Int] = [], channels: [Int] = [],
    formats: [String] = [], isListed: Bool = true
  ) {
    self.identity = identity
    self.pcm = pcm
    self.card = card
    self.rates = rates
    self.channels = channels
    self.formats = formats
    self.isListed = isListed
  }

  /// Any PCM that alsa-lib knows by name: `dsnoop:…`, `plug:…`, one of the user's own. Its name is its identity.
  public init(pcm: String) {
    self.init(
      identity: SensorIdentity(kind: .microphone, id: "pcm-\(pcm)", name: pcm), pcm: pcm, card: "", isListed: false)
  }
}
