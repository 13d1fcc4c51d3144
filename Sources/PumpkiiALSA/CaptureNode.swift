/// One capture device of a card, as sysfs shows it.
package struct CaptureNode: Sendable, Hashable {
  /// Number of the card, which moves.
  package var card: Int
  /// Number of the device on the card, which does not.
  package var device: Int
  /// The card's id, unique on the machine: `webcam`, `webcam_1`.
  package var cardID: String
  /// Stable over restarts and replugging.
  package var id: String
  /// `/dev/snd/pcmC1D0c`.
  package var path: String

  /// A node.
  package init(card: Int, device: Int, cardID: String, id: String, path: String) {
    self.card = card
    self.device = device
    self.cardID = cardID
    self.id = id
    self.path = path
  }

  /// What alsa-lib opens.
  package var pcm: String { "hw:CARD=\(cardID),DEV=\(device)" }
  /// The same for the card's first device.
  package var shortPCM: String { "hw:CARD=\(cardID)" }
}
