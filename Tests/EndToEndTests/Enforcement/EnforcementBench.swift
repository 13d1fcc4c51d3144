import Foundation
import PumpkiiAgent
import PumpkiiClient
import PumpkiiMedia
import PumpkiiPolicy
import PumpkiiRelay
import PumpkiiSimulation
import PumpkiiSystem
import PumpkiiWire
import Synchronization
import Testing

/// A camera of which everything is used at once: a guest watches, it records, uploads, takes photos and shows a preview.
final class EnforcementBench: Sendable {
  static let flags: [Flag] = [
    .sensorCamera, .sensorMicrophone, .shareVideo, .shareAudio, .sharePhoto, .recordLocal, .recordCloud,
  ]
  /// What is looked at here.
  static let effects: Set<Effect> = [
    .camera, .microphone, .video, .audio, .photo, .videoKey, .audioKey, .photoKey, .recordedVideo, .recordedAudio,
    .clips,
    .preview,
  ]

  let stage: Stage
  let hands: Hands
  private let guest: Eyes
  private let spool: SpoolReader

  private init(_ stage: Stage, _ killSwitch: HandSwitch) {
    self.stage = stage
    hands = Hands(stage: stage, killSwitch: killSwitch, shared: [.video, .audio, .photo])
    guest = Eyes { try await stage.guestWatches([.video, .audio, .photo]) }
    spool = SpoolReader(folder: "\(stage.agent.folder)/spool/clips")
  }

  static func with(_ body: (EnforcementBench) async throws -> Void) async throws {
    let killSwitch = HandSwitch()
    var plan = Stage.Plan()
    plan.killSwitch = { killSwitch.make() }
    plan.profile.camera?.hasShutter = true
    plan.allowed = Set(flags.map(\.rawValue))
    plan.relay = { $0.limits.authenticated = .init(burst: 1_000_000, perSecond: 1_000_000) }
    plan.configuration.video.mode = .mjpeg
    plan.configuration.record.mode = .continuous
    plan.configuration.record.maxClipSeconds = 0.5
    plan.configuration.photoInterval = 0.2
    plan.configuration.photoSize = .stream
    plan.configuration.trustsClock = true
    plan.configuration.preview.host = "127.0.0.1"
    try await Stage.with(plan) { stage in
      let bench = EnforcementBench(stage, killSwitch)
      do {
        try await body(bench)
      } catch {
        await bench.guest.close()
        throw error
      }
      await bench.guest.close()
    }
  }

  /// Waits until each effect shows, beyond what was there when this was called.
  func appears(_ effects: Set<Effect>, _ row: String) async throws {
    let before = try await counts(effects)
    for effect in effects.sorted(by: { $0.rawValue < $1.rawValue }) {
      try await until("\(effect.rawValue), \(row)") { [self] in
        await guest.open()
        guard let count = try await count(effect) else { return try await shows(effect) }
        return count > (before[effect] ?? 0) + 1
      }
    }
  }

