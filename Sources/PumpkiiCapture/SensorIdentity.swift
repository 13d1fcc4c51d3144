/// Which physical (or fake) sensor this is: never a `/dev` number, which moves.
package struct SensorIdentity: Sendable, Hashable, CustomStringConvertible {
  /// `camera` or `microphone`.
  package enum Kind: String, Sendable, CaseIterable {
    case camera
    case microphone
  }
  package var kind: Kind
  /// Stable over restarts and replugging: `usb-046d-082d-SERIAL-1.2`, `fake-webcam-720p30`.
  package var id: String
  /// For people: `HD Pro Webcam C920`.
  package var name: String

  package init(kind: Kind, id: String, name: String) {
    self.kind = kind
    self.id = id
    self.name = name
  }

  package var description: String { "\(kind.rawValue) \(id)" }
}
