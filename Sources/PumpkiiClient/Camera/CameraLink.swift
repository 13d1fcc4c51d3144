internal import PumpkiiChain
internal import PumpkiiSystem
internal import PumpkiiTransport
internal import PumpkiiWire

/// One camera in the hands of one account: share it, revoke, set its permissions, watch it, take a photo.
public struct CameraLink: Sendable {
  let account: Account
  let record: CameraRecord
  let deviceID: DeviceID?

  init(account: Account, record: CameraRecord) {
    self.account = account
    self.record = record
    deviceID = try? DeviceID(hex: record.device)
  }

  /// The device id, 32 hexadecimal digits.
  public var device: String { record.device }
  /// What this account calls it.
  public var name: String { record.name }
  /// Whether this account is its first owner.
  public var isOwned: Bool { record.owner == account.id }

  /// - Throws: ``ClientError`` `client-home` when the record's id is damaged.
  func id() throws(ClientError) -> DeviceID {
    guard let deviceID else { throw ClientError(.home, "the camera's record names no device") }
    return deviceID
  }

  /// The verified roster, for something only an owner may do.
  /// - Throws: ``ClientError`` `client-not-owner`.
  func ownedRoster() async throws(ClientError) -> Roster {
    let roster = try await account.syncRoster(id())
    guard roster.owners.contains(account.accountID) else {
      throw ClientError(.notOwner, "\(name) belongs to another account", advice: "ask its owner")
    }
    return roster
  }
}

/// How far the camera has confirmed something.
public enum Confirmation: Sendable, Equatable {
  /// The camera signed a key message that says so: `epoch` is its number, `rosterVersion` the roster's.
  case confirmed(epoch: UInt32, rosterVersion: UInt64)
  /// The relay has it and the camera has not answered yet; it holds as soon as the camera does.
  case pending

  /// Whether the camera has answered.
  public var isConfirmed: Bool { self != .pending }
}
