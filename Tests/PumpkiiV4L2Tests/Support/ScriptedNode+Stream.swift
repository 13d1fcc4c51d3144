import CPumpkiiV4L2
import Glibc

extension ScriptedNode {
  static let capture: UInt32 = 1
  var captureType: UInt32 { isMultiplanar ? 9 : 1 }

  /// Makes what is due until `now`.
  func run(until now: UInt64) {
    guard encode == nil else { return transcode(at: now) }
    while nextFrame <= now {
      let due = nextFrame
      nextFrame = due + UInt64(1e9 / rate)
      guard frozenUntil == nil else { continue }
      makeFrame(at: due)
    }
  }

  private func makeFrame(at due: UInt64) {
    let number = made
    let faults = faults[number] ?? []
    for fault in faults { begin(fault) }
    guard isPresent, frozenUntil == nil, nextFrame != .max, queues[captureType]?.isFatal != true else {
      // It happened; the frame itself is made by the next stream.
      self.faults[number] = nil
      return
    }
    made += 1
    let sequence = nextSequence
    nextSequence &+= 1
    if faults.contains(.stall) { return stall() }
    if faults.contains(.lose) { return }
    guard let index = queues[captureType]?.queued.first else { return }
    queues[captureType]?.queued.removeFirst()
    fill(index, number: number, sequence: sequence, due: due, faults: faults)
    queues[captureType]?.buffers[index].state = .done
    queues[captureType]?.done.append(index)
  }

  /// What changes the device itself.
  private func begin(_ fault: ScriptedFault) {
    switch fault {
    case .freeze(let rung): frozenUntil = rung
    case .fatal: queues[captureType]?.isFatal = true
    case .unplug: unplug()
    case .privacy(let isClosed):
      setControl(UInt32(V4L2_CID_PRIVACY), isClosed ? 1 : 0)
      postControl(UInt32(V4L2_CID_PRIVACY), isClosed ? 1 : 0)
    case .source(let timings):
      self.timings = timings
      postSourceChange()
    case .sequence(let value): nextSequence = value
    case .refuseBuffers(let count): refusedBuffers = count
    case .rate(let rate): self.rate = rate
    default: break
    }
  }

  func setControl(_ id: UInt32, _ value: Int32) {
    if let index = controls.firstIndex(where: { $0.id == id }) { controls[index].value = value }
  }

  private func stall() {
    for index in queues[captureType]?.queued ?? [] {
      var buffer = queues[captureType]?.buffers[index] ?? ScriptedBuffer()
      buffer.flags = timestampFlags | UInt32(V4L2_BUF_FLAG_ERROR)
      buffer.sequence = 0
      buffer.seconds = 0
      buffer.microseconds = 0
      for plane in buffer.planes.indices { buffer.planes[plane].used = 0 }
      buffer.state = .done
      queues[captureType]?.buffers[index] = buffer
      queues[captureType]?.done.append(index)
    }
    queues[captureType]?.queued = []
  }

  private func fill(_ index: Int, number: UInt64, sequence: UInt32, due: UInt64, faults: [ScriptedFault]) {
    guard var buffer = queues[captureType]?.buffers[index] else { return }
    let coded = formats[format.index].isCoded
    for plane in buffer.planes.indices {
      let size = coded ? formats[format.index].codedSize : buffer.planes[plane].length
      buffer.planes[plane].used = min(size, buffer.planes[plane].length)
      if let memory = unsafe buffer.planes[plane].memory {
        unsafe picture(number, UnsafeMutableRawBufferPointer(start: memory, count: buffer.planes[plane].used))
      }
    }
    buffer.flags = timestampFlags
    buffer.sequence = sequence
    var time = due
    buffer.claimedIndex = nil
    buffer.claimedUsed = nil
    for fault in faults {
      switch fault {
      case .errorFlag: buffer.flags |= UInt32(V4L2_BUF_FLAG_ERROR)
      case .empty: for plane in buffer.planes.indices { buffer.planes[plane].used = 0 }
      case .short(let count): buffer.planes[0].used = count
      case .oversized: buffer.claimedUsed = UInt32(buffer.planes[0].length) + 4096
      case .badIndex: buffer.claimedIndex = 77
      case .future(let ahead): time += ahead
      default: break
      }
    }
    buffer.seconds = Int(time / 1_000_000_000)
    buffer.microseconds = Int(time % 1_000_000_000 / 1000)
    for fault in faults {
      if case .time(let seconds, let microseconds) = fault {
        buffer.seconds = seconds
        buffer.microseconds = microseconds
      }
    }
    queues[captureType]?.buffers[index] = buffer
  }

  /// A memory-to-memory device: one picture in, one out, at once.
  private func transcode(at now: UInt64) {
    let input: UInt32 = isMultiplanar ? 10 : 2
    while let from = queues[input]?.queued.first, let to = queues[captureType]?.queued.first,
      queues[input]?.isStreaming == true, queues[captureType]?.isStreaming == true, frozenUntil == nil,
      var source = queues[input]?.buffers[from], var target = queues[captureType]?.buffers[to]
    {
      let faults = faults[made] ?? []
      for fault in faults { begin(fault) }
      guard frozenUntil == nil, isPresent else { return }
      made += 1
      let bytes = source.planes.flatMap { plane in
        unsafe Array(UnsafeRawBufferPointer(start: plane.memory, count: plane.memory == nil ? 0 : plane.used))
      }
      let coded = encode?(bytes) ?? []
      let count = min(coded.count, target.planes[0].length)
      unsafe coded.withUnsafeBytes {
        unsafe target.planes[0].memory?.copyMemory(
          from: $0.baseAddress ?? UnsafeRawPointer(target.planes[0].memory!), byteCount: count)
      }
      target.planes[0].used = count
      target.flags = UInt32(V4L2_BUF_FLAG_TIMESTAMP_COPY)
      if faults.contains(.errorFlag) { target.flags |= UInt32(V4L2_BUF_FLAG_ERROR) }
      target.seconds = source.seconds
      target.microseconds = source.microseconds
      target.sequence = nextSequence
      nextSequence &+= 1
      source.state = .done
      target.state = .done
      queues[input]?.buffers[from] = source
      queues[captureType]?.buffers[to] = target
      queues[input]?.queued.removeFirst()
      queues[captureType]?.queued.removeFirst()
      queues[input]?.done.append(from)
      queues[captureType]?.done.append(to)
    }
  }

  /// What poll(2) says of it.
  func readiness(asked: Int16, generation: Int) -> Int16 {
    guard isPresent, generation == self.generation else { return Int16(POLLERR | POLLHUP | POLLPRI) }
    var happened: Int16 = events.isEmpty ? 0 : Int16(POLLPRI)
    if spuriousReadiness > 0 {
      spuriousReadiness -= 1
      happened |= Int16(POLLIN)
    }
    for (type, queue) in queues {
      let bit = type == 2 || type == 10 ? Int16(POLLOUT) : Int16(POLLIN)
      guard asked & bit != 0 else { continue }
      if queue.isFatal { return Int16(POLLERR) }
      if !queue.done.isEmpty {
        happened |= bit
      } else if !queue.isStreaming || queue.queued.isEmpty {
        happened |= Int16(POLLERR)
      }
    }
    if queues.isEmpty, asked & Int16(POLLIN) != 0 { happened |= Int16(POLLERR) }
    return happened & (asked | Int16(POLLERR) | Int16(POLLHUP))
  }
}
