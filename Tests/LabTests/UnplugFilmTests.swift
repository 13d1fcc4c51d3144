import PumpkiiAgent
import PumpkiiClient
import PumpkiiMedia
import PumpkiiSimulation
import Testing

/// What is left after the cable was pulled in the middle of a film.
@Suite(.serialized, .inTheLab, .timeLimit(.minutes(5))) struct UnplugFilmTests {
  init() async throws { try await Webcam.loadDrivers() }

  @Test(
    "a camera is unplugged and plugged in again: the agent goes on, and the delivered film plays through with the gap marked"
  )
  func theFilmPlaysThrough() async throws {
    let webcam = try Webcam { $0.microphone = nil }
    try await webcam.plugged { device, _ in
      var plan = Household.Plan(camera: Webcam.modestCamera(device))
      // H.264, as a player gets it.
      plan.configuration.video.mode = .h264
      try await Household.with(plan) { household in
        let viewer = try household.watch()
        try await viewer.wait(for: 15, more: .video)
        webcam.device.perform(Fault(.unplug, at: 0, backAfter: 2_000_000_000))
        try await household.log.wait(for: "camera closed")
        try await household.log.wait(for: "camera opened", times: 2)
        try await viewer.wait(for: 15, more: .video)
        let record = await viewer.stop()
        #expect(record.refusals == [])
        try await check(record)
      } after: { household in
        let ledger = try household.ledger
        // An opening may come too early, while the kernel still makes the node.
        #expect(ledger.closings("camera").count >= 2, "\(ledger.closings("camera"))")
        try Accounts.expectBalanced(household, "video")
      }
    }
    Balance().expectNoDeviceLeft()
  }

  /// The gap is marked three times: the segment before it ends, a new one with a random access point begins after it, and
  /// the times of capture, which the film keeps, step by as much as was missed.
  private func check(_ record: Viewer.Record) async throws {
    let chunks = record.chunks(.video)
    let steps = zip(chunks, chunks.dropFirst()).map { (before: $0, after: $1, gap: $1.captureTime - $0.captureTime) }
    // A machine that stands still makes a step, too, but no new segment.
    let step = try #require(steps.filter { $0.before.segment != $0.after.segment }.max { $0.gap < $1.gap })
    let largest = steps.map(\.gap).max() ?? 0
    #expect(step.gap > 1_500_000, "\(step.gap) µs")
    #expect(step.after.isRandomAccess && step.after.index <= 1)
    #expect(record.opened.contains { $0.segment == step.before.segment && $0.content == .segmentEnd })

    let path = "\(Lab.kept)/unplugged.mp4"
    var writer = try MovieWriter(path: path, classes: [.video])
    for event in record.events {
      switch event {
      case .epoch(_, let classes): try writer.expect(classes)
      case .opened(let media): try writer.take(media)
      default: break
      }
    }
    try writer.finish()
    #expect(
      try await Shell.run("ffmpeg -nostdin -v error -xerror -threads 1 -i \(path) -f null -") == "",
      "ffmpeg has no complaint")
    let times = try await Shell.run(
      "ffprobe -v error -select_streams v:0 -show_entries packet=pts_time -of csv=p=0 \(path)"
    )
    .split(separator: "\n").compactMap { Double($0.split(separator: ",")[0]) }.sorted()
    #expect(times.count == chunks.count)
    let shown = zip(times, times.dropFirst()).map { $1 - $0 }.max() ?? 0
    #expect(abs(shown - Double(largest) / 1e6) < 0.1, "the film's largest step is \(shown) s, the gap \(largest) µs")
  }
}
