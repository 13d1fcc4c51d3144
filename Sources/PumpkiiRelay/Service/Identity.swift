package import PumpkiiWire

/// Who holds a token.
package enum Identity: Sendable, Hashable {
  /// A camera, known by its key alone.
  case device(DeviceID, SigningKey)
  /// A client that stands in its account.
  case client(ClientID, AccountID, SigningKey)

  /// What requests of this identity are counted under.
  var rateKey: String {
    switch self {
    case .device(let id, _): Self.key(of: id)
    case .client(let id, _, _): Self.key(of: id)
    }
  }

  static func key(of device: DeviceID) -> String { "device \(device.hex)" }
  static func key(of client: ClientID) -> String { "client \(client.hex)" }

  /// The id that the login answer shows.
  var id: String {
    switch self {
    case .device(let id, _): id.hex
    case .client(let id, _, _): id.hex
    }
  }
}

/// A client that holds a token, with what requests need of it.
struct ClientIdentity: Sendable, Hashable {
  let client: ClientID
  let account: AccountID
  let key: SigningKey
}
