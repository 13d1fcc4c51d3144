internal import PumpkiiChain
internal import PumpkiiSystem
internal import PumpkiiWire
internal import Synchronization

/// The relay's parts together, and what several resources do with them.
final class Relay: Sendable {
  /// Cameras and accounts held decoded; beyond it any of them is read again when it is needed.
  private static let cacheSize = 4096

  private struct Known {
    var chains: [AccountID: AccountChain] = [:]
    var cameras: [DeviceID: Camera] = [:]
  }

  let configuration: RelayConfiguration
  let store: RelayStore
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
  private let known = Mutex(Known())

  init(configuration: RelayConfiguration, store: RelayStore, log: RelayLog) {
    self.configuration = configuration
    self.store = store
    self.log = log
    ledger = configuration.ledger.map { DeliveryLedger(path: $0) }
    events = EventHub()
    live = LiveHub(
      limits: configuration.limits.room, allCaches: configuration.limits.allCachesBytes, events: events, ledger: ledger)
  }

  /// Unix time in µs: what statements of others are held against.
  static var now: UInt64 { Clocks.unixMicroseconds() }
  /// A clock in µs that no step of the wall clock moves: what the relay's own terms run by.
  static var uptime: UInt64 { Clocks.monotonic() / 1000 }
}

// MARK: Chains and cameras, decoded once

// All of it happens inside the writer's transactions, which come one after the other: what is remembered there can
// never be older than what is stored.
extension Relay {
  func chain(_ account: AccountID, _ tables: Tables) throws -> AccountChain? {
    if let chain = known.withLock({ $0.chains[account] }) { return chain }
    guard let chain = try tables.chain(account).map({ try AccountChain(entries: $0) }) else { return nil }
    remember(chain)
    return chain
  }

  func chain(_ account: AccountID) async throws -> AccountChain? {
    if let chain = known.withLock({ $0.chains[account] }) { return chain }
    return try await store.write { try self.chain(account, $0) }
  }

  /// Called after the commit that made it true.
  func remember(_ chain: AccountChain) {
    known.withLock { known in
      if known.chains.count >= Self.cacheSize { known.chains.removeAll() }
      known.chains[chain.id] = chain
    }
  }

  func camera(_ device: DeviceID, _ tables: Tables) throws -> Camera? {
    if let camera = known.withLock({ $0.cameras[device] }) { return camera }
    guard let entries = try tables.roster(device) else { return nil }
    let camera = try makeCamera(Roster.decode(entries: entries, accounts: lookup(tables)), tables)
    remember(camera)
    return camera
  }

  func camera(_ device: DeviceID) async throws -> Camera {
    if let camera = known.withLock({ $0.cameras[device] }) { return camera }
    guard let camera = try await store.write({ try self.camera(device, $0) }) else { throw Relay.unknownCamera }
    return camera
  }

  /// The camera as the tables have it now.
  func makeCamera(_ roster: Roster, _ tables: Tables) throws -> Camera {
    Camera(roster: roster, waiting: try tables.operations(roster.device), accounts: lookup(tables), now: Relay.now)
  }

  /// Called after the commit that made it true.
  func remember(_ camera: Camera) {
    known.withLock { known in
      if known.cameras.count >= Self.cacheSize { known.cameras.removeAll() }
      known.cameras[camera.roster.device] = camera
    }
  }

  /// What a roster asks for the chains of its accounts; a chain that cannot be read is one that is not there.
  func lookup(_ tables: Tables) -> (AccountID) -> AccountChain? {
    { account in
      do { return try self.chain(account, tables) } catch { return nil }
    }
  }

  static let unknownCamera = Problem.unknown("camera-unknown", "no camera of this id has put its roster here")
  static let noRights = Problem.forbidden("camera-no-rights", "this account has no such right at this camera")
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
