internal import PumpkiiCapture
internal import Synchronization

/// An open ``FakeCamera``.
///
/// `@unchecked Sendable`: the capture protocol has everything but ``interrupt()`` and ``counters`` called from one
/// thread.
final class FakeCameraSession: CameraSession, @unchecked Sendable {
  /// Streaming stops so long for a photo of another size, in ns.
  static let stillTime: UInt64 = 400_000_000
  let format: VideoFormat
  private let camera: FakeCamera
  private let stream: UnitStream
  private let source: any FrameSource
  private let observer: SensorObserver
  private let script: FaultScript
  private var isShut = false
  private var prepared: (number: UInt64, bytes: [UInt8]?)?
  private var closedWith: UInt64?

  init(
    _ camera: FakeCamera, opening: Int, at now: UInt64, observer: @escaping SensorObserver
  ) throws(CaptureError) {
    let profile = camera.profile
    let device = camera.slot.device
    self.camera = camera
    self.observer = observer
    format = camera.plan.format
    let script = FaultScript(profile.faults, opening: opening, seed: device.seed)
    let period = 1e9 / format.rate.value
    let pace = Pace(
      first: now + profile.start, nominalPeriod: period, quality: profile.clock,
      random: SeededRandom(seed: device.seed, stream: UInt64(opening) << 8 | 1),
      tempo: script.tempo(period: period, start: profile.start))
    self.script = script
    let stream = try UnitStream(
      UnitStream.Parts(
        name: profile.name, queue: UnitQueue(pace: pace, capacity: profile.buffers), device: device, script: script,
        frozenAfter: profile.frozenAfter, opened: now))
    self.stream = stream
    do throws(CaptureError) {
      source = try camera.plan.open(at: max(now + profile.start, stream.origin) - stream.origin)
    } catch {
      _ = stream.close()
      throw error
    }
    isShut = mark(0).isShut
    if profile.hasShutter { observer(.shutter(isClosed: isShut)) }
  }

  var counters: CaptureCounters { stream.counters }

  func next(timeout: Duration) throws(CaptureError) -> CapturedFrame? {
    let deadline = stream.deadline(timeout)
    while true {
      let unit = try stream.next(
        until: deadline,
        prepare: { (number) throws(CaptureError) in
          if prepared?.number != number { prepared = (number, try coded(number, stream.faults(of: number))) }
        }, notice: notice)
      guard let unit else { return nil }
      let bytes = prepared?.number == unit.number ? prepared?.bytes : try coded(unit.number, unit.faults)
      prepared = nil
      guard let bytes else {
        // The camera's own encoder left the picture out, so that its number is missing.
        stream.lose(.gap)
        continue
      }
      stream.delivered()
      return CapturedFrame(
        sequence: UInt32(truncatingIfNeeded: unit.number),
        timestamp: ClockJump.apply(unit.faults, to: stream.queue.pace.due(unit.number)), bytes: bytes)
    }
  }

  func takeStill() throws(CaptureError) -> CapturedStill? {
    guard closedWith == nil, let mode = camera.plan.largestStill else { return nil }
    let number = stream.queue.next
    try stream.pause(Self.stillTime, as: .still)
    let instant = camera.slot.device.clock.now()
    let mark = self.mark(number, at: instant)
    guard let bytes = try camera.plan.open(mode: mode, at: 0).frame(number, marks: { _ in mark }) else { return nil }
    return CapturedStill(
      format: mode.videoFormat,
      frame: CapturedFrame(sequence: UInt32(truncatingIfNeeded: number), timestamp: instant, bytes: bytes))
  }

  func interrupt() { stream.interrupt() }

  func close() -> UInt64 {
    if let closedWith { return closedWith }
    let (script, origin, period) = (script, stream.origin, 1e9 / format.rate.value)
    camera.shutterAfter.withLock { shutter in
      shutter = { now in
        let number = UInt64(Double(max(now, origin) - origin) / period)
        return script.actions(of: number, at: max(now, origin) - origin).contains { $0.kind == .shutter }
      }
    }
    let made = stream.close() ?? 0
    closedWith = made
    camera.slot.closed()
    return made
  }

  private func notice(_ unit: UnitStream.Unit) {
    let shut = isShut(unit.faults)
    if shut != isShut {
      isShut = shut
      observer(.shutter(isClosed: shut))
    }
    if let stall = unit.faults.first(where: { $0.kind == .controlStall }) { camera.slot.fallMute(for: stall.length) }
  }

  private func isShut(_ faults: [Fault]) -> Bool {
    camera.isShut || faults.contains { $0.kind == .shutter }
  }

  private func coded(_ number: UInt64, _ faults: [Fault]) throws(CaptureError) -> [UInt8]? {
    // What is lost needs no picture.
    if faults.contains(where: { $0.kind.loss != nil }) { return [] }
    guard let bytes = try source.frame(number, marks: { mark($0) }) else { return nil }
    return faults.reduce(bytes) { FrameDamage.apply($1.kind, to: $0) }
  }

  private func mark(_ number: UInt64) -> FrameMark { mark(number, at: stream.queue.pace.due(number)) }

  private func mark(_ number: UInt64, at instant: UInt64) -> FrameMark {
    let origin = stream.origin
    return FrameMark(
      number: UInt32(truncatingIfNeeded: number),
      milliseconds: UInt32(truncatingIfNeeded: (max(instant, origin) - origin) / 1_000_000),
      isShut: isShut(stream.faults(of: number)))
  }
}
