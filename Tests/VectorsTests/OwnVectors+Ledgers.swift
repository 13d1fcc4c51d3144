import PumpkiiVault
import PumpkiiWire
import Testing

/// Ledger entries of every shape and the counter, byte for byte; read by the second implementation as well.
struct OwnLedgerVectorsTests {
  private let own: OwnVectors
  init() throws { own = try OwnVectors() }

  @Test func ledgers() throws {
    let list = try own.ledgerEntries() + [own.counter, own.counterWithAccounts]
    for vector in list {
      if vector.structure == "counter" {
        try decodes(AuditAnchor.self, vector)
      } else {
        try decodes(AuditEntry.self, vector)
      }
    }
    #expect(try OwnVectors.matches("ledgers.json", .list(list.map(\.json))))
  }

  private func decodes<Body: WireBody>(_: Body.Type, _ vector: StructureVector) throws {
    #expect(try Body(decoding: vector.body).encoded == vector.body, "\(vector.name)")
    #expect(throws: WireError.self) { try Body(decoding: vector.body + [0]) }
    for length in vector.body.indices {
      #expect(throws: WireError.self, "\(vector.name), \(length) bytes") {
        try Body(decoding: Array(vector.body.prefix(length)))
      }
    }
  }
}

extension OwnVectors {
  private func entry(
    _ name: String, _ log: AuditLog, _ record: AuditRecord, kind: UInt64, _ fields: [String: JSONValue]
  ) -> StructureVector {
    let previous: Digest = Self.fixed(0x41)
    let body = AuditEntry(log: log, device: deviceID, number: 9, previous: previous, time: time, record: record)
    let common: [String: JSONValue] = [
      "ledger": .number(UInt64(log.rawValue)), "device": .hex(deviceID), "number": .number(9),
      "previous": .hex(previous), "time": .number(time), "kind": .number(kind),
    ]
    return StructureVector(
      name: name, structure: "ledger-entry", fields: common.merging(fields) { $1 }, body: body.encoded, label: .ledger,
      signers: [device], bytes: device.sign(body, .ledger).bytes)
  }

  private func person() throws -> (SealedPerson, JSONValue) {
    let row: RowID = Self.fixed(0x42)
    let (nonce, sealed) = ([UInt8](repeating: 0x43, count: 12), [UInt8](repeating: 0x44, count: 64))
    return (
      try SealedPerson(row: row, nonce: nonce, sealed: sealed),
      .object(["row": .hex(row), "nonce": .hex(nonce), "sealed": .hex(sealed)])
    )
  }

  fileprivate func ledgerEntries() throws -> [StructureVector] {
    let (person, personFields) = try person()
    let hash: Digest = Self.fixed(0x45)
    let row: RowID = Self.fixed(0x42)
    let settings = [
      PolicyDocument.Setting(flag: "sensor.camera", allow: true),
      PolicyDocument.Setting(flag: "share.audio", allow: false),
    ]
    let consent = ConsentRecord(
      act: .flags, origin: .owner, settings: settings, policyVersion: 3, policyHash: hash,
      text: ConsentRecord.Text(version: "2026-01", hash: hash), person: person)
    var ceiling = consent
    (ceiling.act, ceiling.origin, ceiling.person) = (.narrowed, .ceiling, nil)
    let common: [String: JSONValue] = [
      "settings": .list(settings.map { .object(["flag": .text($0.flag), "allow": .flag($0.allow)]) }),
      "policy_version": .number(3), "policy_hash": .hex(hash), "text_version": .text("2026-01"),
      "text_hash": .hex(hash),
    ]
    return [
      entry(
        "an owner set flags", .consent, .consent(consent), kind: 1,
        common.merging(["act": .number(1), "origin": .number(1), "person": personFields]) { $1 }),
      entry(
        "the ceiling narrowed", .consent, .consent(ceiling), kind: 1,
        common.merging(["act": .number(2), "origin": .number(4)]) { $1 }),
      causes(consent, common, (.paused, .owner), "an owner paused"),
      causes(consent, common, (.resumed, .board), "the board resumed"),
      causes(consent, common, (.times, .owner), "an owner set times"),
      causes(consent, common, (.sensors, .owner), "an owner confirmed a sensor"),
      causes(consent, common, (.restored, .board), "the board gave back"),
      entry("erased", .consent, .erased(row), kind: 2, ["row": .hex(row)]),
      entry("healed", .decisions, .healed(bytes: 77, hash: hash), kind: 3, ["bytes": .number(77), "hash": .hex(hash)]),
      entry(
        "pruned", .decisions, .pruned(through: 5, head: hash), kind: 4, ["through": .number(5), "head": .hex(hash)]),
      entry("began", .decisions, .began, kind: 5, [:]),
      entry("ended", .decisions, .ended, kind: 6, [:]),
    ] + deviceEntries(person, personFields)
  }

