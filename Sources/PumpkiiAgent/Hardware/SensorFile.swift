internal import PumpkiiChain
internal import PumpkiiSystem
internal import PumpkiiVault
internal import PumpkiiWire

/// ``SensorBook`` on the disk: `sensors` in the state folder, signed, and how many sensors it names beside the key. So
/// a file that is damaged, gone, of an earlier state or written by whoever has not the key shows, and counts as lost.
struct SensorFile: Sendable {
  static let fileName = "sensors"
  /// Beside the key, once a signed file was written; an unsigned one is believed before that alone.
  static let markName = "sensors.bound"

  private let home: AgentHome
  private let identity: SigningIdentity

  init(home: AgentHome, identity: SigningIdentity) {
    self.home = home
    self.identity = identity
  }

  private var device: DeviceID { DeviceID(of: identity.publicKey) }

  /// What the disk says.
  struct Found {
    var book: SensorBook
    /// It is there, signed, and the mark beside the key speaks of all of it; else both are written anew.
    var isSigned = false
    /// Why it is lost, as the words after "the file"; nil when it is not.
    var problem: String?
  }

  /// - Throws: ``AgentError`` `home` when a file cannot be read.
  func load() throws(AgentError) -> Found {
    let bytes = try home.read(Self.fileName)
    let mark = try AgentHome.guarded { () throws(SystemError) in
      try DurableFile.read("\(home.keysFolder)/\(Self.markName)", limit: 64)
    }.map { Int(String(decoding: $0, as: UTF8.self).prefix { $0.isNumber }) ?? 0 }
    guard let bytes else {
      return mark == nil ? Found(book: SensorBook(device: device)) : lost("is gone")
    }
    if let book = signed(bytes) {
      return book.count >= mark ?? 0
        ? Found(book: book, isSigned: mark == book.count) : lost("is older than the mark beside the key")
    }
    if mark == nil, let book = SensorBook(unsigned: bytes, device: device) { return Found(book: book) }
    return lost("is damaged, or not of this device")
  }

  private func lost(_ problem: String) -> Found { Found(book: .lost(device), problem: problem) }

  private func signed(_ bytes: [UInt8]) -> SensorBook? {
    guard let signed = try? Signed<SensorBook>(decoding: bytes), signed.body.device == device,
      (try? SignatureCheck.verify(
        signed.signature, label: .ledger, body: signed.bodyBytes, key: identity.publicKey)) != nil
    else { return nil }
    return signed.body
  }

  /// Durable when it returns; the mark goes after what it speaks of.
  /// - Throws: ``AgentError`` `home`.
  func store(_ book: SensorBook) throws(AgentError) {
    try home.write(identity.sign(book, .ledger).bytes, Self.fileName)
    try AgentHome.guarded { () throws(SystemError) in
      try DurableFile.write(Array("\(book.count)\n".utf8), to: "\(home.keysFolder)/\(Self.markName)")
    }
  }
}
