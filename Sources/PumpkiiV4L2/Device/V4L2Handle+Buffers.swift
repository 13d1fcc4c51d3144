internal import CPumpkiiV4L2
internal import Glibc

/// One plane of a driver's buffer, as QUERYBUF describes it.
package struct BufferPlane: Sendable, Hashable {
  /// Bytes.
  package var length: Int
  /// For mmap(2).
  package var offset: Int64

  /// A plane.
  package init(length: Int, offset: Int64) {
    self.length = length
    self.offset = offset
  }
}

extension V4L2Handle {
  /// REQBUFS; 0 frees what there is.
  /// - Parameter memory: MMAP, or DMABUF for buffers of another device.
  /// - Returns: how many the driver has made: fewer or more than asked.
  /// - Throws: ``CallError``.
  package func requestBuffers(
    _ type: BufferType, count: Int, memory: UInt32 = V4L2_MEMORY_MMAP.rawValue
  ) throws(CallError) -> Int {
    var request = v4l2_requestbuffers()
    request.count = UInt32(clamping: count)
    request.type = type.rawValue
    request.memory = memory
    try require("REQBUFS", PK_VIDIOC_REQBUFS, &request)
    return min(Int(request.count), 64)
  }

  /// QUERYBUF.
  /// - Returns: where its planes lie.
  /// - Throws: ``CallError``.
  package func queryBuffer(_ type: BufferType, index: Int) throws(CallError) -> [BufferPlane] {
    var buffer = unsafe v4l2_buffer()
    unsafe buffer.type = type.rawValue
    unsafe buffer.memory = V4L2_MEMORY_MMAP.rawValue
    unsafe buffer.index = UInt32(clamping: index)
    guard type.isMultiplanar else {
      unsafe try require("QUERYBUF", PK_VIDIOC_QUERYBUF, &buffer)
      return unsafe [BufferPlane(length: Int(buffer.length), offset: Int64(buffer.m.offset))]
    }
    var planes = [v4l2_plane](repeating: v4l2_plane(), count: Int(VIDEO_MAX_PLANES))
    let result = unsafe planes.withUnsafeMutableBufferPointer { pointer in
      unsafe buffer.m.planes = pointer.baseAddress
      unsafe buffer.length = UInt32(pointer.count)
      return unsafe patientCall(PK_VIDIOC_QUERYBUF, &buffer)
    }
    if result < 0 { throw CallError("QUERYBUF", errno: -result) }
    let count = unsafe min(max(Int(buffer.length), 1), planes.count)
    return planes.prefix(count).map {
      unsafe BufferPlane(length: Int($0.length), offset: Int64($0.m.mem_offset))
    }
  }

  /// EXPBUF: a DMABUF descriptor of one plane.
  /// - Throws: ``CallError``; many drivers cannot.
  package func exportBuffer(_ type: BufferType, index: Int, plane: Int) throws(CallError) -> Int32 {
    var request = v4l2_exportbuffer()
    request.type = type.rawValue
    request.index = UInt32(clamping: index)
    request.plane = UInt32(clamping: plane)
    request.flags = UInt32(O_CLOEXEC | O_RDONLY)
    try require("EXPBUF", PK_VIDIOC_EXPBUF, &request)
    return request.fd
  }

  /// STREAMON.
  /// - Throws: ``CallError``; ENOSPC is the USB bandwidth.
  package func streamOn(_ type: BufferType) throws(CallError) {
    var type = Int32(bitPattern: type.rawValue)
    try require("STREAMON", PK_VIDIOC_STREAMON, &type)
  }

  /// STREAMOFF. All buffers come back to us.
  /// - Returns: 0 or −errno.
  @discardableResult
  package func streamOff(_ type: BufferType) -> Int32 {
    var type = Int32(bitPattern: type.rawValue)
    return call(PK_VIDIOC_STREAMOFF, &type)
  }
}
