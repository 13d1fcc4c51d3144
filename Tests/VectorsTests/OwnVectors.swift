import Foundation
import PumpkiiChain
import PumpkiiVault
import PumpkiiWire

/// The people and keys of the own vectors: everything follows from seeds of one repeated byte.
struct OwnVectors {
  let device: SigningIdentity
  let client: SigningIdentity
  let page: SigningIdentity
  let guest: SigningIdentity
  let recovery: RecoverySeed
  let x25519: SealingKeyPair
  let xWing: SealingKeyPair
  /// Unix µs.
  let time: UInt64 = 1_800_000_000_000_000

  init() throws {
    device = try Self.identity(1)
    client = try Self.identity(2)
    page = try Self.identity(3)
    guest = try Self.identity(4)
    recovery = try RecoverySeed(bytes: Array(repeating: 5, count: 32))
    x25519 = try SealingKeyPair(suite: .x25519, secret: SecretBytes(Array(repeating: 6, count: 32)))
    xWing = try SealingKeyPair(suite: .xWing, secret: SecretBytes(Array(repeating: 7, count: 32)))
  }

  private static func identity(_ byte: UInt8) throws -> SigningIdentity {
    try SigningIdentity(seed: Array(repeating: byte, count: 32))
  }

  /// A value of one repeated byte.
  static func fixed<Value: FixedBytes>(_ byte: UInt8) -> Value {
    guard let value = try? Value(Array(repeating: byte, count: Value.byteCount)) else {
      preconditionFailure("the bytes that were asked for")
    }
    return value
  }

  var deviceID: DeviceID { DeviceID(of: device.publicKey) }
  var clientID: ClientID { ClientID(of: client.publicKey) }

  /// Writes the vectors anew instead of checking them: `PUMPKII_WRITE_VECTORS=1 swift test --filter OwnVectors`.
  static var writes: Bool { ProcessInfo.processInfo.environment["PUMPKII_WRITE_VECTORS"] != nil }

  /// Whether the committed file is exactly `value`; writes it first where that was asked for.
  static func matches(_ name: String, _ value: JSONValue) throws -> Bool {
    let url = VectorFile.folder.appending(path: "pumpkii").appending(path: name)
    let made = try value.file
    if writes { try made.write(to: url) }
    return try Data(contentsOf: url) == made
  }
}
