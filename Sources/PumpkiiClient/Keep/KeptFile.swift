internal import PumpkiiChain
internal import PumpkiiSystem
package import PumpkiiVault
package import PumpkiiWire

/// A file that ``CameraLink/watch(classes:keep:)`` kept, or a clip: from a relay, or from a camera's own folder.
///
/// It is opened with the account's own sealing keys, which the folder keeps, so no content key is ever stored.
public struct KeptFile: Sendable {
  /// Whose keys open a file, and of which cameras.
  package struct Opener {
    let client: ClientID
    let sealing: [SealingKeyPair]
    let knows: (DeviceID) throws -> Bool

    /// - Parameter knows: whether files of this camera are opened.
    package init(client: ClientID, sealing: [SealingKeyPair], knows: @escaping (DeviceID) throws -> Bool) {
      self.client = client
      self.sealing = sealing
      self.knows = knows
    }

    init(_ account: Account) {
      self.init(client: account.client, sealing: account.sealingKeys) { try account.known($0) != nil }
    }
  }

  /// The file.
  public let path: String
  private static let limit = 4 << 30

  /// The file at `path`.
  public init(path: String) { self.path = path }

  /// Verifies and opens everything in the file anew.
  /// - Parameters:
  ///   - account: whose keys open it.
  ///   - onOpened: called with everything that opens, in order; to make a film of it, for example.
  /// - Throws: ``ClientError``: `client-home` when it cannot be read, `client-altered` when it is no kept file,
  ///   `client-no-camera` when its camera is unknown to the account; or what `onOpened` throws.
  public func verify(
    with account: Account, onOpened: (OpenedMedia) throws -> Void = { _ in }
  ) throws(ClientError) -> VerificationReport {
    try verify(by: Opener(account), onOpened: onOpened)
  }

  /// The same with other keys than an account's: those of a board that is its own owner, or a paper key's.
  /// - Throws: as ``verify(with:onOpened:)``.
  package func verify(
    by opener: Opener, onOpened: (OpenedMedia) throws -> Void = { _ in }
  ) throws(ClientError) -> VerificationReport {
    guard let bytes = try ClientError.translating({ try DurableFile.read(path, limit: Self.limit) }) else {
      throw ClientError(.home, "there is no file \(path)")
    }
    var reading = Reading()
    try ClientError.translating { try reading.read(bytes, opener, onOpened) }
    return reading.report
  }
}

/// The state of one verification.
private struct Reading {
  private var playback: Playback?
  private var device: DeviceID?
  private var opened: [String: Int] = [:]
  private var refused: [String: Int] = [:]
  private var bytes = 0
  private var epochs = 0
  private var missing = 0
  private var missingSegments = 0
  private var cut = 0
  private var unused = 0
  private var notGiven = 0
  private var from: UInt64 = 0
  private var until: UInt64 = 0
  private var ends = ClipEnds()

  var report: VerificationReport {
    VerificationReport(
      device: device?.hex ?? "", opened: opened, bytes: bytes, epochs: epochs, missing: missing,
      missingSegments: missingSegments, cut: cut, unused: unused, notGiven: notGiven, refused: refused, from: from,
      until: until, clip: ends.number)
  }

  mutating func read(_ file: [UInt8], _ opener: KeptFile.Opener, _ onOpened: (OpenedMedia) throws -> Void) throws {
    var parser = WireItemParser()
    parser.append(file)
    do {
      while let item = try parser.next() { try take(item, opener, onOpened) }
    } catch let error as WireError {
      refused[error.code.rawValue, default: 0] += 1
    }
    // A file whose writing was broken off ends within an item; everything before it counts.
    if parser.pending > 0, refused.isEmpty { cut += 1 }
    for event in playback?.finish() ?? [] {
      if case .cutSegment(let segment) = event, ends.explains(segment) { continue }
      try note(event, onOpened)
    }
    missing += ends.missing
    if let problem = ends.problem { refused[problem, default: 0] += 1 }
    guard device != nil else {
      throw ClientError(.altered, "there is no key message in this file", advice: "give one that watch --keep wrote")
    }
  }

  private mutating func take(
    _ item: WireItem, _ opener: KeptFile.Opener, _ onOpened: (OpenedMedia) throws -> Void
  ) throws {
    if case .control(.clip, let record) = item { ends.take(record) }
    if device == nil, case .control(.keyHead, let head) = item {
      let body = try Signed<KeyHead>(decoding: head).body
      let found = body.device
      guard try opener.knows(found) else {
        throw ClientError(.noCamera, "the file is of camera \(found.hex), which whoever opens it does not know")
      }
      device = found
      // It makes this device id, or no head and no object of the file opens.
      ends.key = body.deviceKey
      playback = Playback(
        device: found, mode: .recorded,
        keys: Playback.Keys(client: opener.client, sealing: opener.sealing, minimumRoster: nil))
    }
    guard let result = playback?.take(item, now: 0) else { return }
    if case .object = item, result.events.isEmpty {
      // Live playback passes over what it has seen; a kept file holds nothing twice.
      if result.isWorthKeeping { unused += 1 } else { refused[VaultError.Code.replay.rawValue, default: 0] += 1 }
    }
    for event in result.events { try note(event, onOpened) }
  }

  private mutating func note(_ event: WatchEvent, _ onOpened: (OpenedMedia) throws -> Void) throws {
    switch event {
    case .opened(let media):
      opened[media.kind.rawValue, default: 0] += 1
      bytes += media.payload.count
      from = from == 0 ? media.captureTime : min(from, media.captureTime)
      until = max(until, media.captureTime)
      ends.opened(media.segment, media.index)
      try onOpened(media)
    case .epoch(_, let classes):
      epochs += 1
      ends.classes.formUnion(classes)
    case .missing(_, _, let count): missing += count
    case .missingSegments(_, let count): missingSegments += count
    case .cutSegment: cut += 1
    // The camera's signature on it was held before a key was looked for.
    case .refused(VaultError.Code.noKey.rawValue, _?, _): notGiven += 1
    case .refused(let code, _, _): refused[code, default: 0] += 1
    case .connected, .lossNotice, .state, .idle, .disconnected: break
    }
  }
}
