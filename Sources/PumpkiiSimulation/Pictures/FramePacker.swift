internal import PumpkiiCapture
internal import PumpkiiMedia

/// Brings a painted picture into the format that the camera delivers. Confined to one thread.
final class FramePacker {
  private let format: VideoFormat
  private let encoder: JPEGEncoder?

  /// - Throws: ``CaptureError`` `failed` when no JPEG encoder starts.
  init(format: VideoFormat, quality: Int) throws(CaptureError) {
    self.format = format
    do throws(MediaError) {
      encoder = format.pixels == .mjpeg ? try JPEGEncoder(quality: quality) : nil
    } catch {
      throw CaptureError(.failed, error.reason, advice: error.advice)
    }
  }

  func pack(_ image: PlanarImage) throws(CaptureError) -> [UInt8] {
    if let encoder {
      do throws(MediaError) { return try encoder.encode(image) } catch {
        throw CaptureError(.failed, error.reason, advice: error.advice)
      }
    }
    let planes = format.fullRange ? image : Self.limited(image)
    let luma = planes.width * planes.height
    let u = Array(planes.bytes[luma..<(luma + luma / 4)])
    let v = Array(planes.bytes[(luma + luma / 4)...])
    let y = Array(planes.bytes[..<luma])
    switch format.pixels {
    case .grey: return y
    case .nv12: return y + Self.interleave(u, v)
    case .yuv422: return y + tall(u) + tall(v)
    case .yuv444: return y + wide(tall(u)) + wide(tall(v))
    case .yuyv: return packed(y, tall(u), tall(v))
    case .yuv420, .mjpeg, .h264: return planes.bytes
    }
  }

  /// Full range to limited, by a table for each kind of plane.
  private static func limited(_ image: PlanarImage) -> PlanarImage {
    var image = image
    let luma = image.width * image.height
    let lumaTable = (0...255).map { (level: Int) in UInt8((level * 219 + 127) / 255 + 16) }
    let chromaTable = (0...255).map { (level: Int) in UInt8(((level - 128) * 224 + 128 * 255 + 127) / 255) }
    unsafe image.bytes.withUnsafeMutableBufferPointer { bytes in
      for index in 0..<luma { unsafe bytes[index] = lumaTable[Int(bytes[index])] }
      for index in luma..<bytes.count { unsafe bytes[index] = chromaTable[Int(bytes[index])] }
    }
    return image
  }

  private static func interleave(_ u: [UInt8], _ v: [UInt8]) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: u.count * 2) { target, count in
      for index in u.indices {
        unsafe target[2 * index] = u[index]
        unsafe target[2 * index + 1] = v[index]
      }
      count = u.count * 2
    }
  }

  /// Each chroma line twice.
  private func tall(_ plane: [UInt8]) -> [UInt8] {
    let width = format.width / 2
    var lines: [UInt8] = []
    lines.reserveCapacity(plane.count * 2)
    for start in stride(from: 0, to: plane.count, by: width) {
      lines += plane[start..<(start + width)]
      lines += plane[start..<(start + width)]
    }
    return lines
  }

  /// Each chroma pixel twice.
  private func wide(_ plane: [UInt8]) -> [UInt8] { Self.interleave(plane, plane) }

  private func packed(_ y: [UInt8], _ u: [UInt8], _ v: [UInt8]) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: y.count * 2) { target, count in
      for index in u.indices {
        unsafe target[4 * index] = y[2 * index]
        unsafe target[4 * index + 1] = u[index]
        unsafe target[4 * index + 2] = y[2 * index + 1]
        unsafe target[4 * index + 3] = v[index]
      }
      count = y.count * 2
    }
  }
}
