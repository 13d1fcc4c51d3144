internal import PumpkiiChain
internal import PumpkiiPolicy
internal import PumpkiiWire

/// What the consent ledger says last of two files that nobody signs, the ceiling and what was denied on the board. It
/// shows what became of them while no agent looked: a file that was edited, brought back, or cut off by a crash.
struct ConsentMemory: Sendable, Equatable {
  /// What is denied on the board, since when each entry was made.
  private(set) var board = BoardState()
  /// What owners said with a policy above ``inForce``: a crash came between the ledger and the roster.
  private(set) var unfulfilled: [ConsentRecord] = []
  /// Rows whose keys were destroyed.
  private(set) var erased: Set<RowID> = []
  private var ceiling: [Flag: Bool] = [:]
  /// False where the ledger cannot be followed from its beginning: what stood there is not known.
  private var isWhole = true
  /// As far as it was followed; whatever does not lead to the proven head is left out.
  private var head = AuditAnchor.Head()
  private let inForce: UInt64

  /// - Parameter inForce: the version of the policy that the roster names.
  init(inForce: UInt64 = 0) { self.inForce = inForce }

  /// Takes the next signed entry. The hash after the last one vouches for all of them.
  mutating func take(_ bytes: [UInt8]) {
    guard let entry = try? Signed<AuditEntry>(decoding: bytes).body else { return }
    let before = AuditAnchor.Head(count: entry.number - 1, hash: entry.previous)
    if before != head { forget(upTo: before) }
    head = AuditChain.head(after: before, bytes)
    switch entry.record {
    case .consent(let record): note(record, at: entry.time)
    case .erased(let row): erased.insert(row)
    default: break
    }
  }

  /// Forgets all of it where it does not end at `proven`.
  mutating func finish(at proven: AuditAnchor.Head) {
    if head != proven { forget(upTo: proven) }
  }

  private mutating func forget(upTo known: AuditAnchor.Head) {
    self = ConsentMemory(inForce: inForce)
    isWhole = false
    head = known
  }

  private mutating func note(_ record: ConsentRecord, at time: UInt64) {
    switch record.origin {
    case .ceiling:
      for setting in record.settings {
        if let flag = Flag(rawValue: setting.flag) { ceiling[flag] = setting.allow }
      }
    case .board, .device: board.follow(record, at: time)
    case .owner where record.policyVersion > inForce:
      var said = record
      said.person = nil
      unfulfilled.append(said)
    case .owner, .guest: break
    }
  }

  /// The ceiling before `now`: a flag that no entry names was left to the owner. What is not known is taken for the
  /// other way round, so that it is said anew.
  func ceiling(before now: [Flag: Bool]?) -> [Flag: Bool] {
    Dictionary(
      uniqueKeysWithValues: Flag.allCases.map { flag in
        (flag, ceiling[flag] ?? (isWhole || !CeilingChange.allows(flag, now)))
      })
  }
}

extension BoardState {
  /// What an entry about the board says.
  fileprivate mutating func follow(_ record: ConsentRecord, at time: UInt64) {
    let flags = record.settings.compactMap { Flag(rawValue: $0.flag) }
    switch record.act {
    case .narrowed: for flag in flags where narrowed[flag] == nil { narrowed[flag] = time }
    case .restored: for flag in flags { narrowed[flag] = nil }
    case .paused: pausedSince = pausedSince ?? time
    case .resumed: pausedSince = nil
    case .flags, .terms, .risk, .times, .sensors: break
    }
  }
}

extension Audit {
  /// What the consent ledger says last of files that nobody signs. Reads all of it, once a start.
  /// - Parameter inForce: the version of the policy that the roster names.
  /// - Throws: ``AgentError`` `home`.
  func memory(inForce: UInt64) throws(AgentError) -> ConsentMemory {
    let folder = AuditFolder(paths.ledgers)
    var memory = ConsentMemory(inForce: inForce)
    for first in try folder.files(.consent) {
      for entry in AuditFile.split(try folder.read(.consent, from: first)).entries { memory.take(entry) }
    }
    memory.finish(at: consents.head)
    return memory
  }
}
