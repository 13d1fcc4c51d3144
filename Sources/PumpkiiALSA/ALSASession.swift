internal import CPumpkiiALSA
package import PumpkiiCapture

/// An open ``ALSAMicrophone``.
///
/// `@unchecked Sendable`: the capture protocol has everything but ``interrupt()`` and ``counters`` called from one
/// thread; those two touch the waker and a box with a lock.
@safe package final class ALSASession: MicrophoneSession, @unchecked Sendable {
  /// What the device answered.
  package let format: AudioFormat
  /// The same in full.
  package let shape: PCMShape
  private let engine: PCMEngine
  private let waker: Waker
  private let box: CounterBox
  /// What the device gives, where that needs conversion; empty otherwise.
  private let raw: UnsafeMutableRawBufferPointer
  private var closedWith: UInt64?

  init(_ engine: PCMEngine, waker: Waker, counters: CounterBox) {
    self.engine = engine
    self.waker = waker
    box = counters
    shape = engine.port.shape
    format = shape.audio
    let size = shape.isDirect ? 0 : shape.period * shape.frameBytes
    unsafe raw = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
  }

  deinit {
    close()
    unsafe raw.deallocate()
  }

  /// What was delivered and lost.
  package var counters: CaptureCounters { box.value }

  /// Makes a waiting ``next(timeout:)`` return.
  package func interrupt() { waker.wake() }

  /// Waits for the next period.
  /// - Throws: ``CaptureError``.
  package func next(timeout: Duration) throws(CaptureError) -> CapturedAudio? {
    var samples: [Int16] = []
    let period = try engine.next(timeout: timeout) { port, frames in
      var result = 0
      // The period's own memory, and the only allocation.
      samples = unsafe [Int16](unsafeUninitializedCapacity: frames * shape.used) { target, count in
        result = unsafe read(port, frames, target)
        count = max(0, result) * shape.used
      }
      return result
    }
    guard let period else { return nil }
    engine.heard(isZero: samples.allSatisfy { $0 == 0 }, frames: period.frames)
    return CapturedAudio(position: period.position, timestamp: period.timestamp, samples: samples)
  }

  private func read(_ port: any PCMPort, _ frames: Int, _ target: UnsafeMutableBufferPointer<Int16>) -> Int {
    guard let base = target.baseAddress else { return 0 }
    if shape.isDirect { return unsafe port.read(UnsafeMutableRawPointer(base), frames: frames) }
    guard let source = unsafe raw.baseAddress else { return 0 }
    let result = unsafe port.read(source, frames: frames)
    if result > 0 {
      _ = unsafe SampleConverter.convert(UnsafeRawBufferPointer(raw), shape: shape, frames: result, into: target)
    }
    return result
  }

  /// Stops and closes the device.
  @discardableResult
  package func close() -> UInt64 {
    if let closedWith { return closedWith }
    let made = engine.close()
    closedWith = made
    if let base = unsafe raw.baseAddress { unsafe pk_sound_wipe(base, raw.count) }
    return made
  }
}
