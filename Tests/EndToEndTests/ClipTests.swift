import Foundation
import Logging
import PumpkiiAgent
import PumpkiiCapture
import PumpkiiChain
import PumpkiiClient
import PumpkiiMedia
import PumpkiiPolicy
import PumpkiiSimulation
import PumpkiiSystem
import PumpkiiVault
import PumpkiiWire
import Testing

extension EndToEnd {
  /// What the device records without a relay, its owner opens: proven, complete, and as a film.
  @Suite struct ClipTests {
    @Test(.timeLimit(.minutes(10))) func aClipOfTheDevicesSpoolIsAFilmInItsOwnersHands() async throws {
      try await Self.recorded { stage, studio in
        let file = studio.recorder.spool.path(1)
        let film = stage.path("clip.mp4")
        var movie = try MovieWriter(path: film, classes: [.video])
        var begin: UInt64?
        let report = try KeptFile(path: file).verify(with: stage.owner) { media in
          try movie.take(media)
          if media.kind == .video, media.content == .chunk, begin == nil { begin = media.captureTime }
        }
        try movie.finish()
        #expect(report.isComplete)
        #expect(report.clip == 1)
        #expect(report.device == stage.camera.device)
        #expect(report.opened["event"] == 2)
        let before = studio.triggered - (try #require(begin))
        #expect(before >= 4_000_000, "\(before) µs before the trigger")
        let read = Movie(path: film)
        let packets = try await read.packets("v")
        #expect(packets.first?.isKey == true)
        #expect(packets.count == (report.opened["video"] ?? 0) - 1)
        let frames = try await read.frames(width: 320, height: 240)
        #expect(frames.count == packets.count)
        let marks = frames.compactMap { $0.mark?.number }
        #expect(marks.count == frames.count)
        #expect(zip(marks, marks.dropFirst()).allSatisfy { $0 < $1 })
        // A stranger's account opens nothing of it.
        #expect(throws: ClientError.self) { try KeptFile(path: file).verify(with: stage.guest) }
      }
    }

    @Test(.timeLimit(.minutes(10))) func aClipThatWasChangedIsFound() async throws {
      try await Self.recorded { stage, studio in
        let whole = try #require(try DurableFile.read(studio.recorder.spool.path(1)))
        let file = stage.path("bad.pumpkii")
        var parser = WireItemParser()
        parser.append(whole)
        var items: [WireItem] = []
        while let item = try parser.next() { items.append(item) }

        // The last video object is taken away: the signed record knows of it.
        let last = try #require(
          items.lastIndex { if case .object(let header, _) = $0 { header.mediaClass == .video } else { false } })
        var shorter = items
        shorter.remove(at: last)
        try Data(shorter.flatMap(\.bytes)).write(to: URL(fileURLWithPath: file))
        let short = try KeptFile(path: file).verify(with: stage.owner)
        #expect(short.isGenuine && !short.isComplete)
        #expect(short.missing == 1)

        var forged = whole
        forged[whole.count - 1] ^= 1
        try Data(forged).write(to: URL(fileURLWithPath: file))
        let found = try KeptFile(path: file).verify(with: stage.owner)
        #expect(!found.isGenuine)
        #expect(found.clip == nil)
      }
    }

    @Test(.timeLimit(.minutes(10))) func whatTheCameraMadeAndTheRelayDoesNotShowIsTold() async throws {
      var plan = Stage.Plan()
      plan.allowed.formUnion(["record.local"])
      plan.configuration.record.mode = .continuous
      plan.configuration.record.maxClipSeconds = 0.5
      try await Stage.with(plan) { stage in
        // Beacons, which say how many clips there are, go while somebody watches.
        let viewer = try stage.ownerWatches([.video])
        let missing = { () async throws -> Set<UInt64> in
          let list = try await stage.camera.clips()
          return Set(try await stage.camera.missingClips(in: list).flatMap { Array($0) })
        }
        try await until("the clips that were not to be uploaded") { try await missing().isSuperset(of: [1, 2]) }
        #expect(try await stage.camera.setPermissions(["record.cloud": true]).confirmation.isConfirmed)
        try await until("a clip from after the permission") { try await !stage.camera.clips().clips.isEmpty }
        #expect(try await missing().isSuperset(of: [1, 2]), "nobody allowed the relay what came before")
        let board = Board(folder: stage.agent.folder)
        #expect(try await Self.states(board).prefix(2) == [.earlier, .earlier])
        #expect(try await board.change(.record(seconds: 5)).wish?.kind == .always)
        _ = try await board.ask(.upload([1, 2]))
        try await until("the clips at the relay") { try await missing().isDisjoint(with: [1, 2]) }
        try await until("the board's word of it") { try await Self.states(board).prefix(2) == [.stored, .stored] }
        try await stage.camera.deleteClip(1)
        let list = try await stage.camera.clips()
        #expect(list.gone.map(\.number).contains(1))
        #expect(try await !missing().contains(1), "its owner deleted it")
        await viewer.stop()
      }
    }

    /// Where the camera's clips are, by its own word.
    private static func states(_ board: Board) async throws -> [ClipListing.State] {
      guard case .clips(let listing) = try await board.ask(.clips) else { return [] }
      return listing.clips.map(\.state)
    }

