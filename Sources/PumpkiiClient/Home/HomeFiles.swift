internal import FoundationEssentials
internal import PumpkiiChain
internal import PumpkiiSystem
internal import PumpkiiTransport
internal import PumpkiiVault
internal import PumpkiiWire

/// The files of an account's folder; every path of it stands here.
struct HomeFiles: Sendable {
  let folder: String

  var account: String { "\(folder)/account.json" }
  var identity: String { "\(folder)/identity.key" }
  var homeKey: String { "\(folder)/home.key" }
  var sealingKeys: String { "\(folder)/sealing-keys.sealed" }
  var announcements: String { "\(folder)/sealing-keys.announced" }
  var accountPolicy: String { "\(folder)/account.policy" }
  var disclosures: String { "\(folder)/disclosures" }
  var diagnostics: String { "\(folder)/\(DiagnosticsLog.fileName)" }
  var cameras: String { "\(folder)/cameras" }
  func chain(_ account: AccountID) -> String { "\(folder)/accounts/\(account.hex).chain" }
  func camera(_ device: DeviceID) -> String { "\(cameras)/\(device.hex)/camera.json" }
  func roster(_ device: DeviceID) -> String { "\(cameras)/\(device.hex)/roster" }
  func policy(_ device: DeviceID) -> String { "\(cameras)/\(device.hex)/policy" }

  /// Makes the folder with mode 0700.
  /// - Throws: ``ClientError`` `client-home`.
  func make() throws(ClientError) {
    try ClientError.translating {
      for path in [folder, "\(folder)/accounts", cameras] { try DurableFile.makeFolder(path) }
    }
  }

  /// - Throws: ``ClientError`` `client-home`.
  func read(_ path: String) throws(ClientError) -> [UInt8]? {
    try ClientError.translating { try DurableFile.read(path) }
  }

  /// - Throws: ``ClientError`` `client-home`.
  func write(_ bytes: [UInt8], to path: String) throws(ClientError) {
    try ClientError.translating { try DurableFile.write(bytes, to: path) }
  }

  /// - Throws: ``ClientError`` `client-home`; nil when there is no file.
  func readRecord<Record: Decodable>(_: Record.Type, _ path: String) throws(ClientError) -> Record? {
    guard let bytes = try read(path) else { return nil }
    do { return try JSONDecoder().decode(Record.self, from: Data(bytes)) } catch {
      throw ClientError(.home, "\(path) is damaged", advice: "restore the account's folder from a backup")
    }
  }

  /// - Throws: ``ClientError`` `client-home`.
  func writeRecord(_ record: some Encodable, to path: String) throws(ClientError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    let data = try ClientError.translating { try encoder.encode(record) }
    try write(Array(data) + [0x0A], to: path)
  }

  /// A chain as it was verified last; it is verified anew, for the folder is not trusted more than the relay.
  /// - Throws: ``ClientError``.
  func readChain(_ account: AccountID) throws(ClientError) -> AccountChain? {
    guard let bytes = try read(chain(account)) else { return nil }
    let known = try ClientError.translating { try AccountChain(entries: EntryList.decode(bytes)) }
    guard known.id == account else { throw ClientError(.home, "\(chain(account)) is another account's chain") }
    return known
  }

  /// - Throws: ``ClientError`` `client-home`.
  func writeChain(_ known: AccountChain) throws(ClientError) {
    try write(EntryList.encode(known.entries), to: chain(known.id))
  }

  /// The client's sealing keys, oldest first.
  /// - Throws: ``ClientError``.
  func readSealingKeys() throws(ClientError) -> [SealingKeyPair] {
    guard let sealed = try read(sealingKeys) else { return [] }
    var plain = try HomeKey(path: homeKey).open(sealed, purpose: "sealing-keys")
    defer { CryptoWipe.wipe(&plain) }
    return try ClientError.translating {
      var secrets = try EntryList.decode(plain)
      defer { for place in secrets.indices { CryptoWipe.wipe(&secrets[place]) } }
      return try secrets.map { try SealingKeyPair(serialized: $0) }
    }
  }

  /// - Throws: ``ClientError``.
  func writeSealingKeys(_ keys: [SealingKeyPair]) throws(ClientError) {
    var secrets = keys.map(\.serialized)
    var plain = EntryList.encode(secrets)
    defer {
      CryptoWipe.wipe(&plain)
      for place in secrets.indices { CryptoWipe.wipe(&secrets[place]) }
    }
    try write(HomeKey(path: homeKey).seal(plain, purpose: "sealing-keys"), to: sealingKeys)
  }
}
