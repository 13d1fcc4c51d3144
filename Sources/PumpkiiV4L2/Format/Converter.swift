internal import CPumpkiiV4L2
internal import PumpkiiCapture

/// Turns the formats that nothing else here knows into YUV 4:2:0, by libv4lconvert. Used from one thread.
@safe final class Converter {
  private let state: OpaquePointer
  private var source = unsafe v4l2_format()
  private var target = unsafe v4l2_format()
  private let size: Int

  /// nil where the library refuses.
  init?(_ answer: NodeFormat) {
    guard let state = unsafe pk_convert_create() else { return nil }
    unsafe self.state = unsafe state
    // 4:2:0 has no odd sizes.
    let width = answer.width & ~1
    let height = answer.height & ~1
    size = width * height * 3 / 2
    unsafe source.type = BufferType.capture.rawValue
    unsafe source.fmt.pix.width = UInt32(clamping: answer.width)
    unsafe source.fmt.pix.height = UInt32(clamping: answer.height)
    unsafe source.fmt.pix.pixelformat = answer.fourcc
    unsafe source.fmt.pix.bytesperline = UInt32(clamping: answer.planes.first?.bytesPerLine ?? 0)
    unsafe source.fmt.pix.sizeimage = UInt32(clamping: answer.planes.first?.size ?? 0)
    unsafe target.type = BufferType.capture.rawValue
    unsafe target.fmt.pix.width = UInt32(clamping: width)
    unsafe target.fmt.pix.height = UInt32(clamping: height)
    unsafe target.fmt.pix.pixelformat = PK_FOURCC_YUV420
    unsafe target.fmt.pix.bytesperline = UInt32(clamping: width)
    unsafe target.fmt.pix.sizeimage = UInt32(clamping: size)
  }

  deinit { unsafe v4lconvert_destroy(state) }

  /// One picture as planes without padding; nil where the library finds it broken.
  func convert(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
    guard let base = bytes.baseAddress, bytes.count > 0 else { return nil }
    // The library does not write to its source, though it does not say so.
    let from = unsafe UnsafeMutablePointer(mutating: base.assumingMemoryBound(to: UInt8.self))
    var result: Int32 = -1
    let picture = unsafe [UInt8](unsafeUninitializedCapacity: size) { room, written in
      result = unsafe v4lconvert_convert(
        state, &source, &target, from, Int32(clamping: bytes.count), room.baseAddress, Int32(clamping: size))
      written = result == Int32(clamping: size) ? size : 0
    }
    return picture.isEmpty ? nil : picture
  }
}
