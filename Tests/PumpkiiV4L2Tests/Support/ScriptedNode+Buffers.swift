import CPumpkiiV4L2
import Glibc

extension ScriptedNode {
  func request(_ request: inout v4l2_requestbuffers, mapped: Int) -> Int32 {
    let type = request.type
    if request.count == 0 {
      guard mapped == 0 || keepsOrphans else { return -EBUSY }
      if queues[type]?.isStreaming == true { return -EBUSY }
      free(type)
      queues[type] = nil
      return 0
    }
    guard queues[type]?.isStreaming != true, mapped == 0 || keepsOrphans else { return -EBUSY }
    free(type)
    var queue = ScriptedQueue()
    queue.memory = request.memory
    let isInput = type == 2 || type == 10
    let planes = formats.isEmpty ? [] : formats[format.index].planes(format.width, format.height, stride: format.stride)
    for index in 0..<grants(Int(request.count)) {
      var buffer = ScriptedBuffer()
      for (at, plane) in planes.enumerated() {
        let memory =
          request.memory == 1
          ? UnsafeMutableRawPointer.allocate(byteCount: max(Int(plane.size), 1), alignment: 4096) : nil
        unsafe memory?.initializeMemory(as: UInt8.self, repeating: 0, count: Int(plane.size))
        let offset = UInt32(isInput ? 0x4000_0000 : 0) + UInt32(index * 8 + at) << 20
        unsafe buffer.planes.append(ScriptedBuffer.Plane(memory: memory, length: Int(plane.size), offset: offset))
      }
      queue.buffers.append(buffer)
    }
    queues[type] = queue
    request.count = UInt32(queue.buffers.count)
    return 0
  }

  func query(_ buffer: inout v4l2_buffer) -> Int32 {
    guard let queue = unsafe queues[buffer.type], unsafe Int(buffer.index) < queue.buffers.count else { return -EINVAL }
    let mine = unsafe queue.buffers[Int(buffer.index)]
    guard unsafe buffer.type >= 9 else {
      unsafe buffer.length = UInt32(mine.planes[0].length)
      unsafe buffer.m.offset = mine.planes[0].offset
      return 0
    }
    for (at, plane) in mine.planes.enumerated() {
      unsafe buffer.m.planes[at].length = UInt32(plane.length)
      unsafe buffer.m.planes[at].m.mem_offset = plane.offset
    }
    unsafe buffer.length = UInt32(mine.planes.count)
    return 0
  }

  func queue(_ buffer: inout v4l2_buffer) -> Int32 {
    let type = unsafe buffer.type
    let index = unsafe Int(buffer.index)
    guard let queue = queues[type], index < queue.buffers.count, queue.buffers[index].state == .idle else {
      return -EINVAL
    }
    if queue.isFatal { return -EIO }
    if type >= 9, unsafe Int(buffer.length) < queue.buffers[index].planes.count { return -EINVAL }
    if refusedBuffers > 0 {
      refusedBuffers -= 1
      return -EINVAL
    }
    if type == 2 { queues[type]?.buffers[index].planes[0].used = unsafe Int(buffer.bytesused) }
    if type == 10 {
      for plane in queue.buffers[index].planes.indices {
        queues[type]?.buffers[index].planes[plane].used = unsafe Int(buffer.m.planes[plane].bytesused)
      }
    }
    queues[type]?.buffers[index].seconds = unsafe buffer.timestamp.tv_sec
    queues[type]?.buffers[index].microseconds = unsafe Int(buffer.timestamp.tv_usec)
    queues[type]?.buffers[index].state = .queued
    queues[type]?.queued.append(index)
    return 0
  }

  func dequeue(_ buffer: inout v4l2_buffer) -> Int32 {
    let type = unsafe buffer.type
    guard let queue = queues[type], queue.isStreaming else { return -EINVAL }
    if queue.isFatal { return -EIO }
    guard let index = queue.done.first else { return queue.queued.isEmpty ? -EINVAL : -EAGAIN }
    queues[type]?.done.removeFirst()
    queues[type]?.buffers[index].state = .idle
    let mine = queue.buffers[index]
    unsafe buffer.index = mine.claimedIndex ?? UInt32(index)
    unsafe buffer.flags = mine.flags
    unsafe buffer.sequence = mine.sequence
    unsafe buffer.field = field
    unsafe buffer.timestamp.tv_sec = mine.seconds
    unsafe buffer.timestamp.tv_usec = mine.microseconds
    guard type >= 9 else {
      unsafe buffer.bytesused = mine.claimedUsed ?? UInt32(mine.planes[0].used)
      unsafe buffer.length = UInt32(mine.planes[0].length)
      return 0
    }
    for (at, plane) in mine.planes.enumerated() where unsafe at < Int(buffer.length) {
      unsafe buffer.m.planes[at].bytesused = at == 0 ? mine.claimedUsed ?? UInt32(plane.used) : UInt32(plane.used)
      unsafe buffer.m.planes[at].length = UInt32(plane.length)
      unsafe buffer.m.planes[at].data_offset = 0
    }
    unsafe buffer.length = UInt32(mine.planes.count)
    return 0
  }

  func start(_ type: UInt32, at now: UInt64) -> Int32 {
    guard queues[type] != nil else { return -EINVAL }
    queues[type]?.isStreaming = true
    queues[type]?.isFatal = false
    guard type == captureType, encode == nil else { return 0 }
    nextSequence = firstSequence
    nextFrame = now + firstFrameAfter + UInt64(1e9 / rate)
    return 0
  }

  func stop(_ type: UInt32) -> Int32 {
    thaw(.restart)
    queues[type]?.isStreaming = false
    queues[type]?.isFatal = false
    queues[type]?.queued = []
    queues[type]?.done = []
    for index in queues[type]?.buffers.indices ?? 0..<0 { queues[type]?.buffers[index].state = .idle }
    if type == captureType { nextFrame = .max }
    return 0
  }

  /// Where mmap(2) at an offset leads.
  func memory(at offset: Int64, length: Int) -> UnsafeMutableRawPointer? {
    for queue in queues.values {
      for buffer in queue.buffers {
        for plane in buffer.planes where Int64(plane.offset) == offset && length <= plane.length {
          return unsafe plane.memory
        }
      }
    }
    return nil
  }
}
