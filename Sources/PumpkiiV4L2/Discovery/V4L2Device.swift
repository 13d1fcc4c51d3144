public import PumpkiiCapture

/// One video node as sysfs and QUERYCAP describe it. Having one holds nothing open.
public struct V4L2Device: Sendable, Hashable {
  /// What a node is for.
  public enum Kind: Sendable, Hashable {
    /// It captures pictures.
    case capture
    /// It captures what comes off a bare sensor, which wants an image processor before it is a picture.
    case rawSensor(advice: String)
    /// It gives metadata of another node's pictures.
    case metadata
    /// It shows pictures, or does something else that is no capturing.
    case output
    /// It turns pictures into pictures: an encoder, a scaler.
    case memoryToMemory
  }

  /// Whether the node could be opened when it was looked at.
  public enum Access: String, Sendable, Hashable, CaseIterable {
    /// It could.
    case open
    /// This account may not.
    case noPermission
    /// The driver lets one program in, and there is one.
    case busy
    /// sysfs has it, the `/dev` of this container does not.
    case missing
    /// The driver refused for another reason.
    case failed
  }

  /// Stable over restarts and replugging into the same port; never made of the node's number.
  public var identity: SensorIdentity
  /// The node as it is called now: `/dev/video0`. Moves.
  public var path: String
  /// `uvcvideo`.
  public var driver: String
  /// What the device calls itself.
  public var card: String
  /// Where the driver says it sits: `usb-0000:00:14.0-1`.
  public var bus: String
  /// Its place on the USB, nil for others.
  public var usb: USBAddress?
  /// What it is for.
  public var kind: Kind
  /// Whether it could be opened; where it could not, ``kind`` is judged by sysfs alone.
  public var access: Access

  /// A node.
  package init(
    identity: SensorIdentity, path: String, driver: String, card: String, bus: String, usb: USBAddress?, kind: Kind,
    access: Access = .open
  ) {
    self.identity = identity
    self.path = path
    self.driver = driver
    self.card = card
    self.bus = bus
    self.usb = usb
    self.kind = kind
    self.access = access
  }

  /// True where a ``Camera`` can be made of it.
  public var isCamera: Bool { kind == .capture }
}
