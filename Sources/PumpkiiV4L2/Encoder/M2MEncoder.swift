internal import CPumpkiiV4L2
internal import Glibc
package import PumpkiiCapture

/// A memory-to-memory encoder at work: one picture in, one coded picture out, within a stated time. Confined to one
/// thread. Any error closes it: encoders' firmware is known to stay confused, and another encoder goes on.
package final class M2MEncoder: HardwareEncoder {
  /// `bcm2835-codec /dev/video11`.
  package var name: String { device.encoder.name }
  /// `dmabuf` or `mmap`.
  package var route: String { device.settings.route.rawValue }
  /// What the encoder answered differently from what it was asked, for people.
  package var notes: [String] { device.notes }
  /// Coded pictures so far.
  package var pictures: UInt64 { machine.pictures }
  private let device: M2MDevice
  private var machine: EncoderMachine
  private var keeper = ParameterKeeper()
  private var isOpen = true

  /// Opens and starts an encoder for pictures of a format.
  /// - Parameters:
  ///   - encoder: as ``EncoderFinder`` found it.
  ///   - format: of raw pictures, as ``CapturedFrame`` lays them out.
  /// - Throws: ``CaptureError`` `failed` where it cannot do this, or takes too long; others as for any node.
  package init(
    _ encoder: EncoderDescription, format: VideoFormat, settings: M2MSettings, kernel: any DeviceKernel
  ) throws(CaptureError) {
    device = try M2MDevice(encoder, format, settings, kernel: kernel)
    machine = EncoderMachine(limits: settings.limits, rawBuffers: 0, codedBuffers: 0)
    do throws(M2MFailure) {
      try device.setUp()
    } catch {
      device.close()
      throw error.error(encoder.name)
    }
    machine = EncoderMachine(
      limits: settings.limits, rawBuffers: device.rawCount, codedBuffers: device.codedMemory.count)
  }

  deinit { device.close() }

  /// A machine's encoders, found by what their nodes can do.
  package static func find(kernel: any DeviceKernel, directory: any DeviceDirectory) -> [EncoderDescription] {
    EncoderFinder.find(kernel: kernel, directory: directory)
  }

  /// Encodes one picture and waits for it. When this returns, the encoder no longer looks at the frame.
  /// - Throws: ``CaptureError`` `failed`; the encoder is closed then.
  package func encode(_ frame: CapturedFrame, forceIDR: Bool) throws(CaptureError) -> EncodedPicture? {
    do throws(M2MFailure) {
      guard isOpen else { throw M2MFailure("it is closed") }
      if forceIDR, machine.pictures > 0 { try force() }
      try submit(frame)
      return try collect()
    } catch {
      close()
      throw error.error(name)
    }
  }

  /// Ends the stream and collects what the encoder still has.
  /// - Throws: ``CaptureError`` `failed`; the encoder is closed in any case.
  package func finish() throws(CaptureError) -> [EncodedPicture] {
    defer { close() }
    do throws(M2MFailure) {
      guard isOpen else { return [] }
      let result = device.handle.command(UInt32(V4L2_ENC_CMD_STOP))
      // An encoder without the command keeps nothing back.
      if result == -ENOTTY || result == -EINVAL { return [] }
      if result < 0 { throw M2MFailure(CallError("ENCODER_CMD", errno: -result)) }
      machine.drain(now: device.handle.kernel.now())
      var last: [EncodedPicture] = []
      while !machine.isDrained {
        if let picture = try step() { last.append(picture) }
      }
      return last
    } catch {
      throw error.error(name)
    }
  }

  /// Stops and releases the device; a second call does nothing.
  package func close() {
    isOpen = false
    device.close()
  }

  private func force() throws(M2MFailure) {
    if device.canForceKey {
      let result = EncoderControls.forceKey(device.handle)
      if result < 0 { throw M2MFailure(CallError("S_CTRL", errno: -result)) }
      return
    }
    try device.restart()
    machine.restart()
    for index in device.codedMemory.indices { machine.codedWentOut(index) }
  }

  // MARK: In

  private func submit(_ frame: CapturedFrame) throws(M2MFailure) {
    let now = device.handle.kernel.now()
    guard let (index, microseconds) = machine.submit(timestamp: frame.timestamp, now: now) else {
      throw M2MFailure("it has given no buffer back")
    }
    let planes = device.isForeign ? try lend(frame) : try fill(index, frame)
    let result = device.handle.queueRaw(
      device.queues.raw, RawBuffer(index: index, microseconds: microseconds, planes: planes))
    guard result >= 0 else {
      throw M2MFailure(
        device.isForeign
          ? "it does not take the camera's buffers (errno \(-result))" : "its driver refuses QBUF (errno \(-result))")
    }
  }

  private func lend(_ frame: CapturedFrame) throws(M2MFailure) -> [(used: Int, length: Int, descriptor: Int32?)] {
    guard let lent = frame.lent else { throw M2MFailure("the camera lends no buffers") }
    let planes = device.raw.planes
    guard lent.descriptors.count == planes.count, lent.used.count == planes.count else {
      throw M2MFailure("it takes \(planes.count) planes, the camera lends \(lent.descriptors.count)")
    }
    guard let layout = device.layout, zip(layout.needed, lent.used).allSatisfy({ $0 <= $1 }) else {
      throw M2MFailure("the camera's buffers are shorter than a picture")
    }
    // Not 0 for "all of it": the kernel compares what is used with it before it looks at the buffer.
    return planes.indices.map { (lent.used[$0], max(lent.used[$0], planes[$0].size), lent.descriptors[$0]) }
  }

  private func fill(_ index: Int, _ frame: CapturedFrame) throws(M2MFailure) -> [(
    used: Int, length: Int, descriptor: Int32?
  )] {
    let format = device.format
    let memories = device.rawMemory[index]
    guard let target = device.layout,
      let own = RawLayout(format.pixels, width: format.width, height: format.height, stride: format.bytesPerLine),
      own.copy(frame.contents, into: target, memories)
    else { throw M2MFailure("a frame is shorter than a picture") }
    return memories.indices.map {
      (min(max(target.needed[$0], device.raw.planes[$0].size), memories[$0].length), memories[$0].length, nil)
    }
  }

  // MARK: Out

  /// Waits for the picture, and for the raw buffer it was made of.
  private func collect() throws(M2MFailure) -> EncodedPicture? {
    var picture: EncodedPicture?
    while machine.isWaiting || machine.holdsRaw {
      if let coded = try step() { picture = coded }
      guard !machine.isDrained else { throw M2MFailure("it ended its stream") }
    }
    return picture
  }

  /// Waits for one event and takes what it brings.
  private func step() throws(M2MFailure) -> EncodedPicture? {
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
