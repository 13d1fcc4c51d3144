internal import CPumpkiiV4L2
internal import Glibc

/// The mapped buffers of one stream, from REQBUFS to REQBUFS 0. A restart makes another pool, so that no buffer of an
/// older stream is ever queued into a newer one.
@safe final class BufferPool {
  /// A plane of memory of a buffer.
  @safe struct Plane {
    let base: UnsafeMutableRawPointer
    let length: Int
  }
  let type: BufferType
  let count: Int
  let planesPerBuffer: Int
  /// DMABUF descriptors, in the order of ``planes``; empty where none were asked for or the driver has none.
  private(set) var descriptors: [Int32] = []
  /// Buffers that the driver has.
  private(set) var queued = 0
  /// Buffers that the driver refused to take back.
  private(set) var lost = 0
  private let handle: V4L2Handle
  private var planes: [Plane] = []
  private var isQueued: [Bool]
  /// Where the data of each plane begins and how many bytes it has, as the driver said when it was dequeued.
  private var offsets: [Int] = []
  private var used: [Int] = []
  /// Allocated once: nothing is built anew for a frame.
  private let buffer: UnsafeMutablePointer<v4l2_buffer>
  private let planeList: UnsafeMutablePointer<v4l2_plane>
  private var isReleased = false

  /// Fewer than two cannot be filled and read at the same time.
  static let least = 2

  /// Requests and maps buffers.
  /// - Throws: ``CallError``; nothing is left mapped then.
  init(_ handle: V4L2Handle, type: BufferType, wanted: Int, exports: Bool) throws(CallError) {
    self.handle = handle
    self.type = type
    // The driver gives fewer or more; what it says counts.
    count = try handle.requestBuffers(type, count: wanted)
    isQueued = [Bool](repeating: false, count: count)
    unsafe buffer = .allocate(capacity: 1)
    unsafe planeList = .allocate(capacity: Int(VIDEO_MAX_PLANES))
    unsafe buffer.initialize(to: v4l2_buffer())
    unsafe planeList.initialize(repeating: v4l2_plane(), count: Int(VIDEO_MAX_PLANES))
    var planes: [Plane] = []
    var failure: CallError? = count < Self.least ? CallError("REQBUFS", errno: ENOMEM) : nil
    var perBuffer = 1
    if failure == nil {
      do throws(CallError) {
        for index in 0..<count {
          let list = try handle.queryBuffer(type, index: index)
          perBuffer = list.count
          for plane in list {
            let address = unsafe handle.kernel.map(
              handle.descriptor, length: plane.length, offset: plane.offset, writable: false)
            guard let address = unsafe address else { throw CallError("mmap", errno: ENOMEM) }
            unsafe planes.append(Plane(base: address, length: plane.length))
          }
        }
      } catch { failure = error }
    }
    self.planes = planes
    planesPerBuffer = perBuffer
    offsets = [Int](repeating: 0, count: count * perBuffer)
    used = offsets
    if let failure {
      release()
      throw failure
    }
    if exports { export() }
  }

  deinit {
    release()
    unsafe buffer.deallocate()
    unsafe planeList.deallocate()
  }

  /// All or none: a stream lends its buffers or it does not.
  private func export() {
    for index in 0..<count {
      for plane in 0..<planesPerBuffer {
        guard let descriptor = try? handle.exportBuffer(type, index: index, plane: plane) else {
          closeDescriptors()
          return
        }
        descriptors.append(descriptor)
      }
    }
  }

  private func closeDescriptors() {
    for descriptor in descriptors { handle.kernel.close(descriptor) }
    descriptors = []
  }

  /// Unmaps and frees. The stream must be off: frames that are lent are dead from here on.
  func release() {
    guard !isReleased else { return }
    isReleased = true
    // Before REQBUFS 0, which a descriptor would hold up.
    closeDescriptors()
    for plane in planes { unsafe handle.kernel.unmap(plane.base, length: plane.length) }
    planes = []
    _ = try? handle.requestBuffers(type, count: 0)
  }

