internal import PumpkiiCapture

/// An open ``FakeCamera``.
///
/// `@unchecked Sendable`: the capture protocol has everything but ``interrupt()`` called from one thread.
final class FakeCameraSession: CameraSession, @unchecked Sendable {
  let format: VideoFormat
  private let camera: FakeCamera
  private let stream: UnitStream
  private let source: any FrameSource
  private let script: FaultScript
  private let origin: UInt64
  private var prepared: (number: UInt64, bytes: [UInt8]?)?
  private var closedWith: UInt64?

  init(_ camera: FakeCamera, opening: Int, at now: UInt64) throws(CaptureError) {
    let profile = camera.profile
    let device = camera.device
    self.camera = camera
    format = camera.plan.format
    script = FaultScript(profile.faults, opening: opening, seed: device.seed)
    let random = SeededRandom(seed: device.seed, stream: UInt64(opening) << 8 | 1)
    let pace = Pace(
      first: now + profile.start, nominalPeriod: 1e9 / format.rate.value, quality: profile.clock, random: random)
    stream = UnitStream(
      name: profile.name, queue: UnitQueue(pace: pace, capacity: profile.buffers), clock: device.clock,
      plug: device.plug, script: script, frozenAfter: profile.frozenAfter)
    try stream.begin(at: now)
    origin = device.time.join(at: now)
    do throws(CaptureError) {
      source = try camera.plan.open(at: max(now + profile.start, origin) - origin)
    } catch {
      _ = stream.close()
      device.time.leave()
      throw error
    }
  }

  func next(timeout: Duration) throws(CaptureError) -> CapturedFrame? {
    let deadline = stream.deadline(timeout)
    while true {
      let unit = try stream.next(until: deadline) { (number) throws(CaptureError) in
        if prepared?.number != number { prepared = (number, try coded(number)) }
      }
      guard let unit else { return nil }
      let bytes = prepared?.number == unit ? prepared?.bytes : try coded(unit)
      prepared = nil
      // Nil: the camera's own encoder left the picture out, so that its number is missing.
      if let bytes {
        return CapturedFrame(
          sequence: UInt32(truncatingIfNeeded: unit), timestamp: stream.queue.pace.due(unit), bytes: bytes)
      }
    }
  }

  /// Filled in by the stream.
  var counters: CaptureCounters { CaptureCounters() }

  func interrupt() { stream.interrupt() }

  func close() -> UInt64 {
    if let closedWith { return closedWith }
    let made = stream.close() ?? 0
    closedWith = made
    camera.closed(at: camera.device.clock.now())
    return made
  }

  private func coded(_ number: UInt64) throws(CaptureError) -> [UInt8]? {
    guard let bytes = try source.frame(number, marks: mark) else { return nil }
    return script.faults(of: number).reduce(bytes) { FrameDamage.apply($1, to: $0) }
  }

  private func mark(_ number: UInt64) -> FrameMark {
    FrameMark(
      number: UInt32(truncatingIfNeeded: number),
      milliseconds: UInt32(truncatingIfNeeded: (max(stream.queue.pace.due(number), origin) - origin) / 1_000_000))
  }
}

/// What faults do to a frame's bytes.
enum FrameDamage {
  static func apply(_ fault: Fault.Kind, to bytes: [UInt8]) -> [UInt8] {
    switch fault {
    case .truncate: return Array(bytes.prefix(bytes.count * 3 / 5))
    case .empty: return []
    case .junk:
      let noise = SeededRandom(seed: UInt64(bytes.count), stream: 3)
      return bytes.indices.map { UInt8(truncatingIfNeeded: noise.bits(UInt64($0))) }
    case .noHuffman: return withoutTables(bytes)
    default: return bytes
    }
  }

  /// The JPEG without the DHT segments of its head.
  private static func withoutTables(_ bytes: [UInt8]) -> [UInt8] {
    var kept = Array(bytes.prefix(2))
    var at = 2
    while at + 4 <= bytes.count, bytes[at] == 0xFF, bytes[at + 1] != 0xDA {
      let end = at + 2 + (Int(bytes[at + 2]) << 8 | Int(bytes[at + 3]))
      guard end <= bytes.count else { break }
      if bytes[at + 1] != 0xC4 { kept += bytes[at..<end] }
      at = end
    }
    return kept + bytes[at...]
  }
}
