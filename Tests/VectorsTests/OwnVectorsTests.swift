import Foundation
import PumpkiiChain
import PumpkiiVault
import PumpkiiWire
import Testing

/// Our own structures, byte for byte as they were when they were committed. The same files are read by
/// `Tests/Vectors/pumpkii/second_implementation.py`, which was written from the document.
struct OwnVectorsTests {
  private let own: OwnVectors
  init() throws { own = try OwnVectors() }

  @Test func structures() throws {
    var tally = Tally("own structures")
    var list = own.accountEntries + own.sealingKeys + [own.rosterGenesis] + own.rosterOperations
    list += [own.policy] + own.conditionalPolicies + [own.accountPolicy] + own.disclosures + own.logins + own.commands
    list += try own.pairingMessages
    list += own.beacons + [own.noncePath, own.clip]
    for vector in list {
      try decodes(vector)
      tally.run()
    }
    #expect(try OwnVectors.matches("structures.json", .list(list.map(\.json))))
    tally.report()
    #expect(tally.ran == 31)
  }

  /// The decoder reads back what was written, and a byte more or less is refused.
  private func decodes(_ vector: StructureVector) throws {
    func check<Body: WireBody>(_: Body.Type) throws {
      #expect(try Body(decoding: vector.body).encoded == vector.body)
      #expect(throws: WireError.self) { try Body(decoding: vector.body + [0]) }
      #expect(throws: WireError.self) { try Body(decoding: vector.body.dropLast()) }
    }
    switch vector.structure {
    case "account-entry":
      try check(AccountEntry.self)
      #expect(try SignedAccountEntry(decoding: vector.bytes).bytes == vector.bytes)
    case "sealing-key": try check(SealingKeyAnnouncement.self)
    case "roster-genesis": try check(RosterGenesis.self)
    case "roster-operation": try check(RosterOperation.self)
    case "policy": try check(PolicyDocument.self)
    case "account-policy": try check(AccountPolicyDocument.self)
    case "disclosure": try check(DisclosureStatement.self)
    case "login": try check(LoginStatement.self)
    case "command": try check(Command.self)
    case "pairing-offer": try check(PairingOffer.self)
    case "pairing-answer": try check(PairingAnswer.self)
    case "pairing-confirmation": try check(PairingConfirmation.self)
    case "pairing-done": try check(PairingDone.self)
    case "beacon": try check(Beacon.self)
    case "nonce-path": try check(NoncePath.self)
    case "clip": try check(ClipRecord.self)
    default: Issue.record("no decoder for \(vector.structure)")
    }
  }

  @Test func secrets() throws { #expect(try OwnVectors.matches("secrets.json", own.secrets)) }

  @Test func items() throws { #expect(try OwnVectors.matches("items.json", own.items)) }

  @Test func challenges() throws { #expect(try OwnVectors.matches("challenges.json", own.challenges)) }

  @Test func objects() throws { #expect(try OwnVectors.matches("objects.json", own.objects)) }

  struct KeyMessageFile: Codable {
    struct Recipient: Codable {
      let name: String
      let suite: UInt8
      let secret: String
      let client: String
      let classes: UInt8
    }
    let head: String
    let entries: [String]
    let recipients: [Recipient]
  }

  /// HPKE draws its own randomness, so this file is made once and opened ever after.
  private func makeKeyMessage() throws {
    let phone = ClientID(of: own.client.publicKey)
    let guest = ClientID(of: own.guest.publicKey)
    let list: [(String, SealingKeyPair, ClientID, ClassMask)] = [
      ("an owner's client, X-Wing", own.xWing, phone, .all),
      ("a guest, X25519", own.x25519, guest, [ClassMask(.video), ClassMask(.photo)]),
      ("the paper key", own.recovery.sealing, ClientID(of: own.recovery.signing.publicKey), .all),
    ]
    let epoch = own.epoch()
    let message = try epoch.message(
      to: list.map { _, pair, client, classes in
        Recipient(
          client: client, account: own.accountID, accountVersion: 1, accountHead: OwnVectors.fixed(0x32),
          suite: pair.suite, publicKey: pair.publicKey, classes: classes, notAfter: own.time)
      }, time: own.time, bootNonce: OwnVectors.fixed(0x62), reason: .narrowed, rosterVersion: 5,
      rosterHash: own.rosterHash, highestClip: 3,
      refusals: [KeyHead.Refusal(operation: OwnVectors.fixed(0x63), reason: .otherHead)])
    let file = KeyMessageFile(
      head: Hex.encode(message.head.bytes), entries: message.entries.map { Hex.encode($0) },
      recipients: list.map { name, pair, client, classes in
        .init(
          name: name, suite: pair.suite.rawValue, secret: Hex.encode(pair.serialized.dropFirst()),
          client: client.hex, classes: classes.rawValue)
      })
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try (encoder.encode(file) + [0x0a]).write(
      to: VectorFile.folder.appending(path: "pumpkii").appending(path: "key-message.json"))
  }

  @Test func keyMessage() throws {
    if OwnVectors.writes { try makeKeyMessage() }
    var tally = Tally("own key message")
    let file: KeyMessageFile = try VectorFile.load("pumpkii/key-message.json")
    let head = try Signed<KeyHead>(decoding: Hex.decode(file.head))
    #expect(head.body.encoded == head.bodyBytes)
    let epoch = own.epoch()
    let commitments = epoch.commitments
    #expect(head.body.commitments == commitments)
    let entries = try file.entries.map { try Hex.decode($0) }
    for recipient in file.recipients {
      let suite = try #require(SealingSuite(rawValue: recipient.suite))
      let pair = try SealingKeyPair(suite: suite, secret: SecretBytes(Hex.decode(recipient.secret)))
      let opened = try KeyMessageOpener.open(
        head: head, entries: entries, device: own.deviceID, client: ClientID(hex: recipient.client), keys: [pair])
      #expect(opened.classes.rawValue == recipient.classes)
      for mediaClass in opened.classes.classes {
        #expect(opened.key(mediaClass)?.exposed == own.baseKeys[mediaClass]?.exposed)
      }
      tally.run()
    }
    tally.report()
    #expect(tally.ran == 3)
  }

  /// Where its library is installed, the second implementation reads every file as well.
  @Test(.enabled(if: SecondImplementation.isThere, "needs python3 and cryptography 48"))
  func secondImplementationAgrees() throws {
    #expect(try SecondImplementation.run(["check"]) == 0)
  }
}

enum SecondImplementation {
  static let isThere: Bool = {
    (try? python(["-c", "from cryptography.hazmat.primitives.asymmetric import mlkem"])) == 0
  }()

  static func run(_ arguments: [String]) throws -> Int32 {
    try python([VectorFile.folder.appending(path: "pumpkii/second_implementation.py").path] + arguments)
  }

  private static func python(_ arguments: [String]) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
