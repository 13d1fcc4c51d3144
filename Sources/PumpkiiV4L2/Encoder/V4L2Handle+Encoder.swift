internal import CPumpkiiV4L2
internal import Glibc
internal import PumpkiiCapture

/// A raw buffer on its way to an encoder.
struct RawBuffer {
  var index: Int
  /// Of the picture, µs; comes back with the coded one.
  var microseconds: Int64
  /// One a plane of memory: bytes used, bytes there are, and the descriptor where the memory is another device's.
  var planes: [(used: Int, length: Int, descriptor: Int32?)]
}

/// A buffer as an encoder gave it back.
struct ReturnedBuffer: Equatable {
  var index: Int
  var used: Int
  /// Where in the buffer the bytes begin.
  var offset: Int
  var flags: UInt32
  var microseconds: Int64
}

extension V4L2Handle {
  /// S_FMT of the raw side, with the lines' length that the camera's buffers have, and what the colours mean.
  /// - Throws: ``CallError``.
  func setRawFormat(
    _ type: BufferType, fourcc: UInt32, for format: VideoFormat, stride: Int
  ) throws(CallError) -> NodeFormat {
    var wish = unsafe v4l2_format()
    unsafe wish.type = type.rawValue
    let (width, height) = (UInt32(clamping: format.width), UInt32(clamping: format.height))
    let quantization = format.fullRange ? V4L2_QUANTIZATION_FULL_RANGE : V4L2_QUANTIZATION_LIM_RANGE
    if type.isMultiplanar {
      unsafe wish.fmt.pix_mp.width = width
      unsafe wish.fmt.pix_mp.height = height
      unsafe wish.fmt.pix_mp.pixelformat = fourcc
      unsafe wish.fmt.pix_mp.field = V4L2_FIELD_NONE.rawValue
      unsafe wish.fmt.pix_mp.colorspace = V4L2_COLORSPACE_SMPTE170M.rawValue
      unsafe wish.fmt.pix_mp.quantization = UInt8(truncatingIfNeeded: quantization.rawValue)
      unsafe wish.fmt.pix_mp.num_planes = UInt8(clamping: PixelTable.planes(of: fourcc))
      unsafe wish.fmt.pix_mp.plane_fmt.0.bytesperline = UInt32(clamping: stride)
    } else {
      unsafe wish.fmt.pix.width = width
      unsafe wish.fmt.pix.height = height
      unsafe wish.fmt.pix.pixelformat = fourcc
      unsafe wish.fmt.pix.field = V4L2_FIELD_NONE.rawValue
      unsafe wish.fmt.pix.colorspace = V4L2_COLORSPACE_SMPTE170M.rawValue
      unsafe wish.fmt.pix.quantization = quantization.rawValue
      unsafe wish.fmt.pix.bytesperline = UInt32(clamping: stride)
    }
    unsafe try require("S_FMT", PK_VIDIOC_S_FMT, &wish)
    return try currentFormat(type)
  }

  /// Crops the raw side to the picture.
  /// - Returns: the width and height that will be coded; nil where the driver cannot crop.
  func crop(_ type: BufferType, width: Int, height: Int) -> (width: Int, height: Int)? {
    var selection = v4l2_selection()
    // Selections know the single-planar names alone.
    selection.type = type.isMultiplanar ? BufferType.output.rawValue : type.rawValue
    selection.target = UInt32(V4L2_SEL_TGT_CROP)
    selection.r.width = UInt32(clamping: width)
    selection.r.height = UInt32(clamping: height)
    guard patientCall(PK_VIDIOC_S_SELECTION, &selection) >= 0, selection.r.left == 0, selection.r.top == 0 else {
      return nil
    }
    return (Int(selection.r.width), Int(selection.r.height))
  }

