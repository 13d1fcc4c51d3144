internal import CPumpkiiALSA
package import PumpkiiCapture

/// An open ``ALSAMicrophone`` of which nothing but the level leaves: samples are in one buffer, which is wiped after
/// each period that was looked at and at the end.
///
/// `@unchecked Sendable` as ``ALSASession``.
@safe package final class ALSALevelSession: LevelSession, @unchecked Sendable {
  private let shape: PCMShape
  private let engine: PCMEngine
  private let waker: Waker
  private let box: CounterBox
  /// As the device gives it, and as 16-bit samples behind that.
  private let raw: UnsafeMutableRawBufferPointer
  private let samples: UnsafeMutableBufferPointer<Int16>
  private var meter: LevelMeter
  /// Levels that one period completed beyond the first.
  private var ready: [SoundLevel] = []
  private var closedWith: UInt64?

  init(_ engine: PCMEngine, waker: Waker, counters: CounterBox) {
    self.engine = engine
    self.waker = waker
    box = counters
    shape = engine.port.shape
    meter = LevelMeter(rate: shape.rate, channels: shape.used)
    let size = shape.isDirect ? 0 : shape.period * shape.frameBytes
    unsafe raw = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
    unsafe samples = UnsafeMutableBufferPointer<Int16>.allocate(capacity: shape.period * shape.used)
    unsafe samples.initialize(repeating: 0)
  }

  deinit {
    close()
    unsafe raw.deallocate()
    unsafe samples.deallocate()
  }

  /// What was delivered and lost.
  package var counters: CaptureCounters { box.value }

  /// Makes a waiting ``next(timeout:)`` return.
  package func interrupt() { waker.wake() }

  /// True where no sample is left in memory of ours.
  package var isWiped: Bool {
    unsafe raw.allSatisfy { $0 == 0 } && samples.allSatisfy { $0 == 0 }
  }

  /// Waits for the level of the next 100 ms.
  /// - Throws: ``CaptureError``.
  package func next(timeout: Duration) throws(CaptureError) -> SoundLevel? {
    let clock = ContinuousClock()
    let deadline = clock.now + timeout
    while ready.isEmpty {
      let left = clock.now.duration(to: deadline)
      var isZero = true
      var frames = 0
      let period = try engine.next(timeout: max(left, .zero)) { port, most in
        frames = read(port, most)
        isZero = unsafe samples[..<(max(0, frames) * shape.used)].allSatisfy { $0 == 0 }
        return frames
      }
      guard let period else { return nil }
      if period.followsLoss { meter.restart() }
      unsafe meter.add(
        UnsafeBufferPointer(rebasing: samples[..<(period.frames * shape.used)]), at: period.timestamp
      ) { ready.append($0) }
      wipe()
      engine.heard(isZero: isZero, frames: period.frames)
    }
    return ready.removeFirst()
  }

  private func read(_ port: any PCMPort, _ frames: Int) -> Int {
    guard let target = unsafe samples.baseAddress else { return 0 }
    if shape.isDirect { return unsafe port.read(UnsafeMutableRawPointer(target), frames: frames) }
    guard let source = unsafe raw.baseAddress else { return 0 }
    let result = unsafe port.read(source, frames: frames)
    if result > 0 {
      _ = unsafe SampleConverter.convert(UnsafeRawBufferPointer(raw), shape: shape, frames: result, into: samples)
    }
    return result
  }

  private func wipe() {
    if let base = unsafe raw.baseAddress { unsafe pk_sound_wipe(base, raw.count) }
    if let base = unsafe samples.baseAddress {
      unsafe pk_sound_wipe(base, samples.count * MemoryLayout<Int16>.stride)
    }
  }

  /// Stops and closes the device.
  @discardableResult
  package func close() -> UInt64 {
    if let closedWith { return closedWith }
    let made = engine.close()
    closedWith = made
    meter.restart()
    wipe()
    return made
  }
}
