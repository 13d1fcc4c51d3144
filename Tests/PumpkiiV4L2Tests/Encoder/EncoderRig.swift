import CPumpkiiV4L2
import PumpkiiCapture
import PumpkiiV4L2

/// An encoder over a fake driver, and pictures for it.
struct EncoderRig {
  let kernel: FakeEncoder
  var format: VideoFormat
  var settings: M2MSettings

  init(
    _ script: FakeEncoderScript = FakeEncoderScript(), _ pixels: VideoFormat.Pixels = .nv12, _ width: Int = 64,
    _ height: Int = 48, stride: Int = 0, route: M2MSettings.Route = .mmap, bitrate: Int = 2_000_000
  ) {
    kernel = FakeEncoder(script)
    format = VideoFormat(pixels: pixels, width: width, height: height, bytesPerLine: stride, rate: .init(30))
    settings = M2MSettings(bitrate: bitrate, groupPictures: 60, route: route)
  }

  func open() throws -> M2MEncoder {
    guard let found = EncoderFinder.look(at: FakeEncoder.path, kernel: kernel) else { throw Missing() }
    return try M2MEncoder(found, format: format, settings: settings, kernel: kernel)
  }

  struct Missing: Error {}

  /// A picture of the camera's layout; bytes beside the picture are 0xEE.
  func frame(_ number: Int, lent: (any LentBuffer)? = nil) -> CapturedFrame {
    CapturedFrame(
      sequence: UInt32(number), timestamp: 1_000_000_000 + UInt64(number) * 33_333_333,
      bytes: lent == nil ? padded(number) : [], lent: lent)
  }

  /// Rows of each plane: bytes that count, bytes a line.
  private var planes: [(count: Int, rows: Int, stride: Int)] {
    let (width, height) = (format.width, format.height)
    let tight = format.pixels == .yuyv ? width * 2 : width
    let stride = format.bytesPerLine == 0 ? tight : format.bytesPerLine
    switch format.pixels {
    case .yuyv: return [(tight, height, stride)]
    case .nv12: return [(width, height, stride), (width, height / 2, stride)]
    default:
      return [(width, height, stride), (width / 2, height / 2, stride / 2), (width / 2, height / 2, stride / 2)]
    }
  }

  func padded(_ number: Int) -> [UInt8] {
    planes.enumerated().flatMap { plane, shape in
      (0..<shape.rows).flatMap { row in
        (0..<shape.stride).map { $0 < shape.count ? Self.sample(number, plane, row, $0) : 0xEE }
      }
    }
  }

  /// What an encoder should see of it.
  func visible(_ number: Int) -> [UInt8] {
    planes.enumerated().flatMap { plane, shape in
      (0..<shape.rows).flatMap { row in (0..<shape.count).map { Self.sample(number, plane, row, $0) } }
    }
  }

  private static func sample(_ number: Int, _ plane: Int, _ row: Int, _ column: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: number &* 31 &+ plane &* 97 &+ row &* 7 &+ column)
  }
}

/// A camera's buffer in a fake's memory.
final class FakeLent: LentBuffer, @unchecked Sendable {
  let descriptors: [Int32]
  let used: [Int]
  let bytes: [UInt8]
  init(_ descriptors: [Int32], _ planes: [[UInt8]]) {
    self.descriptors = descriptors
    used = planes.map(\.count)
    bytes = planes.flatMap { $0 }
  }
  func copy() -> [UInt8] { bytes }
}