    @Test(.timeLimit(.minutes(10))) func picturesWaitWhileTheCameraIsWithdrawnAndSoundGoesOn() async throws {
      var plan = Stage.Plan()
      plan.allowed.formUnion(["sensor.camera", "sensor.microphone", "record.local"])
      plan.configuration.record.mode = .continuous
      plan.configuration.record.maxClipSeconds = 0.5
      plan.configuration.record.uploadEarlier = true
      try await Stage.with(plan) { stage in
        let folder = "\(stage.agent.folder)/spool/clips"
        let stored = { () async throws -> Set<UInt64> in Set(try await stage.camera.clips().clips.map(\.number)) }
        try await until("a clip with pictures") { try await Self.pictures(in: folder).count >= 2 }
        #expect(try await stage.camera.setPermissions(["sensor.camera": false]).confirmation.isConfirmed)
        let pictures = try await Self.pictures(in: folder)
        #expect(try await stage.camera.setPermissions(["record.cloud": true]).confirmation.isConfirmed)
        // Sound alone goes, so whoever uploads is at work; what the camera saw is passed over.
        try await until("sound at the relay") { try await stored().count >= 2 }
        #expect(try await stored().isDisjoint(with: pictures))
        #expect(try await stage.camera.setPermissions(["sensor.camera": true]).confirmation.isConfirmed)
        try await until("the pictures at the relay") { try await stored().isSuperset(of: pictures) }
      }
    }

    /// Numbers of the finished clips that hold pictures, by their files.
    private static func pictures(in folder: String) async throws -> Set<UInt64> {
      let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".pumpkii") }
      return Set(
        try names.filter { name in
          try Items(path: "\(folder)/\(name)").objects.contains { $0.header.mediaClass == .video }
        }.compactMap { UInt64($0.dropLast(".pumpkii".count)) })
    }

    /// Records the camera's pattern without a relay, from a trigger after five seconds to a second later.
    private static func recorded(_ body: (Stage, Studio) async throws -> Void) async throws {
      var plan = Stage.Plan()
      plan.runsAgent = false
      try await Stage.with(plan) { stage in
        let studio = try Studio(home: stage.path("camera"), profile: plan.profile)
        await studio.record()
        try await body(stage, studio)
      }
    }
  }
}

/// A paired camera's recorder behind a gate and a sealing desk, without an agent and a relay.
final class Studio: @unchecked Sendable {
  let recorder: Recorder
  private let desk: SealingDesk
  private let gate: Gate
  private let camera: any Camera
  /// Unix µs of the trigger.
  private(set) var triggered: UInt64 = 0

  init(home folder: String, profile: DeviceProfile) throws {
    let home = try AgentHome(folder)
    let identity = try home.identity()
    var settings = RecordSettings()
    settings.preRollSeconds = 4
    recorder = try Recorder(
      folder: "\(folder)/spool", identity: identity, settings: settings,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    desk = SealingDesk(outbox: Outbox(), recorder: recorder)
    let allowed: Set<Flag> = [.sensorCamera, .shareVideo, .recordLocal]
    gate = Gate(
      standing: Published(
        Standing(facts: Facts(terms: .accepted, owner: OwnerPolicy(version: 1, hash: "00", allowed: allowed)))))
    camera = try #require(try SimulatedDevice(profile).camera)
    var state = RosterState()
    try RosterStore(home: home).load(into: &state)
    let epoch = Epoch(number: try EpochLedger.reserve(path: home.epochPath), identity: identity)
    let message = try epoch.message(
      to: Self.owners(state), time: Clocks.unixMicroseconds(),
      bootNonce: BootNonce([UInt8](repeating: 1, count: 16)), reason: .start,
      rosterVersion: state.roster?.version ?? 0, rosterHash: state.roster?.hash ?? .zero)
    try desk.begin(FreshEpoch(epoch: epoch, message: message))
    recorder.allowed(record: true)
  }

  private static func owners(_ state: RosterState) -> [Recipient] {
    (state.roster?.owners ?? []).compactMap { state.accounts[$0] }.flatMap { chain in
      chain.clients.keys.compactMap { client in
        state.keys.newest(of: client, in: chain.id).map { key in
          Recipient(
            client: client, account: chain.id, accountVersion: chain.version, accountHead: chain.head,
            suite: key.suite, publicKey: key.publicKey, classes: .all)
        }
      }
    }
  }

  /// Six seconds of the camera; returns when the clip is on the disk.
  func record() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { [recorder] in try? await recorder.run() }
      let problem = await DeviceThread.run(named: "studio") { [self] () -> String? in
        do {
          try film()
          return nil
        } catch { return "\(error)" }
      }
      #expect(problem == nil)
      group.cancelAll()
    }
  }

  private func film() throws {
    let session = try camera.open { _ in }
    defer { _ = session.close() }
    let processor = try VideoProcessor(
      format: session.format, settings: VideoSettings(), encoders: [], memory: EncoderMemory()
    ) { _ in }
    let anchor = WallClockAnchor()
    var count = 0
    while count < 120 {
      guard let frame = try session.next(timeout: .seconds(1)) else { continue }
      let time = anchor.unixMicroseconds(frame.timestamp)
      guard
        case .chunk(let chunk) = try processor.process(
          frame, at: time * 1000, randomAccess: desk.needsRandomAccess(Track(.video), for: [.live, .record])),
        case .cleared(let clearance) = gate.clear(.video, for: [.live, .record])
      else { continue }
      let unit = MediaUnit(
        track: Track(.video), kind: .chunk, payload: chunk.bytes, captureTime: time, duration: chunk.duration,
        isRandomAccess: chunk.randomAccess, initialization: processor.initialization)
      _ = try desk.seal(clearance, unit)
      count += 1
      if count == 100 {
        triggered = time
        recorder.trigger(.motion)
      }
    }
  }
}
