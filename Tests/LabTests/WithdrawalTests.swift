import Foundation
import PumpkiiALSA
import PumpkiiAgent
import PumpkiiCapture
import PumpkiiClient
import PumpkiiMedia
import PumpkiiV4L2
import Testing

/// "Off" on real drivers, from the descriptor to the guest's screen. An emulated machine is no place for a stopwatch:
/// order and counts are judged, and what was measured is kept for people.
@Suite(.serialized, .inTheLab, .timeLimit(.minutes(5))) struct WithdrawalTests {
  init() async throws { try await Webcam.loadDrivers() }

  @Test("what is withdrawn ends: at most one object after it, the descriptor closed, the guest cut")
  func whatIsWithdrawnEnds() async throws {
    let webcam = try Webcam()
    try await webcam.plugged { device, arrivals in
      let microphone = try await arrivals.microphone("LAB0001")
      var plan = Household.Plan(
        camera: Webcam.modestCamera(device),
        microphone: ALSAMicrophone(microphone, wish: MicrophoneWish(sampleRate: 16_000)))
      plan.configuration.video.mode = .mjpeg
      plan.configuration.linger = 0
      try await Household.with(plan) { household in
        try await household.withGuest { try await Self.all(household, $0) }
      } after: { household in
        try Accounts.expectBalanced(household, "video")
        try Accounts.expectBalanced(household, "audio")
      }
      Balance().expectNoDeviceLeft()
    }
  }

  private static func all(_ household: Household, _ guest: Account) async throws {
    #expect(try await Withdrawal.right.restore(household.camera, to: guest))
    var readings: [String] = []
    for withdrawal in Withdrawal.allCases {
      let viewer = Viewer(try await guest.camera(household.camera.device).watch(classes: [.video, .audio]))
      try await viewer.wait(for: "picture and sound before \(withdrawal.rawValue)", isLively)
      readings.append(try await row(household, guest, viewer, withdrawal))
      #expect(try await withdrawal.restore(household.camera, to: guest))
      if withdrawal == .right { continue }
      for kind in withdrawal.kinds { try await viewer.wait(for: 5, more: kind) }
      await viewer.stop()
    }
    try (readings.joined(separator: "\n") + "\n").write(
      toFile: "\(Lab.kept)/readings", atomically: false, encoding: .utf8)
  }

  @Sendable private static func isLively(_ record: Viewer.Record) -> Bool {
    record.chunks(.video).count >= 10 && record.chunks(.audio).count >= 5
  }

  private static func row(
    _ household: Household, _ guest: Account, _ viewer: Viewer, _ withdrawal: Withdrawal
  ) async throws -> String {
    let name = withdrawal.rawValue
    for sensor in withdrawal.sensors { #expect(!Balance.open(under: sensor.folder).isEmpty, "\(name)") }
    let closings = withdrawal.sensors.map { sensor in
      household.log.all.count { $0.contains("\(sensor.name) closed") }
    }
    let epoch = (viewer.now.opened.map(\.segment).max() ?? 0) >> 32
    #expect(try await withdrawal.withdraw(household.camera, from: guest), "\(name)")
    for (sensor, count) in zip(withdrawal.sensors, closings) {
      try await household.log.wait(for: "\(sensor.name) closed", times: count + 1)
      await Balance.expectNoneOpen(under: sensor.folder, "\(sensor.name) is still open: \(name)")
    }
    try await cut(viewer, withdrawal)
    return try reading(household, viewer.now, withdrawal, epoch)
  }

  /// Waits until the viewer knows, and sees that nothing more comes while the other path goes on.
  private static func cut(_ viewer: Viewer, _ withdrawal: Withdrawal) async throws {
    guard let witness = withdrawal.witness else {
      let end = try await viewer.wait(for: "the end of the right") { $0.end != nil }.end
      #expect(end == ClientError(.cut, ""))
      return
    }
    try await viewer.wait(for: "off by policy") { record in
      let state = record.events.reduce(nil as CameraState?) { if case .state(let state) = $1 { state } else { $0 } }
      return (withdrawal == .microphone ? state?.sound : state?.picture) == .offByPolicy
    }
    // What was on its way may be held there for as long as five others go by; what goes on never comes to an end.
    let counts = { withdrawal.kinds.map { viewer.now.chunks($0).count } }
    for _ in 0..<5 {
      let before = counts()
      try await viewer.wait(for: 5, more: witness)
      if counts() == before { return }
    }
    Issue.record("it goes on: \(withdrawal.rawValue)")
  }

  /// Judges what ledger and viewer saw since the device had accepted the withdrawal.
  /// - Returns: what it took, for people.
  private static func reading(
    _ household: Household, _ seen: Viewer.Record, _ withdrawal: Withdrawal, _ epoch: UInt64
  ) throws -> String {
    let (ledger, name) = (try household.ledger, withdrawal.rawValue)
    let accepted = try #require(ledger.acceptance(of: withdrawal.flag), "\(name)")
    for kind in withdrawal.kinds {
      let sealed = ledger.sealed(kind.rawValue, after: accepted, upTo: epoch)
      #expect(sealed.count <= 1, "\(kind.rawValue) sealed after \(name) was withdrawn: \(sealed)")
      let newer = seen.chunks(kind).count { Int($0.captureTime) > accepted }
      #expect(newer <= 1, "\(newer) objects of \(kind.rawValue) newer than the withdrawal of \(name)")
    }
    let closed = withdrawal.sensors.map { ledger.closing(of: $0.name, after: accepted) }
    // Where the relay cut the only viewer before the camera heard of it, nobody watched any more when it did.
    if withdrawal != .right { #expect(!closed.contains(nil), "\(name): no closing in the ledger after the acceptance") }
    let last = withdrawal.kinds.flatMap { seen.chunks($0) }.map { Int($0.openedAt) }.max() ?? 0
    let closing = closed.compactMap { $0 }.max().map { "\(milliseconds($0, since: accepted)) ms" } ?? "before"
    let cut = seen.endedAt.map { ", line cut \(milliseconds(Int($0), since: accepted)) ms" } ?? ""
    return "\(name) withdrawn, in the emulated machine: descriptor closed \(closing), viewer's last object "
      + "\(milliseconds(last, since: accepted)) ms\(cut)"
  }

  private static func milliseconds(_ time: Int, since accepted: Int) -> String {
    String(format: "%.1f", Double(max(0, time - accepted)) / 1000)
  }
}
