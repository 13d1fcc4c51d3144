internal import Glibc
internal import PumpkiiCapture
internal import Synchronization

extension V4L2Session {
  /// What one look at the camera gave.
  enum Look {
    case frame(CapturedFrame)
    case again
    case over
  }

  /// A good frame in one of the driver's buffers.
  private struct Held {
    let index: Int
    let unit: UInt32
    let time: UInt64
    let isOurs: Bool
  }

  private enum Taken {
    case good(Held)
    case bad
  }

  /// Longest silence of a healthy camera: exposure in the dark halves the rate, and some take seconds to begin.
  private var patience: UInt64 {
    // Whatever was wished for, two intervals: less would restart a healthy camera.
    let wished = parts.wish.frozenAfter.map { max($0, 2 * format.frameDuration) }
    let usual = wished ?? max(1_000_000_000, 5 * format.frameDuration)
    return hasFrames ? usual : max(usual, 4_000_000_000)
  }

  /// One poll, and what follows of it.
  func look(until deadline: UInt64) throws(CaptureError) -> Look {
    guard let stream else { throw die(CaptureError(.failed, "no stream", advice: "Open the camera again.")) }
    if stream.pool.count - stream.pool.lost < BufferPool.least {
      stumble("the driver did not take back its buffers")
      return .again
    }
    let now = kernel.now()
    let frozenAt = heardAt &+ patience
    let until = min(deadline, frozenAt)
    let result = kernel.poll(&entries, timeout: until > now ? Self.milliseconds(until - now) : 0)
    if result < 0 { return pollFailed(-result) }
    if entries[1].happened != 0 {
      kernel.rest(entries[1].descriptor)
      return .over
    }
    let happened = entries[0].happened
    if happened == 0 {
      let now = kernel.now()
      if now >= frozenAt { stumble("no frame for \((now - heardAt) / 1_000_000) ms") }
      return now >= deadline && now < frozenAt ? .over : .again
    }
    if happened & Int16(POLLPRI) != 0, try attendEvents() { return .again }
    guard happened & ~Int16(POLLPRI) != 0 else { return .again }
    return try collect(stream, happened: happened, deadline: deadline)
  }

  private func pollFailed(_ errno: Int32) -> Look {
    if errno != EINTR && errno != EAGAIN { stumble("poll failed with errno \(errno)") }
    return .again
  }

  /// DQBUF; POLLERR alone says nothing, its errno does.
  private func collect(_ stream: CameraStream, happened: Int16, deadline: UInt64) throws(CaptureError) -> Look {
    let result = stream.pool.dequeue()
    guard result >= 0 else { return try dequeueFailed(-result, happened: happened, deadline: deadline) }
    misses = 0
    guard case .good(var held) = take(stream) else { return .again }
    // Live pictures: after a stall of ours the buffers hold the past. Each is left for the next until none follows.
    while isStale(held), stream.pool.dequeue() >= 0 {
      guard case .good(let newer) = take(stream) else { continue }
      ledger.withLock { $0.drop(.stale) }
      giveBack(held.index)
      held = newer
    }
    return deliver(held, stream)
  }

  private func isStale(_ held: Held) -> Bool {
    let limit = max(3 * format.frameDuration, 150_000_000)
    // Without the driver's timestamps: whoever was away that long has missed something.
    if held.isOurs { return leftAt > 0 && enteredAt > leftAt && enteredAt - leftAt > limit }
    let now = kernel.now()
    return now > held.time && now - held.time > limit
  }

  private func dequeueFailed(_ errno: Int32, happened: Int16, deadline: UInt64) throws(CaptureError) -> Look {
    switch errno {
    case ENODEV, ENXIO:
      throw die(CallFailure.error("DQBUF", errno: errno, path: parts.identity.name, holder: nil))
    case EAGAIN:
      // Legal after IN, but a readiness that never ends must not burn a core.
      misses += 1
      guard misses > 8 else { return .again }
      if happened & Int16(POLLERR) != 0 { stumble("the driver reports an error and gives no buffer") }
      let soon = kernel.now() + 5_000_000
      return rest(until: soon, deadline: deadline) || kernel.now() < deadline ? .again : .over
    case EIO: stumble("the driver reports an error (EIO)")
    case EINVAL, EPIPE: stumble("the stream stopped")
    default: stumble("DQBUF failed with errno \(errno)")
    }
    return .again
  }

