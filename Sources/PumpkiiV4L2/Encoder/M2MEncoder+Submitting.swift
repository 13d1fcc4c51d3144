internal import PumpkiiCapture

extension M2MEncoder {
  func submit(_ frame: CapturedFrame) throws(M2MFailure) {
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
}
