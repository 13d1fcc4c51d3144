import CPumpkiiV4L2
import Glibc
import PumpkiiV4L2

extension FakeEncoder {
  func reserve(_ request: inout v4l2_requestbuffers) -> Int32 {
    let isRaw = request.type == 2 || request.type == 10
    calls.append("REQBUFS \(isRaw ? "raw" : "coded") \(request.count)")
    var side = isRaw ? raw : coded
    if request.count == 0, mappings > 0, !isRaw || side.memory == V4L2_MEMORY_MMAP.rawValue { return -EBUSY }
    side.release()
    side.memory = request.memory
    for _ in 0..<request.count {
      var buffer = FakeEncoderQueue.Buffer()
      if request.memory == V4L2_MEMORY_MMAP.rawValue {
        for size in side.sizes {
          let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
          unsafe memory.initializeMemory(as: UInt8.self, repeating: 0)
          unsafe buffer.memory.append(memory)
        }
      }
      side.buffers.append(buffer)
    }
    if isRaw { raw = side } else { coded = side }
    return 0
  }

  func query(_ buffer: inout v4l2_buffer) -> Int32 {
    let isRaw = unsafe buffer.type == 2 || buffer.type == 10
    let side = isRaw ? raw : coded
    let index = unsafe Int(buffer.index)
    guard index < side.buffers.count else { return -EINVAL }
    let base = (isRaw ? 0 : 1 << 16) | index << 8
    guard script.isMultiplanar else {
      unsafe buffer.length = UInt32(side.sizes[0])
      unsafe buffer.m.offset = UInt32(base)
      return 0
    }
    for plane in side.sizes.indices {
      unsafe buffer.m.planes[plane].length = UInt32(side.sizes[plane])
      unsafe buffer.m.planes[plane].m.mem_offset = UInt32(base | plane)
    }
    unsafe buffer.length = UInt32(side.sizes.count)
    return 0
  }

  func queue(_ buffer: inout v4l2_buffer) -> Int32 {
    let isRaw = unsafe buffer.type == 2 || buffer.type == 10
    let index = unsafe Int(buffer.index)
    guard isRaw else {
      if isDrained { return -EPIPE }
      guard index < coded.buffers.count, !coded.queued.contains(index) else { return -EINVAL }
      coded.queued.append(index)
      work()
      return 0
    }
    if script.rawQueueErrno != 0 { return -script.rawQueueErrno }
    guard index < raw.buffers.count, !raw.queued.contains(index) else { return -EINVAL }
    unsafe raw.buffers[index].seconds = buffer.timestamp.tv_sec
    unsafe raw.buffers[index].microseconds = buffer.timestamp.tv_usec
    if raw.memory == V4L2_MEMORY_DMABUF.rawValue {
      let found =
        unsafe script.isMultiplanar
        ? (0..<Int(buffer.length)).map { unsafe buffer.m.planes[$0].m.fd } : [buffer.m.fd]
      let claimed =
        unsafe script.isMultiplanar
        ? (0..<Int(buffer.length)).map { unsafe (buffer.m.planes[$0].bytesused, buffer.m.planes[$0].length) }
        : [(buffer.bytesused, buffer.length)]
      // As vb2 does: it looks at what is claimed before it looks at the buffer.
      guard zip(claimed, raw.sizes).allSatisfy({ $0.0 <= $0.1 && Int($0.1) >= $1 }) else { return -EINVAL }
      guard found.allSatisfy({ foreign[$0] != nil }) else { return -EBADF }
      raw.buffers[index].descriptors = found
      descriptors.append(found)
    }
    raw.queued.append(index)
    work()
    return 0
  }

  func dequeue(_ buffer: inout v4l2_buffer) -> Int32 {
    let isRaw = unsafe buffer.type == 2 || buffer.type == 10
    if isFatal { return -EIO }
    var side = isRaw ? raw : coded
    guard let next = side.done.first, next.readyAt <= clock else {
      if !isRaw, isDrained { return -EPIPE }
      return -EAGAIN
    }
    side.done.removeFirst()
    let done = side.buffers[next.index]
    unsafe buffer.index = UInt32(done.claimedIndex ?? next.index)
    unsafe buffer.flags = done.flags
    unsafe buffer.timestamp.tv_sec = done.seconds
    unsafe buffer.timestamp.tv_usec = done.microseconds
    let used = UInt32(done.claimedUsed ?? done.used)
    if script.isMultiplanar {
      unsafe buffer.m.planes[0].bytesused = used
    } else {
      unsafe buffer.bytesused = used
    }
    if done.flags & UInt32(V4L2_BUF_FLAG_LAST) != 0 {
      isDrained = true
      calls.append("LAST")
    }
    if isRaw { raw = side } else { coded = side }
    return 0
  }

  func stream(_ isRaw: Bool, on: Bool) -> Int32 {
    calls.append((on ? "STREAMON " : "STREAMOFF ") + (isRaw ? "raw" : "coded"))
    if on, script.streamOnErrno != 0 { return -script.streamOnErrno }
    if isRaw {
      raw.isStreaming = on
      if !on { (raw.queued, raw.done) = ([], []) }
    } else {
      coded.isStreaming = on
      if !on { (coded.queued, coded.done, wantsKey, isDrained) = ([], [], true, false) }
    }
    work()
    return 0
  }