  /// Judges what DQBUF gave.
  private func take(_ stream: CameraStream) -> Taken {
    let taken = stream.pool.taken
    guard let index = taken.index else {
      ledger.withLock {
        $0.damage()
        $0.loseBuffer()
      }
      return .bad
    }
    guard !taken.isDamaged else {
      // Number and time of such a buffer may be 0 or those of another frame: they are not looked at.
      ledger.withLock { $0.damage() }
      giveBack(index)
      return .bad
    }
    let now = kernel.now()
    let stamp = FrameTime.judge(
      seconds: taken.seconds, microseconds: taken.microseconds, flags: taken.flags, now: now, since: stream.startedAt,
      last: lastTime)
    let unit = number(taken.sequence, at: stamp.nanoseconds)
    if isShort(index, stream) {
      ledger.withLock { $0.drop(.short) }
      giveBack(index)
      return .bad
    }
    heardAt = now
    hasFrames = true
    lastTime = stamp.nanoseconds
    return .good(Held(index: index, unit: unit, time: stamp.nanoseconds, isOurs: stamp.isOurs))
  }

  private func number(_ sequence: UInt32, at time: UInt64) -> UInt32 {
    let absence = self.absence
    self.absence = nil
    let periods =
      absence == nil || time <= lastTime ? 0 : (time - lastTime + format.frameDuration / 2) / format.frameDuration
    return ledger.withLock { ledger in
      // What it would have made between the last frame and this one.
      if let absence, periods > 1 { ledger.miss(absence, periods - 1) }
      return ledger.number(sequence)
    }
  }

  func isShort(_ index: Int, _ stream: CameraStream) -> Bool {
    let needed = stream.layout.needed
    if needed.count <= 1 { return unsafe stream.pool.bytes(index).count < max(needed.first ?? 1, 1) }
    return unsafe FrameCopy.isShort(stream.pool.planes(of: index), stream.layout)
  }

  private func deliver(_ held: Held, _ stream: CameraStream) -> Look {
    var frame = CapturedFrame(sequence: held.unit, timestamp: held.time, bytes: [], isTimestampOurs: held.isOurs)
    if !stream.lenders.isEmpty {
      let lender = stream.lenders[held.index]
      unsafe lender.hold(stream.pool.planes(of: held.index))
      lent = lender
      frame.lent = lender
    } else {
      guard let bytes = copy(held.index, stream) else {
        ledger.withLock { $0.drop(.damaged) }
        giveBack(held.index)
        return .again
      }
      frame.bytes = bytes
      giveBack(held.index)
    }
    ledger.withLock { $0.deliver() }
    if ladder.frameCame(at: kernel.now()) { parts.observer(.recovered) }
    return .frame(frame)
  }

  func copy(_ index: Int, _ stream: CameraStream) -> [UInt8]? {
    let layout = stream.layout
    switch layout.way {
    case .converted: return unsafe stream.converter?.convert(stream.pool.bytes(index))
    case .coded:
      let bytes = unsafe stream.pool.bytes(index)
      return unsafe FrameCopy.single(bytes, count: bytes.count)
    case .planes(let sizes) where sizes.count == 1:
      return unsafe FrameCopy.single(stream.pool.bytes(index), count: sizes[0])
    default: return unsafe FrameCopy.bytes(stream.pool.planes(of: index), layout)
    }
  }

  /// QBUF. What the driver does not take back is counted; the pool is made anew before it is empty.
  func giveBack(_ index: Int) {
    guard let result = stream?.pool.queue(index), result < 0, result != -ENODEV else { return }
    ledger.withLock { $0.loseBuffer() }
  }

  /// The buffer that the caller held until now.
  func returnLent() {
    guard let lender = lent else { return }
    lent = nil
    lender.end()
    giveBack(lender.index)
  }

  /// Counts what waits uncollected.
  func collectRest(as reason: CaptureLoss = .stale) {
    guard case .streaming = phase, let stream else { return }
    for _ in 0..<stream.pool.count {
      guard stream.pool.dequeue() >= 0 else { return }
      guard case .good(let held) = take(stream) else { continue }
      ledger.withLock { $0.drop(reason) }
      // Kept: the stream is about to end, and what is given back would be filled again.
      _ = held
    }
  }
}
