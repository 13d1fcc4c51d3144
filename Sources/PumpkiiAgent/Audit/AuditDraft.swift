internal import PumpkiiVault
package import PumpkiiWire

/// Somebody that an entry is about: an account and its client.
package struct AuditPerson: Sendable, Hashable {
  package var account: AccountID
  package var client: ClientID

  package init(account: AccountID, client: ClientID) {
    self.account = account
    self.client = client
  }
}

/// An entry before it has its number: the person in it is sealed to the place where it will stand.
package struct AuditDraft: Sendable, Equatable {
  private enum What: Sendable, Equatable {
    case record(AuditRecord)
    case consent(ConsentRecord, AuditPerson?)
    case admitted(AuditPerson, ClassMask)
    case cut(AuditPerson)
  }

  private let what: What
  /// Unix µs at which it happened.
  let time: UInt64

  private init(_ what: What, _ time: UInt64) {
    self.what = what
    self.time = time
  }

  /// The record of one without a person.
  var plain: AuditRecord? { if case .record(let record) = what { record } else { nil } }

  /// One without a person.
  package static func record(_ record: AuditRecord, at time: UInt64) -> AuditDraft { AuditDraft(.record(record), time) }

  static func consent(_ record: ConsentRecord, _ person: AuditPerson?, at time: UInt64) -> AuditDraft {
    AuditDraft(.consent(record, person), time)
  }

  package static func admitted(_ person: AuditPerson, _ classes: ClassMask, at time: UInt64) -> AuditDraft {
    AuditDraft(.admitted(person, classes), time)
  }

  package static func cut(_ person: AuditPerson, at time: UInt64) -> AuditDraft { AuditDraft(.cut(person), time) }

  /// The record as it stands at `place`.
  func sealed(by keys: RowKeyRing, at place: AuditEntry) throws(VaultError) -> AuditRecord {
    switch what {
    case .record(let record): return record
    case .consent(var record, let person):
      if let person { record.person = try Self.seal(person, keys, place) }
      return .consent(record)
    case .admitted(let person, let classes): return .admitted(try Self.seal(person, keys, place), classes)
    case .cut(let person): return .cut(try Self.seal(person, keys, place))
    }
  }

  private static func seal(
    _ person: AuditPerson, _ keys: RowKeyRing, _ place: AuditEntry
  ) throws(VaultError) -> SealedPerson {
    try keys.key(for: person.account).seal(
      person.account, person.client, log: place.log, device: place.device, number: place.number)
  }
}
