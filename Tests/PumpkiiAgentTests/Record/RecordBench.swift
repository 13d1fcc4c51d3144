import Foundation
import Logging
import PumpkiiAgent
import PumpkiiChain
import PumpkiiPolicy
import PumpkiiSystem
import PumpkiiVault
import PumpkiiWire
import Synchronization

/// A recorder behind a real sealing desk, with an owner who holds the keys, in a scratch folder and at a time that
/// the test makes pass.
final class RecordBench: Sendable {
  let folder = NSTemporaryDirectory() + "pumpkii-record-\(UUID().uuidString)"
  let identity = SigningIdentity()
  let owner: Person
  let outbox = Outbox()
  let standing = Published(Bench.standing(RecordBench.flags))
  let gate: Gate
  let desk: SealingDesk
  let recorder: Recorder
  private let frames = Mutex<Int>(0)
  private let epochs = Mutex<UInt32>(0)

  static let flags: Set<Flag> = [
    .sensorCamera, .sensorMicrophone, .shareVideo, .shareAudio, .sharePhoto, .recordLocal,
  ]
  static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  /// - Parameters:
  ///   - segment: ns after which a segment ends at the next random access point; 0 ends one at each.
  ///   - prepare: called with the folder before anything is in it.
  init(
    _ settings: RecordSettings = RecordSettings(), segment: UInt64 = .max, prepare: (String) throws -> Void = { _ in }
  ) throws {
    try prepare(folder)
    owner = try Person()
    gate = Gate(standing: standing)
    let time = Clock()
    clock = time
    recorder = try Recorder(
      folder: "\(folder)/spool", identity: identity, settings: settings, logger: Self.quiet
    ) { time.now }
    var sealing = SealingDesk.Settings()
    sealing.segmentLength = segment
    desk = SealingDesk(outbox: outbox, recorder: recorder, settings: sealing)
    recorder.allowed(record: true)
    recorder.allowed(upload: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// The recorder's clock.
  let clock: Clock
  final class Clock: Sendable {
    private let value = Mutex<UInt64>(1_000_000_000_000)
    var now: UInt64 { value.withLock { $0 } }
    func pass(_ nanoseconds: UInt64) { value.withLock { $0 += nanoseconds } }
  }

  /// A new epoch for the owner, who gets the keys of these classes.
  func beginEpoch(classes: ClassMask = .all) throws {
    let number = epochs.withLock { epochs in
      epochs += 1
      return epochs
    }
    let epoch = Epoch(number: EpochNumber(dangerouslyUnrecorded: number), identity: identity)
    let recipient = Recipient(
      client: owner.clientID, account: owner.chain.id, accountVersion: 1, accountHead: owner.chain.head,
      suite: owner.sealing.suite, publicKey: owner.sealing.publicKey, classes: classes)
    let message = try epoch.message(
      to: [recipient], time: 0, bootNonce: BootNonce([UInt8](repeating: 1, count: 16)), reason: .start,
      rosterVersion: 1, rosterHash: .zero)
    try desk.begin(FreshEpoch(epoch: epoch, message: message))
  }

  /// Seals one frame of video, a 25th of a second of it.
  func frame(isRandomAccess: Bool, bytes: Int = 100) throws {
    let number = frames.withLock { frames in
      frames += 1
      return frames
    }
    guard case .cleared(let clearance) = gate.clear(.video, for: [.live, .record]) else {
      preconditionFailure("video is allowed")
    }
    let payload = Array("frame \(number) ".utf8) + [UInt8](repeating: 7, count: bytes)
    _ = try desk.seal(
      clearance,
      MediaUnit(
        track: Track(.video), kind: .chunk, payload: payload, captureTime: UInt64(number) * 40_000, duration: 40_000,
        isRandomAccess: isRandomAccess, initialization: Array("init".utf8)))
    clock.pass(40_000_000)
  }

  /// Seals a packet of sound.
  func sound() throws {
    guard case .cleared(let clearance) = gate.clear(.audio, for: [.live, .record]) else {
      preconditionFailure("audio is allowed")
    }
    _ = try desk.seal(
      clearance,
      MediaUnit(
        track: Track(.audio), kind: .chunk, payload: Array("sound".utf8), captureTime: clock.now / 1000,
        duration: 40_000, isRandomAccess: true, initialization: Array("opus".utf8)))
  }

  /// So many seconds of video and sound, a random access point each second.
  func film(seconds: Int, bytes: Int = 100) throws {
    for frame in 0..<seconds * 25 {
      try self.frame(isRandomAccess: frame.isMultiple(of: 25), bytes: bytes)
      if frame.isMultiple(of: 5) { try sound() }
    }
  }

  /// Runs the writing thread around `body` and waits until everything is on the disk.
  func run(_ body: @escaping @Sendable (RecordBench) async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await self.recorder.run() }
      do {
        try await body(self)
        _ = await recorder.queue.settle()
      } catch {
        group.cancelAll()
        throw error
      }
      group.cancelAll()
    }
  }

  var clips: [SpooledClip] { recorder.spool.clips }

  func clip(_ number: UInt64) throws -> OpenedClip {
    try OpenedClip(path: recorder.spool.path(number), identity.publicKey, owner)
  }
}

/// A clip's file, opened with the owner's keys.
struct OpenedClip {
  private(set) var record: ClipRecord?
  private(set) var objects: [OpenedObject] = []
  private(set) var heads: [UInt32] = []
  private(set) var kinds: [WireItem.Kind] = []

  init(path: String, _ key: SigningKey, _ owner: Person) throws {
    var parser = WireItemParser()
    parser.append(try DurableFile.read(path) ?? [])
    let device = DeviceID(of: key)
    var session = PlaybackSession(device: device, mode: .recorded)
    var head: Signed<KeyHead>?
    while let item = try parser.next() {
      kinds.append(item.kind)
      switch item {
      case .control(.keyHead, let body): head = try Signed(decoding: body)
      case .control(.keyEntry, let entry):
        guard let head else { throw WireError(.order, "entry") }
        heads.append(head.body.epoch)
        try session.take(
          KeyMessageOpener.open(
            head: head, entries: [entry], device: device, client: owner.clientID, keys: [owner.sealing]))
      case .control(.clip, let body): record = try ClipCheck.verify(body, key: key).body
      case .control: break
      case .object(_, let bytes): objects.append(try session.open(bytes))
      }
    }
    if parser.pending > 0 { throw WireError(.truncated, "clip") }
  }

  func of(_ media: MediaClass) -> [OpenedObject] { objects.filter { $0.header.mediaClass == media } }
  var missing: Int { objects.reduce(0) { $0 + $1.missing + $1.missingSegments } }
  /// The numbers of the frames in it.
  var frames: [Int] {
    of(.video).filter { $0.plaintext.kind == .chunk }.compactMap {
      Int(String(decoding: $0.plaintext.payload, as: UTF8.self).split(separator: " ")[1])
    }
  }
  var note: String? {
    of(.event).first { $0.plaintext.kind == .event }.map { String(decoding: $0.plaintext.payload, as: UTF8.self) }
  }
}
