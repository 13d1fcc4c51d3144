import Foundation
import PumpkiiCapture
import PumpkiiMedia

/// Pictures and sound to work on.
enum Material {
  /// Peak signal to noise ratio in dB, of bytes against bytes.
  static func psnr(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Double {
    guard left.count == right.count, !left.isEmpty else { return 0 }
    // Arrays and a plain loop: in a debug build anything finer takes seconds.
    let (first, second) = (Array(left), Array(right))
    var sum = 0
    var at = 0
    while at < first.count {
      let difference = Int(first[at]) - Int(second[at])
      sum += difference * difference
      at += 1
    }
    return sum == 0 ? 100 : 10 * log10(255 * 255 * Double(first.count) / Double(sum))
  }

  /// Frames of ffmpeg's test picture in a raw layout, one after the other.
  static func raw(_ pixels: String, width: Int, height: Int, frames: Int) throws -> [[UInt8]] {
    let bytes = try Tool.ffmpeg(
      "-f lavfi -i testsrc2=s=\(width)x\(height):r=25 -frames:v \(frames) "
        + "-vf scale=\(width):\(height):flags=accurate_rnd,format=\(pixels) -f rawvideo -"
    )
    let size = bytes.count / frames
    return (0..<frames).map { Array(bytes[$0 * size..<($0 + 1) * size]) }
  }

  /// JPEGs of ffmpeg's test picture.
  static func jpegs(_ pixels: String, width: Int, height: Int, frames: Int) throws -> [[UInt8]] {
    let stream = try Tool.ffmpeg(
      "-f lavfi -i testsrc2=s=\(width)x\(height):r=25 -frames:v \(frames) "
        + "-vf scale=\(width):\(height) -pix_fmt \(pixels) -c:v mjpeg -huffman default -q:v 2 -f mjpeg -"
    )
    var found: [[UInt8]] = []
    var start = 0
    for at in 1..<stream.count where stream[at - 1] == 0xFF && stream[at] == 0xD9 {
      found.append(Array(stream[start...at]))
      start = at + 1
    }
    return found
  }

  /// Frames of a still that moves a little, as planes.
  static func images(count: Int, width: Int = 320, height: Int = 240, fullRange: Bool = false) throws -> [PlanarImage] {
    try raw("yuv420p", width: width, height: height, frames: count).map {
      try required(PlanarImage(width: width, height: height, fullRange: fullRange, bytes: $0))
    }
  }

  static func format(
    _ pixels: VideoFormat.Pixels, _ width: Int = 320, _ height: Int = 240, fullRange: Bool = false
  ) -> VideoFormat {
    VideoFormat(pixels: pixels, width: width, height: height, rate: .init(25), fullRange: fullRange)
  }

  static func frame(_ bytes: [UInt8], _ number: Int) -> CapturedFrame {
    CapturedFrame(sequence: UInt32(number), timestamp: UInt64(number) * 40_000_000, bytes: bytes)
  }

  /// Runs frames through a processor at 25 a second; the film is header and chunks.
  static func film(
    _ processor: VideoProcessor, _ frames: [[UInt8]], from start: UInt64 = 0
  ) throws -> (film: [UInt8], results: [VideoResult]) {
    var chunks: [UInt8] = []
    var results: [VideoResult] = []
    for (number, bytes) in frames.enumerated() {
      let time = start + UInt64(number) * 40_000_000
      let result = try processor.process(frame(bytes, number), at: time, randomAccess: false)
      if case .chunk(let chunk) = result { chunks += chunk.bytes }
      results.append(result)
    }
    return ((processor.initialization ?? []) + chunks, results)
  }

  /// Luma planes of a film decoded by ffmpeg.
  static func decoded(_ film: [UInt8], pixels: String = "yuv420p", width: Int, height: Int) throws -> [[UInt8]] {
    let bytes = try Tool.ffmpeg("-i - -fps_mode passthrough -pix_fmt \(pixels) -f rawvideo -", input: film)
    let size = width * height * 3 / 2
    return (0..<bytes.count / size).map { Array(bytes[$0 * size..<($0 + 1) * size]) }
  }
}

struct Missing: Error {}

func required<Value>(_ value: Value?) throws -> Value {
  guard let value else { throw Missing() }
  return value
}

extension VideoResult {
  var chunk: EncodedChunk? {
    if case .chunk(let chunk) = self { return chunk }
    return nil
  }
  var drop: DropReason? {
    if case .dropped(let reason) = self { return reason }
    return nil
  }
}

/// Repeatable numbers (splitmix64).
struct Dice: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
