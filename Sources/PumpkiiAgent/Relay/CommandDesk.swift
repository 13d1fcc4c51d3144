package import Logging
internal import PumpkiiChain
package import PumpkiiPolicy
internal import PumpkiiSystem
package import PumpkiiWire

/// Decides about viewers' commands: signed by a client with the right, fresh, once, and not too often.
package actor CommandDesk {
  /// What a command asks of others.
  package enum Effect: Sendable, Equatable {
    /// Refused, or done already.
    case none
    /// An owner wants a new epoch now.
    case rotate
  }

  /// µs between two photos for one client.
  private static let photoPause: UInt64 = 1_000_000
  /// µs between two epochs on request: each costs a key message for everybody.
  private static let rotationPause: UInt64 = 5_000_000
  private let device: DeviceID
  private let photos: PhotoDesk
  private let logger: Logger
  private let counters: CommandCounters
  private let denied: @Sendable (Decision) -> Void
  private var lastPhoto: [ClientID: UInt64] = [:]
  private var lastRotation: UInt64 = 0

  /// - Parameter denied: told of each photo that a command asked for and policy denied.
  /// - Throws: ``AgentError`` `home` when the counters cannot be read.
  package init(
    home: AgentHome, device: DeviceID, photos: PhotoDesk, logger: Logger,
    denied: @escaping @Sendable (Decision) -> Void = { _ in }
  ) throws(AgentError) {
    self.denied = denied
    self.device = device
    self.photos = photos
    self.logger = logger
    counters = try CommandCounters(home: home)
  }

  /// Takes one command, or drops it with a reason in the log.
  /// - Returns: what the caller must do for it.
  package func take(_ bytes: [UInt8], keeper: RosterKeeper) async -> Effect {
    guard let client = (try? Signed<Command>(decoding: bytes))?.body.client,
      let commander = await keeper.commander(client)
    else { return refuse("from nobody with rights") }
    let now = Clocks.unixMicroseconds()
    do throws(ChainError) {
      let command = try CommandCheck.verify(
        bytes, key: commander.key, device: device, now: now, lastCounter: counters.last(of: client))
      // On the disk before it has any effect: a restart must not let the same command through once more.
      guard (try? counters.set(command.body.counter, of: client)) != nil else {
        return refuse("as its counter could not be stored")
      }
      switch command.body.kind {
      case .photo: return photo(for: client, rights: commander.rights, now: now)
      case .rotate: return rotation(rights: commander.rights, now: now)
      }
    } catch {
      return refuse(error.code.rawValue)
    }
  }

  private func photo(for client: ClientID, rights: ClassMask, now: UInt64) -> Effect {
    guard rights.contains(.photo) else { return refuse("without the right to photos") }
    guard now >= (lastPhoto[client] ?? 0) + Self.photoPause else { return refuse("too soon after the last") }
    lastPhoto[client] = now
    switch photos.wish(of: client) {
    case .taken: return .none
    case .full: return refuse("while too many photos wait")
    case .denied(let decision):
      denied(decision)
      return refuse("as \(decision.reason)")
    }
  }

  /// Only owners have the right to events.
  private func rotation(rights: ClassMask, now: UInt64) -> Effect {
    guard rights.contains(.event) else { return refuse("without an owner's right") }
    guard now >= lastRotation + Self.rotationPause else { return refuse("too soon after the last") }
    lastRotation = now
    return .rotate
  }

  private func refuse(_ reason: String) -> Effect {
    logger.notice("a command was refused: \(reason)")
    return .none
  }
}
