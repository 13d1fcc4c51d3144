internal import NIOCore
internal import PumpkiiWire
internal import Synchronization

/// The open event streams of devices and clients. A stream that does not read is ended rather than left with a hole:
/// its owner comes back and looks at everything again.
final class EventHub: Sendable {
  /// Events that may wait for one stream.
  static let bound = 256
  /// Streams of one identity; the oldest ends for a new one.
  static let streamsPerIdentity = 4

  enum Beat: Sendable {
    case event(RelayEvent)
    case heartbeat
  }

  /// Heartbeats that a stream may let its events lie; then its reader is gone.
  private static let patience = 12

  private struct Stream {
    let number: UInt64
    let identity: Identity
    let response: LongResponse
    var waiting: [Beat] = []
    var unread = 0
  }

  private struct State {
    var streams: [UInt64: Stream] = [:]
    var number: UInt64 = 0
  }

  private let state = Mutex(State())

  var count: Int { state.withLock { $0.streams.count } }

  /// Opens a stream that begins with `ready`.
  func open(_ identity: Identity, _ response: LongResponse) -> UInt64 {
    let (number, ended) = state.withLock { state in
      state.number += 1
      state.streams[state.number] = Stream(
        number: state.number, identity: identity, response: response, waiting: [.event(.ready)])
      let mine = state.streams.values.filter { $0.identity == identity }.sorted { $0.number < $1.number }
      return (state.number, mine.dropLast(Self.streamsPerIdentity).map(\.response))
    }
    for response in ended { response.end() }
    response.ring()
    return number
  }

  func close(_ number: UInt64) { state.withLock { _ = $0.streams.removeValue(forKey: number) } }

  /// What waits for a stream.
  func take(_ number: UInt64) -> [Beat] {
    state.withLock { state in
      state.streams[number]?.unread = 0
      defer { state.streams[number]?.waiting.removeAll() }
      return state.streams[number]?.waiting ?? []
    }
  }

  func send(_ event: RelayEvent, to device: DeviceID) {
    put(event) { if case .device(device, _) = $0 { true } else { false } }
  }

  func send(_ event: RelayEvent, to accounts: Set<AccountID>) {
    put(event) { if case .client(_, let account, _) = $0 { accounts.contains(account) } else { false } }
  }

  func send(_ event: RelayEvent, to client: ClientID) {
    put(event) { if case .client(client, _, _) = $0 { true } else { false } }
  }

  /// A heartbeat for every stream for which nothing waits.
  func beat() {
    let (rung, ended) = state.withLock { state in
      let idle = state.streams.values.filter(\.waiting.isEmpty)
      for number in state.streams.keys { state.streams[number]?.unread += 1 }
      for stream in idle { state.streams[stream.number]?.waiting = [.heartbeat] }
      let gone = state.streams.values.filter { $0.unread > Self.patience }
      for stream in gone { state.streams[stream.number] = nil }
      return (idle.map(\.response), gone.map(\.response))
    }
    for response in rung { response.ring() }
    for response in ended { response.end() }
  }

  func isOpen(_ device: DeviceID) -> Bool {
    state.withLock { $0.streams.values.contains { if case .device(device, _) = $0.identity { true } else { false } } }
  }

  /// Ends the streams of clients of an account that are not among `clients` any more.
  func end(account: AccountID, except clients: Set<ClientID>) {
    let ended = state.withLock { state in
      state.streams.values.filter { stream in
        if case .client(let client, account, _) = stream.identity { !clients.contains(client) } else { false }
      }.map(\.response)
    }
    for response in ended { response.end() }
  }

  private func put(_ event: RelayEvent, _ isMeant: (Identity) -> Bool) {
    let (rung, ended) = state.withLock { state -> ([LongResponse], [LongResponse]) in
      var rung: [LongResponse] = []
      var ended: [LongResponse] = []
      for (number, stream) in state.streams where isMeant(stream.identity) {
        if stream.waiting.count >= Self.bound {
          state.streams[number] = nil
          ended.append(stream.response)
        } else {
          state.streams[number]?.waiting.append(.event(event))
          rung.append(stream.response)
        }
      }
      return (rung, ended)
    }
    for response in rung { response.ring() }
    for response in ended { response.end() }
  }
}
