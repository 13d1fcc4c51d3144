internal import PumpkiiCapture

/// A range of numbers as drivers state one.
struct Steps {
  let least: UInt32
  let most: UInt32
  let step: UInt32

  /// Continuous ranges have a step of 1; a step of 0, which drivers answer too, is read as that.
  init(_ least: UInt32, _ most: UInt32, _ step: UInt32) {
    self.least = least
    self.most = max(most, least)
    self.step = max(step, 1)
  }

  func contains(_ value: UInt32) -> Bool { value >= least && value <= most && (value - least).isMultiple(of: step) }
}

/// The sizes that matter where a driver can do any.
enum CommonSizes {
  private static let known: [(width: UInt32, height: UInt32)] = [
    (160, 120), (320, 180), (320, 240), (640, 360), (640, 480), (800, 600), (960, 540), (1024, 768), (1280, 720),
    (1280, 960), (1600, 1200), (1640, 1232), (1920, 1080), (2048, 1536), (2304, 1296), (2560, 1440), (2592, 1944),
    (3280, 2464), (3840, 2160), (4056, 3040), (4608, 2592),
  ]

  /// Those of the known ones that fit, and the largest of all.
  static func within(width: Steps, height: Steps) -> [(width: UInt32, height: UInt32)] {
    var sizes = known.filter { width.contains($0.width) && height.contains($0.height) }
    if width.most > 0, height.most > 0, !sizes.contains(where: { $0.width == width.most && $0.height == height.most }) {
      sizes.append((width.most, height.most))
    }
    return sizes
  }
}

/// The rates that matter where a driver can do any.
enum CommonRates {
  private static let known: [UInt32] = [120, 90, 60, 50, 30, 25, 20, 15, 10, 5, 2, 1]

  /// Those of the known ones that fit, and the fastest, highest first.
  static func within(slowest: VideoFormat.Ratio, fastest: VideoFormat.Ratio) -> [VideoFormat.Ratio] {
    var rates = known.map { VideoFormat.Ratio($0) }.filter { $0.value >= slowest.value && $0.value <= fastest.value }
    if fastest.numerator > 0, fastest.value <= 1000, rates.first?.value != fastest.value {
      rates.insert(fastest, at: 0)
    }
    return rates
  }
}
