/// One plane of an encoder's buffer in our memory.
@safe struct EncoderMapping {
  let address: UnsafeMutableRawPointer
  let length: Int

  func unmap(_ kernel: any DeviceKernel) { unsafe kernel.unmap(address, length: length) }

  var bytes: UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(start: address, count: length)
  }
}