  func stop() -> Int32 {
    calls.append("STOP")
    guard !coded.queued.isEmpty else { return -EINVAL }
    let index = coded.queued.removeFirst()
    coded.buffers[index].used = 0
    coded.buffers[index].flags = UInt32(V4L2_BUF_FLAG_LAST)
    coded.done.append(.init(index: index, readyAt: clock))
    events += 1
    return 0
  }

  // MARK: Work

  private func work() {
    while raw.isStreaming, coded.isStreaming, !isHung, let from = raw.queued.first, let into = coded.queued.first {
      let fault = script.faults[pictures]
      if fault == .hang {
        isHung = true
        return
      }
      if fault == .fatal {
        isFatal = true
        return
      }
      if script.headers == .separate, pictures == 0, !isHeaderSent {
        coded.queued.removeFirst()
        give(into, from, Self.sets, flags: 0, readyAt: clock)
        isHeaderSent = true
        continue
      }
      if fault == .stray, strays == 0 {
        strays = 1
        coded.queued.removeFirst()
        give(into, from, [0, 0, 1, 0x41, 9], flags: 0, readyAt: clock)
        coded.buffers[into].seconds += 1000
        continue
      }
      raw.queued.removeFirst()
      coded.queued.removeFirst()
      encode(from, into, fault)
    }
  }

  private var isHeaderSent: Bool {
    get { calls.contains("HEADER") }
    set { if newValue { calls.append("HEADER") } }
  }

  private var strays: Int {
    get { calls.contains("STRAY") ? 1 : 0 }
    set { if newValue > 0 { calls.append("STRAY") } }
  }

  static let sets: [UInt8] = [0, 0, 0, 1, 0x67, 66, 0, 30, 1, 0, 0, 0, 1, 0x68, 2]

  private func encode(_ from: Int, _ into: Int, _ fault: FakeEncoderFault?) {
    let isKey = pictures == 0 || wantsKey || sinceKey >= script.group
    wantsKey = false
    sinceKey = isKey ? 1 : sinceKey + 1
    seen.append(picture(from))
    var bytes: [UInt8] = [0, 0, 0, 1, isKey ? 0x65 : 0x41, UInt8(truncatingIfNeeded: pictures)]
    if isKey, script.headers == .repeated || (script.headers == .once && pictures == 0) { bytes = Self.sets + bytes }
    var readyAt = clock
    if case .late(let time) = fault { readyAt += time }
    var flags: UInt32 = isKey ? UInt32(V4L2_BUF_FLAG_KEYFRAME) : 0
    if fault == .errorFlag { flags |= UInt32(V4L2_BUF_FLAG_ERROR) }
    give(into, from, fault == .leaveOut ? [] : bytes, flags: flags, readyAt: readyAt)
    if fault == .oversized { coded.buffers[into].claimedUsed = 1 << 30 }
    if fault == .badIndex { coded.buffers[into].claimedIndex = 77 }
    raw.done.append(.init(index: from, readyAt: readyAt))
    pictures += 1
  }

  private func give(_ into: Int, _ from: Int, _ bytes: [UInt8], flags: UInt32, readyAt: UInt64) {
    unsafe coded.buffers[into].memory[0].copyBytes(from: bytes)
    coded.buffers[into].used = bytes.count
    let kind = script.copiesTimestamps ? V4L2_BUF_FLAG_TIMESTAMP_COPY : V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC
    coded.buffers[into].flags = flags | UInt32(kind)
    coded.buffers[into].seconds = script.copiesTimestamps ? raw.buffers[from].seconds : 5
    coded.buffers[into].microseconds = script.copiesTimestamps ? raw.buffers[from].microseconds : 5
    coded.done.append(.init(index: into, readyAt: readyAt))
  }

  /// The cropped picture, plane after plane, without padding.
  private func picture(_ index: Int) -> [UInt8] {
    let memory =
      unsafe raw.memory == V4L2_MEMORY_DMABUF.rawValue
      ? raw.buffers[index].descriptors.map { foreign[$0] ?? [] } : raw.buffers[index].memory.map { unsafe Array($0) }
    let (width, height) = raw.crop ?? (raw.width, raw.height)
    let (stride, lines) = (raw.strides[0], raw.height)
    func rows(_ bytes: [UInt8], _ at: Int, _ stride: Int, _ width: Int, _ count: Int) -> [UInt8] {
      (0..<count).flatMap { Array(bytes[at + $0 * stride..<at + $0 * stride + width]) }
    }
    switch raw.fourcc {
    case PK_FOURCC_NV12M:
      return rows(memory[0], 0, stride, width, height) + rows(memory[1], 0, raw.strides[1], width, height / 2)
    case PK_FOURCC_YUV420M:
      return rows(memory[0], 0, stride, width, height)
        + (1...2).flatMap { rows(memory[$0], 0, raw.strides[$0], width / 2, height / 2) }
    case PK_FOURCC_YUYV: return rows(memory[0], 0, stride, width * 2, height)
    case PK_FOURCC_YUV420:
      return rows(memory[0], 0, stride, width, height)
        + (0...1).flatMap {
          rows(memory[0], stride * lines + $0 * (stride / 2) * (lines / 2), stride / 2, width / 2, height / 2)
        }
    default:
      return rows(memory[0], 0, stride, width, height) + rows(memory[0], stride * lines, stride, width, height / 2)
    }
  }
}
