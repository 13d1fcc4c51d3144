internal import PumpkiiWire

/// What an event stream carries (server-sent events): hints to look again, never the state itself, except for what a
/// device is wanted for and the command it is given.
enum RelayEvent: Sendable, Equatable {
  case ready
  case wanted(ClassMask)
  case operation(Digest)
  case policy(UInt64)
  case command([UInt8])
  case roster(DeviceID, UInt64)
  case keys(DeviceID, UInt32)
  case cut(DeviceID)
  /// A clip is stored.
  case clip(DeviceID, UInt64)
  /// An account that the device's roster names has another chain or other sealing keys.
  case account(AccountID)

  /// A line that keeps the connection alive and means nothing.
  static let heartbeat = ":\n\n"

  var text: String {
    let (name, data) =
      switch self {
      case .ready: ("ready", "{}")
      case .wanted(let classes):
        ("wanted", #"{"classes":[\#(classes.classes.map { "\"\($0.name)\"" }.joined(separator: ","))]}"#)
      case .operation(let hash): ("operation", #"{"hash":"\#(hash.hex)"}"#)
      case .policy(let version): ("policy", #"{"version":\#(version)}"#)
      case .command(let bytes): ("command", #"{"bytes":"\#(Base64URL.encode(bytes))"}"#)
      case .roster(let device, let version): ("roster", #"{"device":"\#(device.hex)","version":\#(version)}"#)
      case .keys(let device, let epoch): ("keys", #"{"device":"\#(device.hex)","epoch":\#(epoch)}"#)
      case .cut(let device): ("cut", #"{"device":"\#(device.hex)"}"#)
      case .clip(let device, let number): ("clip", #"{"device":"\#(device.hex)","number":\#(number)}"#)
      case .account(let account): ("account", #"{"account":"\#(account.hex)"}"#)
      }
    return "event: \(name)\ndata: \(data)\n\n"
  }
}