  /// QBUF of a picture.
  /// - Returns: 0 or −errno.
  func queueRaw(_ type: BufferType, _ raw: RawBuffer) -> Int32 {
    var buffer = unsafe v4l2_buffer()
    unsafe buffer.index = UInt32(clamping: raw.index)
    unsafe buffer.type = type.rawValue
    unsafe buffer.field = V4L2_FIELD_NONE.rawValue
    unsafe buffer.timestamp.tv_sec = Int(raw.microseconds / 1_000_000)
    unsafe buffer.timestamp.tv_usec = Int(raw.microseconds % 1_000_000)
    let isForeign = raw.planes.first?.descriptor != nil
    unsafe buffer.memory = isForeign ? V4L2_MEMORY_DMABUF.rawValue : V4L2_MEMORY_MMAP.rawValue
    guard type.isMultiplanar else {
      guard let plane = raw.planes.first else { return -EINVAL }
      unsafe buffer.bytesused = UInt32(clamping: plane.used)
      unsafe buffer.length = UInt32(clamping: plane.length)
      if let descriptor = plane.descriptor { unsafe buffer.m.fd = descriptor }
      return unsafe call(PK_VIDIOC_QBUF, &buffer)
    }
    var planes = raw.planes.map { plane in
      var own = v4l2_plane()
      own.bytesused = UInt32(clamping: plane.used)
      own.length = UInt32(clamping: plane.length)
      if let descriptor = plane.descriptor { unsafe own.m.fd = descriptor }
      return own
    }
    return unsafe withPlanes(&planes, &buffer) { buffer in unsafe call(PK_VIDIOC_QBUF, &buffer) }
  }

  /// QBUF of an empty buffer for a coded picture.
  /// - Returns: 0 or −errno.
  func queueCoded(_ type: BufferType, index: Int) -> Int32 {
    var buffer = unsafe v4l2_buffer()
    unsafe buffer.index = UInt32(clamping: index)
    unsafe buffer.type = type.rawValue
    unsafe buffer.memory = V4L2_MEMORY_MMAP.rawValue
    guard type.isMultiplanar else { return unsafe call(PK_VIDIOC_QBUF, &buffer) }
    var planes = [v4l2_plane()]
    return unsafe withPlanes(&planes, &buffer) { buffer in unsafe call(PK_VIDIOC_QBUF, &buffer) }
  }

  /// DQBUF.
  /// - Returns: a buffer, or errno.
  func dequeue(_ type: BufferType, isForeign: Bool) -> (buffer: ReturnedBuffer?, errno: Int32) {
    var buffer = unsafe v4l2_buffer()
    unsafe buffer.type = type.rawValue
    unsafe buffer.memory = isForeign ? V4L2_MEMORY_DMABUF.rawValue : V4L2_MEMORY_MMAP.rawValue
    var planes = [v4l2_plane](repeating: v4l2_plane(), count: Int(VIDEO_MAX_PLANES))
    let result =
      type.isMultiplanar
      ? unsafe withPlanes(&planes, &buffer) { buffer in unsafe call(PK_VIDIOC_DQBUF, &buffer) }
      : unsafe call(PK_VIDIOC_DQBUF, &buffer)
    guard result >= 0 else { return (nil, -result) }
    let used = unsafe Int(type.isMultiplanar ? planes[0].bytesused : buffer.bytesused)
    let offset = type.isMultiplanar ? Int(planes[0].data_offset) : 0
    let time = unsafe Int64(buffer.timestamp.tv_sec) &* 1_000_000 &+ Int64(buffer.timestamp.tv_usec)
    return (
      ReturnedBuffer(
        index: unsafe Int(buffer.index), used: used, offset: offset, flags: unsafe buffer.flags, microseconds: time),
      0
    )
  }

  /// ENCODER_CMD.
  /// - Returns: 0 or −errno.
  func command(_ command: UInt32) -> Int32 {
    var order = v4l2_encoder_cmd()
    order.cmd = command
    return call(PK_VIDIOC_ENCODER_CMD, &order)
  }

  private func withPlanes(
    _ planes: inout [v4l2_plane], _ buffer: inout v4l2_buffer, _ body: (inout v4l2_buffer) -> Int32
  ) -> Int32 {
    unsafe planes.withUnsafeMutableBufferPointer { pointer in
      unsafe buffer.m.planes = pointer.baseAddress
      unsafe buffer.length = UInt32(pointer.count)
      defer { unsafe buffer.m.planes = nil }
      return unsafe body(&buffer)
    }
  }
}