  private func causes(
    _ consent: ConsentRecord, _ common: [String: JSONValue],
    _ hand: (act: ConsentRecord.Act, origin: ConsentRecord.Origin), _ name: String
  ) -> StructureVector {
    var record = consent
    (record.act, record.origin, record.person) = (hand.act, hand.origin, nil)
    let fields: [String: JSONValue] = [
      "act": .number(UInt64(hand.act.rawValue)), "origin": .number(UInt64(hand.origin.rawValue)),
    ]
    return entry(name, .consent, .consent(record), kind: 1, common.merging(fields) { $1 })
  }

  private func deviceEntries(_ person: SealedPerson, _ personFields: JSONValue) -> [StructureVector] {
    let denials = AuditRecord.Denials(flag: "sensor.camera", point: "E2", layer: "owner", count: 70_000)
    return [
      entry("opened", .decisions, .opened(.microphone), kind: 7, ["values": .list([.number(2)])]),
      entry("closed", .decisions, .closed(.camera, .denied), kind: 8, ["values": .list([.number(1), .number(2)])]),
      entry(
        "admitted", .decisions, .admitted(person, ClassMask(.video)), kind: 9,
        ["person": personFields, "values": .list([.number(1)])]),
      entry("cut", .decisions, .cut(person), kind: 10, ["person": personFields, "values": .list([])]),
      entry(
        "denials", .decisions, .denials(since: time, [denials]), kind: 11,
        [
          "since": .number(time),
          "rows": .list([
            .object([
              "flag": .text("sensor.camera"), "point": .text("E2"), "layer": .text("owner"), "count": .number(70_000),
            ])
          ]),
        ]),
      entry("paused", .decisions, .paused(.board), kind: 12, ["values": .list([.number(3)])]),
      entry("resumed", .decisions, .resumed(.owner), kind: 13, ["values": .list([.number(1)])]),
      entry(
        "clip recorded", .decisions, .clipRecorded(8), kind: 14, ["clip": .number(8), "values": .list([])]),
      entry(
        "clip wiped", .decisions, .clipWiped(8, .retention), kind: 15,
        ["clip": .number(8), "values": .list([.number(1)])]),
      entry("indicator", .decisions, .indicator(3), kind: 16, ["values": .list([.number(3)])]),
      entry(
        "indicator failed", .decisions, .indicatorFailed("led red"), kind: 17, ["output": .text("led red")]),
      entry("kill switch", .decisions, .killSwitch(isThrown: true), kind: 18, ["values": .list([.number(1)])]),
      entry("folded", .decisions, .folded(12), kind: 19, ["entries": .number(12)]),
    ]
  }

  private var anchor: AuditAnchor {
    let hash: Digest = Self.fixed(0x46)
    var body = AuditAnchor(device: deviceID)
    (body.policyVersion, body.policyHash, body.rosterVersion, body.clip) = (3, hash, 7, 11)
    body.consent = AuditAnchor.Head(count: 9, hash: hash)
    body.decisions = AuditAnchor.Head(count: 1000, hash: hash)
    return body
  }

  private var anchorFields: [String: JSONValue] {
    let hash: Digest = Self.fixed(0x46)
    return [
      "device": .hex(deviceID), "policy_version": .number(3), "policy_hash": .hex(hash), "roster_version": .number(7),
      "consent": .number(9), "consent_hash": .hex(hash), "decisions": .number(1000), "decisions_hash": .hex(hash),
      "clip": .number(11),
    ]
  }

  fileprivate var counter: StructureVector {
    let body = anchor
    return StructureVector(
      name: "counter", structure: "counter", fields: anchorFields, body: body.encoded, label: .ledger,
      signers: [device], bytes: device.sign(body, .ledger).bytes)
  }

  /// The same of a device whose owners' accounts are known.
  fileprivate var counterWithAccounts: StructureVector {
    var body = anchor
    var rows: [JSONValue] = []
    for (byte, version) in [(UInt8(0x47), UInt32(2)), (0x48, 5)] {
      let (id, head, hash): (AccountID, Digest, Digest) = (Self.fixed(byte), Self.fixed(0x49), Self.fixed(0x4A))
      body.accounts[id] = AuditAnchor.Account(
        chainVersion: version, chainHead: head, policyVersion: 6, policyHash: hash)
      rows.append(
        .object([
          "account": .hex(id), "chain_version": .number(UInt64(version)), "chain_head": .hex(head),
          "policy_version": .number(6), "policy_hash": .hex(hash),
        ]))
    }
    let fields = anchorFields.merging(["accounts": .list(rows)]) { $1 }
    return StructureVector(
      name: "counter with accounts", structure: "counter", fields: fields, body: body.encoded, label: .ledger,
      signers: [device], bytes: device.sign(body, .ledger).bytes)
  }
}
