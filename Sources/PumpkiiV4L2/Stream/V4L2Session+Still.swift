internal import Glibc
internal import PumpkiiCapture
internal import Synchronization

extension V4L2Session {
  /// The first frames after a switch are dark: so long, and so many, are left out.
  private static let settling: UInt64 = 500_000_000
  private static let settlingFrames = 2

  func takeStill() throws(CaptureError) -> CapturedStill? {
    enteredAt = kernel.now()
    returnLent()
    if case .dead(let error) = phase { throw error }
    guard case .streaming = phase, handle != nil, let choice = StillChoice.choose(offers, stream: format) else {
      return nil
    }
    collectRest(as: .still)
    absence = lastTime > 0 ? .still : nil
    stopStream()
    let still = shoot(choice)
    if still == nil { note("no picture of \(choice.offer) could be taken") }
    try restartAfterStill()
    leftAt = kernel.now()
    return still
  }

  /// One good picture; nil where the camera gives none, which the stream will tell more about.
  private func shoot(_ choice: FormatChoice) -> CapturedStill? {
    guard let handle,
      let stream = try? CameraStream(handle, type: type, choices: [choice], onlyPixels: nil, lends: false)
    else { return nil }
    defer { stream.stop() }
    var good = 0
    let end = stream.startedAt &+ Self.settling &+ 5_000_000_000
    while let happened = waitForStill(until: end), happened & Int16(POLLIN) != 0 {
      let result = stream.pool.dequeue()
      if result == -EAGAIN { continue }
      guard result >= 0, let index = stream.pool.taken.index else { return nil }
      defer { stream.pool.queue(index) }
      guard !stream.pool.taken.isDamaged, !isShort(index, stream) else { continue }
      good += 1
      guard good > Self.settlingFrames, kernel.now() >= stream.startedAt &+ Self.settling else { continue }
      return picture(index, stream)
    }
    return nil
  }

  private func picture(_ index: Int, _ stream: CameraStream) -> CapturedStill? {
    let taken = stream.pool.taken
    let stamp = FrameTime.judge(
      seconds: taken.seconds, microseconds: taken.microseconds, flags: taken.flags, now: kernel.now(),
      since: stream.startedAt, last: lastTime)
    guard let bytes = copy(index, stream) else { return nil }
    let unit = ledger.withLock { UInt32(truncatingIfNeeded: $0.made) }
    return CapturedStill(
      format: stream.layout.format,
      frame: CapturedFrame(
        sequence: unit, timestamp: stamp.nanoseconds, bytes: bytes, isTimestampOurs: stamp.isOurs))
  }

  /// - Returns: what poll says of the camera; nil at the end, or after an interruption, which is left for `next`.
  private func waitForStill(until end: UInt64) -> Int16? {
    while true {
      let now = kernel.now()
      guard now < end, kernel.poll(&entries, timeout: Self.milliseconds(end - now)) > 0,
        entries[1].happened == 0
      else { return nil }
      guard entries[0].happened == Int16(POLLPRI) else { return entries[0].happened }
      // Left alone an event would end every wait at once.
      _ = hearEvents()
    }
  }
}
