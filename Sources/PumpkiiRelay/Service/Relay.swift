internal import PumpkiiChain
internal import PumpkiiSystem
internal import PumpkiiWire
internal import Synchronization

/// The relay's parts together, and what several resources do with them.
final class Relay: Sendable {
  let configuration: RelayConfiguration
  let store: RelayStore
  let clips: ClipShelf
  let events: EventHub
  let live: LiveHub
  let pairing = PairingDesk()
  let limiter = RateLimiter()
  let logins = Mutex(LoginBook())
  let ledger: DeliveryLedger?
  let log: RelayLog
  /// The names this relay goes by in login statements; complete once it listens.
  let names = Mutex<[LoginStatement.Relay]>([])
  /// The highest counter of each client's commands at each device.
  let commandCounters = Mutex<[String: UInt64]>([:])
  let hints: HintDesk
  /// Chains and cameras held decoded, bounded in bytes; beyond it they are read again when they are needed.
  let known: Mutex<Known>

  init(configuration: RelayConfiguration, store: RelayStore, blobs: BlobStore, log: RelayLog) {
    self.configuration = configuration
    self.store = store
    clips = ClipShelf(limits: configuration.limits, store: store, blobs: blobs)
    self.log = log
    ledger = configuration.ledger.map { DeliveryLedger(path: $0) }
    events = EventHub()
    hints = HintDesk(events: events, limiter: limiter, rate: configuration.limits.hints)
    let bound = configuration.limits.decodedBytes
    known = Mutex(Known(chains: ByteBoundCache(bound: bound), cameras: ByteBoundCache(bound: bound)))
    live = LiveHub(
      limits: configuration.limits.room, allCaches: configuration.limits.allCachesBytes, events: events, ledger: ledger)
  }

  /// Unix time in µs: what statements of others are held against.
  static var now: UInt64 { Clocks.unixMicroseconds() }
  /// A clock in µs that no step of the wall clock moves: what the relay's own terms run by.
  static var uptime: UInt64 { Clocks.monotonic() / 1000 }
}

// MARK: Rights in force

extension Relay {
  /// Cuts, narrows and widens the live lines of a camera by what its roster says now.
  func refresh(_ camera: Camera) {
    let now = Relay.now
    live.refresh(camera.roster.device) { camera.rights(of: $0.account, now: now) }
  }

  /// Rights that begin or end by themselves.
  func refreshWatched() async {
    for device in live.watched {
      do { refresh(try await camera(device)) } catch { log.failure(error) }
    }
  }

  /// A client that was removed from its account loses token, lines and streams at once.
  func end(clientsNotIn chain: AccountChain) {
    let clients = Set(chain.clients.keys)
    logins.withLock { $0.end(account: chain.id, except: clients) }
    live.end(account: chain.id, except: clients)
    events.end(account: chain.id, except: clients)
  }
}
