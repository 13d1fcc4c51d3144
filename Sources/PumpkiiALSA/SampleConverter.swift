/// Brings what a device gives to interleaved 16-bit samples of its first channels.
package enum SampleConverter {
  /// Converts `frames` frames.
  /// - Returns: samples written, never more than `target` has room for.
  package static func convert(
    _ source: UnsafeRawBufferPointer, shape: PCMShape, frames: Int, into target: UnsafeMutableBufferPointer<Int16>
  ) -> Int {
    let whole = min(
      frames, source.count / max(shape.frameBytes, 1), target.count / max(shape.used, 1))
    var out = 0
    for frame in 0..<max(whole, 0) {
      for channel in 0..<shape.used {
        let offset = frame * shape.frameBytes + channel * shape.format.width
        unsafe target[out] = unsafe sample(source, offset, shape.format)
        out += 1
      }
    }
    return out
  }

  private static func sample(_ source: UnsafeRawBufferPointer, _ at: Int, _ format: SampleFormat) -> Int16 {
    switch format {
    case .s16: return unsafe Int16(littleEndian: source.loadUnaligned(fromByteOffset: at, as: Int16.self))
    case .s32: return unsafe rounded(Int32(littleEndian: source.loadUnaligned(fromByteOffset: at, as: Int32.self)))
    case .s24:
      // The upper byte is not said to be anything.
      return unsafe rounded(Int32(littleEndian: source.loadUnaligned(fromByteOffset: at, as: Int32.self)) << 8)
    case .s24packed:
      let value = unsafe UInt32(source[at]) << 8 | UInt32(source[at + 1]) << 16 | UInt32(source[at + 2]) << 24
      return rounded(Int32(bitPattern: value))
    case .float:
      let bits = unsafe UInt32(littleEndian: source.loadUnaligned(fromByteOffset: at, as: UInt32.self))
      let value = Float(bitPattern: bits) * 32_768
      return value.isNaN ? 0 : Int16(max(-32_768, min(32_767, value.rounded())))
    }
  }

  /// The upper half, to the nearest.
  private static func rounded(_ value: Int32) -> Int16 {
    let (sum, isOver) = value.addingReportingOverflow(1 << 15)
    return isOver ? .max : Int16(truncatingIfNeeded: sum >> 16)
  }
}
