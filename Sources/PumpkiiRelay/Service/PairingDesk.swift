internal import PumpkiiSystem
internal import PumpkiiWire
internal import ServiceLifecycle
internal import Synchronization

/// The pairing mailboxes with those who wait at them.
final class PairingDesk: Sendable {
  /// Who may wait at once, over all mailboxes.
  static let waiters = 256
  /// Of these, those of one address.
  static let waitersPerOrigin = 8
  static let longestWait = 30

  private struct State {
    var office = PairingOffice()
    var waiting: [UInt64: (mailbox: MailboxID, origin: String, bell: Mailbox<Void>)] = [:]
    var number: UInt64 = 0
  }

  private let state = Mutex(State())

  func put(
    _ message: [UInt8], _ slot: PairingOffice.Slot, _ id: MailboxID, from origin: String
  ) throws(Problem) {
    let now = Relay.uptime
    let outcome = state.withLock { state -> Result<[Mailbox<Void>], Problem> in
      do throws(Problem) { try state.office.put(message, slot, id, from: origin, now: now) } catch {
        return .failure(error)
      }
      return .success(state.waiting.values.filter { $0.mailbox == id }.map(\.bell))
    }
    for bell in try outcome.get() { bell.put(()) }
  }

  func fail(_ id: MailboxID) throws(Problem) -> Int {
    let now = Relay.uptime
    let outcome = state.withLock { state -> Result<(Int, [Mailbox<Void>]), Problem> in
      do throws(Problem) {
        let left = try state.office.fail(id, now: now)
        return .success((left, state.waiting.values.filter { $0.mailbox == id }.map(\.bell)))
      } catch {
        return .failure(error)
      }
    }
    let (left, bells) = try outcome.get()
    for bell in bells { bell.put(()) }
    return left
  }

  /// The message of a slot, waiting for it at most `seconds`.
  func message(
    _ slot: PairingOffice.Slot, _ id: MailboxID, seconds: Int, from origin: String
  ) async throws -> [UInt8]? {
    if let message = try look(slot, id) { return message }
    guard seconds > 0 else { return nil }
    let bell = Mailbox<Void>(capacity: 1)
    guard let number = enter(id, origin, bell) else { throw Problem.tooMany(retryAfter: 5) }
    defer { state.withLock { _ = $0.waiting.removeValue(forKey: number) } }
    return try await withGracefulShutdownHandler {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          // Cancelled when the message came first.
          try? await Task.sleep(for: .seconds(min(seconds, Self.longestWait)))
          bell.finish()
        }
        defer { group.cancelAll() }
        while true {
          if let message = try look(slot, id) { return message }
          guard await bell.next() != nil else { return nil }
        }
      }
    } onGracefulShutdown: {
      bell.finish()
    }
  }

  func forget() {
    let now = Relay.uptime
    state.withLock { $0.office.forget(now: now) }
  }

  private func look(_ slot: PairingOffice.Slot, _ id: MailboxID) throws(Problem) -> [UInt8]? {
    let now = Relay.uptime
    return try state.withLock { state -> Result<[UInt8]?, Problem> in
      do throws(Problem) { return .success(try state.office.message(slot, id, now: now)) } catch {
        return .failure(error)
      }
    }.get()
  }

  private func enter(_ id: MailboxID, _ origin: String, _ bell: Mailbox<Void>) -> UInt64? {
    state.withLock { state in
      guard state.waiting.count < Self.waiters,
        state.waiting.values.count(where: { $0.origin == origin }) < Self.waitersPerOrigin
      else { return nil }
      state.number += 1
      state.waiting[state.number] = (id, origin, bell)
      return state.number
    }
  }
}
