import Foundation
import Glibc
import PumpkiiCapture
import PumpkiiSimulation
import PumpkiiV4L2
import Testing

/// Cameras that come and go.
@Suite(.serialized, .inTheLab, .timeLimit(.minutes(5))) struct ReplugTests {
  init() async throws { try await Webcam.loadDrivers() }

  private func camera(_ device: V4L2Device) -> V4L2Camera {
    V4L2Camera(device, wish: CameraWish(width: 320, height: 240, rate: 15, pixels: .mjpeg))
  }

  /// KiB a round. The smallest thing worth a leak is one picture, and one of 640×480 has 20 at least; 4 were measured, of
  /// caches that fill ever more slowly.
  private static let mostGrowth = 10.0

  @Test("fifty times unplugged in the middle of a stream: descriptors and memory are in balance")
  func fiftyUnplugs() async throws {
    // The first rounds fill caches that stay.
    for _ in 0..<15 { try await unplugOnce() }
    var before = Balance()
    for _ in 0..<5 {
      try await unplugOnce()
      before = .least(before, Balance())
    }
    var memory = Trend()
    for _ in 0..<30 {
      try await unplugOnce()
      memory.add(try Heap.kibibytes())
    }
    before.expectNoDeviceLeft()
    try await before.expectNoMoreDescriptors()
    let said = "KiB in use after each round: \(memory.readings), \(memory.slope) more a round"
    try said.write(toFile: "\(Lab.kept)/unplugs.txt", atomically: false, encoding: .utf8)
    #expect(memory.slope < Self.mostGrowth, "\(said)")
  }

  @Test("one picture of 20 KiB that is lost each round would be seen among memory that comes and goes")
  func aLeakIsSeen() throws {
    var (leaking, balanced) = (Trend(), Trend())
    var (kept, others): ([[UInt8]], [[UInt8]]) = ([], [])
    for round in 0..<50 {
      kept.append([UInt8](repeating: 1, count: 20 * 1024))
      // What stays now and then, in steps far larger than the leak.
      if round % 7 == 0 { others.append([UInt8](repeating: 2, count: 300 * 1024)) }
      if round % 7 == 5 { others.removeAll() }
      leaking.add(try Heap.kibibytes())
    }
    for _ in 0..<50 {
      kept[0] = [UInt8](repeating: 3, count: 640 * 480)
      balanced.add(try Heap.kibibytes())
    }
    #expect(leaking.slope > Self.mostGrowth, "\(leaking.readings)")
    #expect(balanced.slope < Self.mostGrowth, "\(balanced.readings)")
    #expect(kept.count == 50 && others.count < 50)
  }

  private func unplugOnce() async throws {
    let webcam = try Webcam { $0.microphone = nil }
    try await webcam.plugged { device, _ in
      let recording = Recording(camera(device))
      try await recording.wait(frames: 2)
      webcam.device.perform(Fault(.unplug, at: 0))
      let state = try await recording.end()
      #expect(state.error?.code == .gone, "\(state.error.map { "\($0)" } ?? "no error")")
      #expect(state.unaccounted == 0, "\(state.counters), made \(state.made ?? 0)")
    }
  }

  @Test("checklist 3: a camera that comes back under another number is found again by what it is")
  func renumbering() async throws {
    let webcam = try Webcam()
    try await webcam.plugged { device, arrivals in
      let old = device.path
      // An open descriptor beside the camera's own pins the number.
      let pinned = unsafe open(old, O_RDWR | O_NONBLOCK | O_CLOEXEC)
      #expect(pinned >= 0)
      defer { close(pinned) }
      let recording = Recording(camera(device))
      try await recording.wait(frames: 3)
      webcam.device.perform(Fault(.unplug, at: 0, backAfter: 300_000_000))
      _ = try await recording.end()
      let again = try await arrivals.wait(for: "the camera under another number") { () -> V4L2Device? in
        V4L2Directory().find(device.identity.id).flatMap { $0.path != old && $0.access == .open ? $0 : nil }
      }
      #expect(again.path != old)
      let second = Recording(camera(device))
      try await second.wait(frames: 3)
      #expect(await second.stop().error == nil)
    }
  }

  @Test("another camera in the same port is not taken for the one that was chosen") func aStranger() async throws {
    let chosen = try Webcam(serial: "MINE")
    nonisolated(unsafe) var device: V4L2Device?
    try await chosen.plugged { found, _ in unsafe device = found }
    let mine = try #require(unsafe device)
    let stranger = try Webcam(serial: "THEIRS")
    try await stranger.plugged { other, _ in
      #expect(other.identity.id != mine.identity.id)
      let recording = Recording(camera(mine))
      let state = try await recording.end()
      #expect([.gone, .stranger].contains(state.error?.code), "\(state.error.map { "\($0)" } ?? "it opened")")
      #expect(stranger.framesSent == 0)
    }
  }
}
