internal import HTTPTypes
package import PumpkiiWire

/// The pairing mailboxes: four messages that pass once each, ten minutes, five wrong tries; in memory and bounded. The
/// relay knows neither the secret nor what the messages mean.
package struct PairingOffice: Sendable {
  /// The four messages in their order.
  package enum Slot: String, Sendable, CaseIterable {
    case offer, answer, confirm, done
  }

  static let lifetime: UInt64 = 600_000_000
  static let tries = 5
  /// The longest message.
  package static let messageBytes = 64 << 10
  /// Mailboxes at once.
  package static let capacity = 1024
  /// Mailboxes that one address may have open without their last message.
  package static let openPerOrigin = 8
  /// Mailboxes of one address in their ten minutes, whatever became of them.
  package static let boxesPerOrigin = 32

  private struct Box: Sendable {
    let ends: UInt64
    let origin: String
    var messages: [Slot: [UInt8]] = [:]
    var failures = 0
  }

  private var boxes: [MailboxID: Box] = [:]

  /// An office without mailboxes.
  package init() {}

  /// Mailboxes that are open or over.
  package var count: Int { boxes.count }

  /// Puts a message in, once; the offer opens the mailbox, which then counts for `origin`, the sender's address. `now`
  /// in µs of a monotonic clock. The same bytes again are no second message.
  /// - Throws: ``Problem``.
  package mutating func put(
    _ message: [UInt8], _ slot: Slot, _ id: MailboxID, from origin: String, now: UInt64
  ) throws(Problem) {
    forget(now: now)
    guard message.count <= Self.messageBytes else { throw .tooLarge }
    guard !message.isEmpty else { throw .bad("pairing-empty", "a pairing message has at least one byte") }
    if boxes[id] == nil, slot == .offer {
      guard boxes.count < Self.capacity, mayOpen(origin) else { throw .tooMany(retryAfter: 60) }
      boxes[id] = Box(ends: now + Self.lifetime, origin: origin)
    }
    let box = try open(id)
    if let old = box.messages[slot] {
      guard old == message else { throw .conflict("pairing-taken", "this slot holds another message already") }
      return
    }
    boxes[id]?.messages[slot] = message
  }

  /// The message of a slot, nil when there is none yet.
  /// - Throws: ``Problem`` when the pairing is over.
  package mutating func message(_ slot: Slot, _ id: MailboxID, now: UInt64) throws(Problem) -> [UInt8]? {
    forget(now: now)
    guard boxes[id] != nil else { return nil }
    return try open(id).messages[slot]
  }

  /// Counts a wrong try.
  /// - Returns: the tries that are left.
  /// - Throws: ``Problem`` when there is no such pairing, or it is over.
  package mutating func fail(_ id: MailboxID, now: UInt64) throws(Problem) -> Int {
    forget(now: now)
    _ = try open(id)
    let failures = (boxes[id]?.failures ?? 0) + 1
    boxes[id]?.failures = failures
    if failures >= Self.tries { boxes[id]?.messages.removeAll() }
    return Self.tries - failures
  }

  mutating func forget(now: UInt64) { boxes = boxes.filter { $0.value.ends > now } }

  /// Nobody fills the office alone: neither with offers that nobody answers, nor by answering them at once itself.
  private func mayOpen(_ origin: String) -> Bool {
    let mine = boxes.values.filter { $0.origin == origin }
    return mine.count < Self.boxesPerOrigin && mine.count { $0.messages[.done] == nil } < Self.openPerOrigin
  }

  private func open(_ id: MailboxID) throws(Problem) -> Box {
    guard let box = boxes[id] else {
      throw .unknown("pairing-unknown", "there is no such pairing, or its time is over")
    }
    guard box.failures < Self.tries else { throw Problem(.gone, "pairing-over", "too many wrong tries; pair again") }
    return box
  }
}
