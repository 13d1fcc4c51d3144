internal import CPumpkiiV4L2
internal import Glibc
internal import PumpkiiCapture

extension M2MEncoder {
  /// Waits for the picture, and for the raw buffer it was made of.
  func collect() throws(M2MFailure) -> EncodedPicture? {
    var picture: EncodedPicture?
    while machine.isWaiting || machine.holdsRaw {
      if let coded = try step() { picture = coded }
      guard !machine.isDrained else { throw M2MFailure("it ended its stream") }
    }
    return picture
  }

  /// Waits for one event and takes what it brings.
  func step() throws(M2MFailure) -> EncodedPicture? {
    let kernel = device.handle.kernel
    guard let patience = machine.patience(now: kernel.now()) else { throw M2MFailure(machine.lateness) }
    var entries = [PollEntry(device.handle.descriptor, Int16(POLLIN | POLLPRI | (machine.holdsRaw ? POLLOUT : 0)))]
    let count = kernel.poll(&entries, timeout: patience)
    if count < 0, count != -EINTR { throw M2MFailure("poll gave errno \(-count)") }
    guard count > 0 else { return nil }
    let happened = Int32(entries[0].happened)
    if happened & POLLPRI != 0 { while device.handle.dequeueEvent() != nil {} }
    var moved = false
    // POLLERR may mean nothing but an idle queue: what DQBUF says counts.
    if happened & (POLLOUT | POLLERR) != 0 { moved = try takeRaw() }
    var picture: EncodedPicture?
    if happened & (POLLIN | POLLERR) != 0 { picture = try takeCoded(&moved) }
    if happened & POLLERR != 0, !moved { throw M2MFailure("its driver reports an error") }
    return picture
  }

  private func takeRaw() throws(M2MFailure) -> Bool {
    let (buffer, errno) = device.handle.dequeue(device.queues.raw, isForeign: device.isForeign)
    guard let buffer else {
      if case .failed(let reason) = machine.refused(errno: errno, again: EAGAIN, ended: 0) { throw M2MFailure(reason) }
      return false
    }
    guard machine.rawCameBack(buffer.index) else {
      throw M2MFailure("its driver gave buffer \(buffer.index), which it did not have")
    }
    return true
  }

  private func takeCoded(_ moved: inout Bool) throws(M2MFailure) -> EncodedPicture? {
    let (buffer, errno) = device.handle.dequeue(device.queues.coded, isForeign: false)
    guard let buffer else {
      let refusal = machine.refused(errno: errno, again: EAGAIN, ended: EPIPE)
      if case .failed(let reason) = refusal { throw M2MFailure(reason) }
      moved = moved || refusal == .drained
      return nil
    }
    moved = true
    let coded = EncoderMachine.Coded(buffer)
    switch machine.codedCameBack(coded, length: { device.codedMemory[$0].length }) {
    case .failed(let reason): throw M2MFailure(reason)
    case .last: return nil
    case .skipped, .ignore:
      try giveBack(buffer.index)
      return nil
    case .picture(let timestamp):
      let picture = read(buffer, timestamp)
      try giveBack(buffer.index)
      return picture
    }
  }

  private func giveBack(_ index: Int) throws(M2MFailure) {
    // After the last buffer the queue takes no more until it is started anew.
    guard !machine.isDrained else { return }
    let result = device.handle.queueCoded(device.queues.coded, index: index)
    if result < 0 { throw M2MFailure(CallError("QBUF", errno: -result)) }
    machine.codedWentOut(index)
  }

  /// - Returns: nil for parameter sets in a buffer of their own: the picture is still to come.
  private func read(_ buffer: ReturnedBuffer, _ timestamp: UInt64) -> EncodedPicture? {
    let memory = device.codedMemory[buffer.index]
    let from = min(max(buffer.offset, 0), buffer.used)
    let bytes = unsafe [UInt8](memory.bytes[from..<buffer.used])
    if device.encoder.coding == .fwht {
      machine.accept(timestamp: timestamp)
      return EncodedPicture(bytes: bytes, timestamp: timestamp, isIDR: CodedPicture.isIntraFWHT(bytes))
    }
    guard let (whole, isIDR) = keeper.picture(bytes) else { return nil }
    machine.accept(timestamp: timestamp)
    return EncodedPicture(bytes: whole, timestamp: timestamp, isIDR: isIDR)
  }
}

extension EncoderMachine.Coded {
  init(_ buffer: ReturnedBuffer) {
    func has(_ flag: some BinaryInteger) -> Bool { buffer.flags & UInt32(truncatingIfNeeded: flag) != 0 }
    let mask = UInt32(V4L2_BUF_FLAG_TIMESTAMP_MASK)
    self.init(
      index: buffer.index, used: buffer.used, isError: has(V4L2_BUF_FLAG_ERROR), isLast: has(V4L2_BUF_FLAG_LAST),
      isTimestampCopied: buffer.flags & mask == UInt32(V4L2_BUF_FLAG_TIMESTAMP_COPY),
      microseconds: buffer.microseconds)
  }
}
