/// Which physical (or fake) sensor this is: never a `/dev` number, which moves.
public struct SensorIdentity: Sendable, Hashable, CustomStringConvertible {
  /// What a sensor takes.
  public enum Kind: String, Sendable, CaseIterable {
    /// Pictures.
    case camera
    /// Sound.
    case microphone
  }
  /// What it takes.
  public var kind: Kind
  /// Stable over restarts and replugging: `usb-046d-082d-SERIAL-platform-vhci_hcd.0-usb-1`, `fake-webcam-720p30`.
  public var id: String
  /// For people: `HD Pro Webcam C920`.
  public var name: String
  /// What the device says it can do, in a canonical text of one line each; nil where nobody asked it yet. Permissions
  /// bind to its hash, so that another device that gives itself the same name is noticed.
  public var capabilities: String?

  /// An identity.
  public init(kind: Kind, id: String, name: String, capabilities: String? = nil) {
    self.kind = kind
    self.id = id
    self.name = name
    self.capabilities = capabilities
  }

  /// For logs and errors.
  public var description: String { "\(kind.rawValue) \(id)" }
}
