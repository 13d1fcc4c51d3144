package import Logging
internal import PumpkiiChain
internal import PumpkiiSystem
package import PumpkiiWire

/// Decides about viewers' commands: signed by a client with the right, fresh, once, and not too often.
package actor CommandDesk {
  /// µs between two photos for one client.
  private static let pause: UInt64 = 1_000_000
  private static let file = "commands"
  private let home: AgentHome
  private let device: DeviceID
  private let photos: PhotoDesk
  private let logger: Logger
  /// The last counter of each client, on disk before a command is obeyed: a restart lets none come twice.
  private var counters: [ClientID: UInt64]
  private var lastPhoto: [ClientID: UInt64] = [:]

  /// - Throws: ``AgentError`` `home` when the counters cannot be read.
  package init(home: AgentHome, device: DeviceID, photos: PhotoDesk, logger: Logger) throws(AgentError) {
    self.home = home
    self.device = device
    self.photos = photos
    self.logger = logger
    counters = Self.decode(try home.read(Self.file) ?? [])
  }

  /// Takes one command, or drops it with a reason in the log.
  package func take(_ bytes: [UInt8], keeper: RosterKeeper) async {
    guard let client = (try? Signed<Command>(decoding: bytes))?.body.client,
      let commander = await keeper.commander(client)
    else { return refuse("from nobody with rights") }
    let now = Clocks.unixMicroseconds()
    do throws(ChainError) {
      let command = try CommandCheck.verify(
        bytes, key: commander.key, device: device, now: now, lastCounter: counters[client] ?? 0)
      counters[client] = command.body.counter
      guard store() else { return refuse("as its counter could not be stored") }
      switch command.body.kind {
      case .photo: photo(for: client, rights: commander.rights, now: now)
      case .rotate: refuse("of a kind that is not served yet")
      }
    } catch {
      refuse(error.code.rawValue)
    }
  }

  private func photo(for client: ClientID, rights: ClassMask, now: UInt64) {
    guard rights.contains(.photo) else { return refuse("without the right to photos") }
    guard now >= (lastPhoto[client] ?? 0) + Self.pause else { return refuse("too soon after the last") }
    lastPhoto[client] = now
    if !photos.wish() { refuse("while too many photos wait") }
  }

  private func store() -> Bool {
    let lines = counters.sorted { $0.key.hex < $1.key.hex }.map { "\($0.key.hex) \($0.value)\n" }
    return (try? home.write(Array(lines.joined().utf8), Self.file)) != nil
  }

  /// One client a line: its id, its counter.
  private static func decode(_ bytes: [UInt8]) -> [ClientID: UInt64] {
    let pairs = String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
      let parts = line.split(separator: " ")
      guard parts.count == 2, let client = try? ClientID(hex: String(parts[0])), let counter = UInt64(parts[1]) else {
        return nil as (ClientID, UInt64)?
      }
      return (client, counter)
    }
    return Dictionary(pairs) { max($0, $1) }
  }

  private func refuse(_ reason: String) {
    logger.notice("a command was refused: \(reason)")
  }
}