  /// Waits until nothing more can be on its way, then sees that nothing comes while another path goes on.
  func vanishes(_ effects: Set<Effect>, _ row: String) async throws {
    for effect in effects {
      try await until("the end of \(effect.rawValue), \(row)") { [self] in
        if try await count(effect) != nil { return true }
        // An off picture, not an error.
        if effect == .preview { return try await preview() == .off }
        return try await !shows(effect)
      }
    }
    let witness = Self.witness(besides: effects)
    try await pass(witness, 2, row)
    let openings = (stage.agent.device.log.openings(of: .camera), stage.agent.device.log.openings(of: .microphone))
    try await expectNoMore(of: effects, beside: witness, row)
    let counted = try await counts(effects)
    for effect in effects where counted[effect] == nil {
      #expect(try await !shows(effect), "\(effect.rawValue), \(row)")
    }
    if effects.contains(.camera) { #expect(stage.agent.device.log.openings(of: .camera) == openings.0, "\(row)") }
    if effects.contains(.microphone) {
      #expect(stage.agent.device.log.openings(of: .microphone) == openings.1, "\(row)")
    }
  }

  /// What was on its way when it was denied may come yet, one of a kind: whoever carries it may be held for as long as the
  /// witness goes by. What goes on never comes to an end.
  private func expectNoMore(of effects: Set<Effect>, beside witness: Effect?, _ row: String) async throws {
    let first = try await counts(effects)
    var last = first
    try await until("the end of what is denied, \(row)") {
      let before = last
      try await pass(witness, 5, row)
      last = try await counts(effects)
      return last == before
    }
    let late = last.filter { $1 > (first[$0] ?? 0) + 1 }
    #expect(late.isEmpty, "\(late) after \(first), \(row)")
  }

  /// A path that goes on; nil where none does, and then time has to do.
  private static func witness(besides effects: Set<Effect>) -> Effect? {
    if effects.isSuperset(of: [.clips]), !effects.contains(.recordedVideo) { return .clips }
    return [.audio, .video, .recordedVideo, .recordedAudio].first { !effects.contains($0) }
  }

  /// Waits until `units` more went by on a path that is allowed.
  private func pass(_ witness: Effect?, _ units: Int, _ row: String) async throws {
    guard let witness else { return try await Task.sleep(for: .milliseconds(60 * units)) }
    let read: () async throws -> Int = { [self] in
      await guest.open()
      // Of uploads the witness are the clips that were ready for them.
      return witness == .clips ? spool.read().clips * 2 : try await count(witness) ?? 0
    }
    let before = try await read()
    try await until("\(witness.rawValue) beside it, \(row)") { try await read() >= before + units }
  }

  private func counts(_ effects: Set<Effect>) async throws -> [Effect: Int] {
    var counts: [Effect: Int] = [:]
    for effect in effects { counts[effect] = try await count(effect) }
    return counts
  }

  /// Of effects that come in units; nil for those that are there or not.
  private func count(_ effect: Effect) async throws -> Int? {
    switch effect {
    case .video: guest.count(.video)
    case .audio: guest.count(.audio)
    case .photo: guest.count(.photo)
    case .recordedVideo: spool.read().video
    case .recordedAudio: spool.read().audio
    case .clips: try await stage.camera.clips().clips.count
    default: nil
    }
  }

  private func shows(_ effect: Effect) async throws -> Bool {
    switch effect {
    case .camera: stage.agent.device.log.isOpen(.camera)
    case .microphone: stage.agent.device.log.isOpen(.microphone)
    case .videoKey: try await holds(.video)
    case .audioKey: try await holds(.audio)
    case .photoKey: try await holds(.photo)
    case .preview: try await preview() == .pattern
    default: false
    }
  }

  private func holds(_ kind: MediaKind) async throws -> Bool {
    try await stage.camera.keyHolders().contains { $0.account == stage.guest.id && $0.classes.contains(kind) }
  }

  /// What the local preview shows.
  private enum Shown {
    case pattern, off, nothing
  }

  private var previewAddress: String? {
    let line = stage.agent.log.all.last { $0.contains("info preview listen=") }
    return line?.split(separator: "listen=").last?.split(separator: " ").first.map(String.init)
  }

  /// Kinds of tracks in all that the preview streams.
  func previewTracks() async throws -> Set<String> {
    let address = try #require(previewAddress)
    var kinds: Set<String> = []
    for path in ["stream.mp4", "stream.mjpeg"] {
      let words =
        "-v error -analyzeduration 1000000 -show_entries stream=codec_type -of csv=p=0 http://\(address)/\(path)"
      let outcome = try await Tool.outcome("ffprobe", words.split(separator: " ").map(String.init))
      #expect(outcome.status == 0, "\(path)")
      kinds.formUnion(String(decoding: outcome.output, as: UTF8.self).split(separator: "\n").map(String.init))
    }
    return kinds
  }

  /// Reads the number that the camera burns into each picture; an off picture has none.
  private func preview() async throws -> Shown {
    guard let address = previewAddress else { return .nothing }
    let words = "-v error -nostdin -i http://\(address)/snapshot.jpg -pix_fmt gray -f rawvideo -"
    let outcome = try await Tool.outcome("ffmpeg", words.split(separator: " ").map(String.init))
    guard outcome.status == 0, !outcome.output.isEmpty else { return .nothing }
    // Before a camera was opened nobody knows the stream's size, and the off picture has one of its own.
    guard outcome.output.count == 320 * 240 else { return .off }
    return PatternReader(width: 320, height: 240).read(outcome.output) == nil ? .off : .pattern
  }
}