  /// Gives every buffer to the driver.
  /// - Throws: ``CallError`` where it takes fewer than two.
  func queueAll() throws(CallError) {
    var errno: Int32 = 0
    for index in 0..<count {
      let result = queue(index)
      if result < 0 { errno = -result }
    }
    if queued < Self.least { throw CallError("QBUF", errno: errno) }
  }

  /// QBUF, tried twice. One that fails is lost for good.
  /// - Returns: 0 or −errno.
  @discardableResult
  func queue(_ index: Int) -> Int32 {
    var result = give(index)
    if result < 0, result != -ENODEV, result != -EIO { result = give(index) }
    if result >= 0 {
      isQueued[index] = true
      queued += 1
    } else {
      lost += 1
    }
    return result
  }

  private func give(_ index: Int) -> Int32 {
    prepare()
    unsafe buffer.pointee.index = UInt32(truncatingIfNeeded: index)
    return unsafe handle.raw(PK_VIDIOC_QBUF, UnsafeMutableRawPointer(buffer))
  }

  private func prepare() {
    unsafe buffer.pointee = v4l2_buffer()
    unsafe buffer.pointee.type = type.rawValue
    unsafe buffer.pointee.memory = V4L2_MEMORY_MMAP.rawValue
    if type.isMultiplanar {
      unsafe buffer.pointee.m.planes = unsafe planeList
      unsafe buffer.pointee.length = UInt32(truncatingIfNeeded: planesPerBuffer)
    }
  }

  /// DQBUF; what it gave is in ``taken``.
  /// - Returns: 0 or −errno.
  func dequeue() -> Int32 {
    prepare()
    if type.isMultiplanar { unsafe buffer.pointee.length = UInt32(VIDEO_MAX_PLANES) }
    let result = unsafe handle.raw(PK_VIDIOC_DQBUF, UnsafeMutableRawPointer(buffer))
    guard result >= 0 else { return result }
    queued -= 1
    let index = unsafe Int(buffer.pointee.index)
    guard index < count, isQueued[index] else {
      // An index that is none of ours, or one we hold: a bug of the driver's. One of ours is missing now.
      lost += 1
      unsafe buffer.pointee.index = .max
      return result
    }
    isQueued[index] = false
    for plane in 0..<planesPerBuffer { note(index * planesPerBuffer + plane, plane) }
    return result
  }

  /// `bytesused` and `data_offset` are the driver's word: they are cut to the buffer.
  private func note(_ at: Int, _ plane: Int) {
    let length = planes[at].length
    let claimed = unsafe type.isMultiplanar ? planeList[plane].bytesused : buffer.pointee.bytesused
    let end = min(Int(claimed), length)
    offsets[at] = unsafe type.isMultiplanar ? min(Int(planeList[plane].data_offset), end) : 0
    used[at] = end - offsets[at]
  }

  /// What the last DQBUF gave.
  var taken: Taken {
    let index = unsafe Int(buffer.pointee.index)
    return unsafe Taken(
      index: index < count ? index : nil, flags: buffer.pointee.flags, sequence: buffer.pointee.sequence,
      seconds: buffer.pointee.timestamp.tv_sec, microseconds: Int(buffer.pointee.timestamp.tv_usec))
  }

  /// Fields of a dequeued buffer.
  struct Taken {
    /// nil: an index that is none of ours.
    let index: Int?
    let flags: UInt32
    let sequence: UInt32
    let seconds: Int
    let microseconds: Int

    var isDamaged: Bool { flags & UInt32(V4L2_BUF_FLAG_ERROR) != 0 }
  }

  /// What the driver has filled of a buffer's plane; good until it is queued again.
  func bytes(_ index: Int, plane: Int = 0) -> UnsafeRawBufferPointer {
    let at = index * planesPerBuffer + plane
    return unsafe UnsafeRawBufferPointer(start: planes[at].base + offsets[at], count: used[at])
  }

  /// All planes of a buffer.
  func planes(of index: Int) -> [UnsafeRawBufferPointer] {
    unsafe (0..<planesPerBuffer).map { unsafe bytes(index, plane: $0) }
  }

  /// The DMABUF descriptors of a buffer.
  func descriptors(of index: Int) -> [Int32] {
    descriptors.isEmpty ? [] : Array(descriptors[index * planesPerBuffer..<(index + 1) * planesPerBuffer])
  }
}
