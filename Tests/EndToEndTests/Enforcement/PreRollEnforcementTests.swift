import Foundation
import PumpkiiAgent
import PumpkiiClient
import PumpkiiMedia
import PumpkiiPolicy
import PumpkiiRelay
import PumpkiiSimulation
import PumpkiiSystem
import PumpkiiWire
import Testing

extension EndToEnd {
  /// A clip begins with what came before it, and never with what came before a permission was withdrawn (E5).
  @Suite struct PreRollEnforcementTests {
    private static let flags: [Flag] = [.sensorCamera, .sensorMicrophone, .recordLocal]
    static let claimed = Row.all(flags, [.preRoll])
    /// µs of the one object that was being made: a chunk of sound begins this long before its end.
    private static let onItsWay: UInt64 = 150_000
    /// µs of more pre-roll.
    private static let fill: UInt64 = 700_000

    @Test(.timeLimit(.minutes(10))) func noClipBeginsBeforeItsPermissionDid() async throws {
      let (killSwitch, shown) = (HandSwitch(), ShownRows())
      var plan = Stage.Plan()
      plan.killSwitch = { killSwitch.make() }
      plan.profile.camera?.hasShutter = true
      plan.allowed = Set(Self.flags.map(\.rawValue))
      plan.shared = []
      plan.relay = { $0.limits.authenticated = .init(burst: 1_000_000, perSecond: 1_000_000) }
      plan.configuration.video.mode = .mjpeg
      plan.configuration.record.mode = .manual
      plan.configuration.record.preRollSeconds = 20
      plan.configuration.record.postRollSeconds = 0.1
      plan.configuration.trustsClock = true
      try await Stage.with(plan) { stage in
        let hands = Hands(stage: stage, killSwitch: killSwitch, shared: [])
        for hand in Hand.allCases {
          for flag in Self.flags {
            guard hand.denies(flag) != nil else { continue }
            let row = "\(flag.rawValue) denied by \(hand.rawValue)"
            _ = try await Self.filled(stage, row)
            // What came before it was even asked for must be gone; the other sensor may go on from there.
            let withdrawn = Clocks.unixMicroseconds()
            try await hands.deny([flag], by: hand)
            try await hands.restore([flag], by: hand)
            let first = try await Self.clip(stage, row)
            #expect(first + Self.onItsWay >= withdrawn, "\(row): \(withdrawn - min(first, withdrawn)) µs of before")
            shown.note(flag, [.preRoll], hand, .running)
          }
        }
        // The other way round: what nobody withdrew since is there.
        try await hands.deny([.recordLocal], by: .document)
        try await hands.restore([.recordLocal], by: .document)
        let full = try await Self.filled(stage, "nothing is denied")
        let first = try await Self.clip(stage, "nothing is denied")
        #expect(first < full, "\(first - min(first, full)) µs after the units of before")
      }
      shown.expectAll(Self.claimed)
    }

    /// Seconds of a clip: longer than the row in which it is looked at, whose withdrawal ends it.
    private static let length = 600

    /// Both sensors have been open for a while, and gave what a clip could begin with.
    /// - Returns: Unix µs at which there was some of both.
    private static func filled(_ stage: Stage, _ row: String) async throws -> UInt64 {
      let log = stage.agent.device.log
      try await until("both sensors are open, \(row)") { log.isOpen(.camera) && log.isOpen(.microphone) }
      let agent = try #require(stage.agent.agent)
      let (pictures, sounds) = (agent.video.current.captured, agent.audio.current.captured)
      try await until("units of both, \(row)") {
        agent.video.current.captured > pictures + 2 && agent.audio.current.captured > sounds + 10
      }
      let full = Clocks.unixMicroseconds()
      try await Task.sleep(for: .microseconds(fill))
      return full
    }

    /// Records a clip.
    /// - Returns: Unix µs of the first thing in it, as its owner opens it.
    private static func clip(_ stage: Stage, _ row: String) async throws -> UInt64 {
      let board = Board(folder: stage.agent.folder)
      let folder = "\(stage.agent.folder)/spool/clips"
      let before = try files(folder)
      try await until("the recorder takes the wish, \(row)") { (try? await board.ask(.record(seconds: length))) != nil }
      var found: String?
      try await until("a clip, \(row)") {
        // It ends when recording is withdrawn; what it holds until then is what counts.
        let fresh = try files(folder).subtracting(before)
        guard let name = fresh.first, let items = try? Items(path: "\(folder)/\(name)") else { return false }
        let media = items.objects.filter { $0.header.flags.isDisjoint(with: [.initialization, .endOfSegment]) }
        guard media.count >= 6 else { return false }
        found = "\(folder)/\(name)"
        return true
      }
      var first = UInt64.max
      let copy = stage.path("clip-\(Clocks.unixMicroseconds())")
      try FileManager.default.copyItem(atPath: try #require(found), toPath: copy)
      _ = try KeptFile(path: copy).verify(with: stage.owner) { media in
        guard media.content == .chunk else { return }
        first = min(first, media.captureTime)
      }
      return first
    }

    private static func files(_ folder: String) throws -> Set<String> {
      Set(try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".open") })
    }
  }
}
