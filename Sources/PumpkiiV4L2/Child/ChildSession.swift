internal import Glibc
internal import PumpkiiCapture
internal import Synchronization

/// An open ``ChildCamera``.
///
/// `@unchecked Sendable`: the capture protocol has everything but ``interrupt()`` and ``counters`` called from one thread;
/// these two touch nothing but what locks itself.
final class ChildSession: CameraSession, @unchecked Sendable {
  private(set) var format: VideoFormat
  private let process: ChildProcess
  private let name: String
  private let limits: ChildLimits
  private let kernel: any DeviceKernel
  private let frozenAfter: UInt64
  private let waker: Mutex<Int32>
  private let tally = Mutex(CaptureCounters())

  private var splitter: AccessUnitSplitter
  private var words = LineTail()
  private var ready: ArraySlice<AccessUnitSplitter.Unit> = []
  /// Units so far, those included that were lost.
  private var made: UInt64 = 0
  private var lastHeard: UInt64
  private var hasEnded = false
  private var closedWith: UInt64?

  /// - Throws: ``CaptureError``; the process is ended then.
  init(
    _ process: ChildProcess, name: String, wish: CameraWish, limits: ChildLimits, kernel: any DeviceKernel
  ) throws(CaptureError) {
    self.process = process
    self.name = name
    self.limits = limits
    self.kernel = kernel
    format = VideoFormat(
      pixels: .h264, width: wish.width ?? 1280, height: wish.height ?? 720, rate: ChildProgram.rate(wish))
    frozenAfter = wish.frozenAfter ?? max(1_000_000_000, 5 * format.frameDuration)
    waker = Mutex(kernel.makeWaker())
    splitter = AccessUnitSplitter(limit: limits.unit)
    lastHeard = kernel.now()
    do throws(CaptureError) { try awaitParameters() } catch {
      close()
      throw error
    }
  }

  deinit { close() }

  var counters: CaptureCounters { tally.withLock { $0 } }

  func interrupt() { waker.withLock { if $0 >= 0 { kernel.wake($0) } } }

  func next(timeout: Duration) throws(CaptureError) -> CapturedFrame? {
    if let frame = takeReady() { return frame }
    let deadline = kernel.now() + Self.nanoseconds(timeout)
    while true {
      if hasEnded || closedWith != nil { throw failure() }
      // Looked at before it is judged: a reader that was away for long finds what waits in the pipe.
      guard wait(until: min(deadline, lastHeard + frozenAfter)) else { return nil }
      if let frame = takeReady() { return frame }
      let now = kernel.now()
      if !hasEnded, now >= lastHeard + frozenAfter { throw frozen() }
      if !hasEnded, now >= deadline { return nil }
    }
  }

  @discardableResult
  func close() -> UInt64 {
    if let closedWith { return closedWith }
    process.end(patience: limits.patience)
    waker.withLock { waker in
      if waker >= 0 { kernel.close(waker) }
      waker = -1
    }
    closedWith = made
    return made
  }

  /// The size is what the stream says, not what was asked for.
  private func awaitParameters() throws(CaptureError) {
    let deadline = kernel.now() + Self.nanoseconds(limits.start)
    while true {
      while let unit = ready.first {
        if unit.hasParameters, let found = SequenceParameters(unit: unit.bytes) {
          format.width = found.width
          format.height = found.height
          format.sampleAspect = found.sampleAspect
          format.fullRange = found.fullRange
          return
        }
        // Nothing can be decoded before the first parameter set.
        ready.removeFirst()
        lose(1)
      }
      if hasEnded { throw failure() }
      guard kernel.now() < deadline else {
        throw CaptureError(
          .frozen, "\(name) gave no picture",
          advice: "Start it by hand to see what it says: \(name) -t 5000 -n -o /dev/null")
      }
      _ = wait(until: deadline)
    }
  }

  /// Waits for anything and takes it in.
  /// - Returns: false after an interruption.
  private func wait(until deadline: UInt64) -> Bool {
    let waker = waker.withLock { $0 }
    var entries = [process.output, process.errors, waker].map { PollEntry($0, Int16(POLLIN)) }
    let now = kernel.now()
    let milliseconds = deadline > now ? (deadline - now + 999_999) / 1_000_000 : 0
    guard kernel.poll(&entries, timeout: Int32(clamping: milliseconds)) > 0 else { return true }
    if entries[1].happened != 0 { _ = read(process.errors) { words.push($0) } }
    if entries[0].happened != 0 { takeOutput() }
    guard entries[2].happened != 0 else { return true }
    kernel.rest(waker)
    return false
  }

  private func takeOutput() {
    let isOpen = read(process.output) { bytes in
      lastHeard = kernel.now()
      let before = splitter.dropped
      ready += splitter.push(bytes, at: lastHeard)
      lose(splitter.dropped - before)
    }
    guard !isOpen, !hasEnded else { return }
    hasEnded = true
    if let last = splitter.finish() { ready.append(last) }
  }

  /// Reads what there is, bounded, so that neither of the two pipes starves the other.
  /// - Returns: false at the end of the stream.
  private func read(_ descriptor: Int32, _ take: (ArraySlice<UInt8>) -> Void) -> Bool {
    var room = [UInt8](repeating: 0, count: 1 << 16)
    for _ in 0..<4 {
      let count = unsafe Glibc.read(descriptor, &room, room.count)
      if count > 0 { take(room[..<count]) }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return count < 0 && errno == EAGAIN }
    }
    return true
  }

  private func takeReady() -> CapturedFrame? {
    guard let unit = ready.popFirst() else { return nil }
    defer { made += 1 }
    tally.withLock { $0.delivered += 1 }
    return CapturedFrame(
      sequence: UInt32(truncatingIfNeeded: made), timestamp: unit.arrived, bytes: unit.bytes, isTimestampOurs: true)
  }

  private func lose(_ count: UInt64) {
    made += count
    tally.withLock { $0.lose(.damaged, count) }
  }

  /// What the end means; its last words may still be in the pipe.
  private func failure() -> CaptureError {
    if closedWith == nil {
      _ = read(process.errors) { words.push($0) }
      words.endLine()
    }
    return ChildFailure.error(name, process.end(patience: limits.patience), lines: words.lines)
  }

  private func frozen() -> CaptureError {
    let milliseconds = frozenAfter / 1_000_000
    return CaptureError(
      .frozen, "\(name) gave no picture for \(milliseconds) ms",
      advice: "Check the ribbon cable; the program is started anew.")
  }

  private static func nanoseconds(_ duration: Duration) -> UInt64 {
    let (seconds, attoseconds) = duration.components
    let clamped = UInt64(clamping: min(max(seconds, 0), 1 << 32))
    return clamped * 1_000_000_000 + UInt64(clamping: attoseconds / 1_000_000_000)
  }
}
