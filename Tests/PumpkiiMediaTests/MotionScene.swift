import Foundation
import PumpkiiMedia

/// A scene of 320 × 180 for motion detection: a room's shading, noise, light, and a square that may move.
struct MotionScene {
  static let (width, height) = (320, 180)

  var noise = 0
  /// A factor and an offset of all luma, as exposure and lamps make.
  var gain = 1.0
  var offset = 0.0
  /// Upper left corner of a square of 24 pixels.
  var square: (x: Int, y: Int)?
  var background: [UInt8]
  private var dice = Dice(state: 7)

  init(background: [UInt8]? = nil) {
    self.background =
      background
      ?? (0..<Self.width * Self.height).map { at in
        UInt8(
          50 + (at % Self.width) / 4 + (at / Self.width) / 3 + ((at % 40 < 20) != (at / Self.width % 40 < 20) ? 30 : 0))
      }
  }

  mutating func grid() throws -> LumaGrid {
    var image = PlanarImage(width: Self.width, height: Self.height, fullRange: true)
    var luma = background
    if let square {
      for y in square.y..<min(square.y + 24, Self.height) {
        for x in square.x..<min(square.x + 24, Self.width) { luma[y * Self.width + x] = 235 }
      }
    }
    for at in luma.indices {
      let shaken = noise == 0 ? 0 : Int(dice.next() % UInt64(2 * noise + 1)) - noise
      luma[at] = UInt8(clamping: Int(Double(luma[at]) * gain + offset) + shaken)
    }
    image.bytes.replaceSubrange(..<luma.count, with: luma)
    return LumaGrid(image)
  }

  /// A still of `devices/media` in the scene's size.
  static func still(_ name: String, x: Int = 0) throws -> [UInt8] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let path = root.appendingPathComponent("devices/media/\(name).jpg").path
    return try Tool.ffmpeg(
      "-i \(path) -vf scale=360:-2,crop=\(width):\(height):\(x):20,format=gray -f rawvideo -")
  }
}

/// A detector with a clock.
struct Watchman {
  var detector: MotionDetector
  var now: UInt64 = 1_000_000_000
  var reports: [DetectionReport] = []
  var stages: [DetectionReport.Stage] { reports.map(\.stage) }

  init(_ settings: MotionSettings = MotionSettings()) { detector = MotionDetector(settings: settings) }

  mutating func look(_ scene: inout MotionScene, times: Int = 1, step: (inout MotionScene, Int) -> Void = { _, _ in })
    throws
  {
    for number in 0..<times {
      step(&scene, number)
      now += 200_000_000
      if let report = detector.look(try scene.grid(), at: now) { reports.append(report) }
    }
  }
}
