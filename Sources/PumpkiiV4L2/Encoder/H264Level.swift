/// Levels of H.264 (ITU-T H.264, table A-1) and their places in V4L2's menu.
struct H264Level: Equatable {
  /// `4.0`.
  let name: String
  /// In `V4L2_CID_MPEG_VIDEO_H264_LEVEL`.
  let menu: Int
  /// Macroblocks a second.
  let speed: Int
  /// Macroblocks a picture.
  let size: Int
  /// Bits a second in the baseline and main profiles.
  let bitrate: Int

  private init(_ name: String, _ menu: Int, _ speed: Int, _ size: Int, _ kilobits: Int) {
    self.name = name
    self.menu = menu
    self.speed = speed
    self.size = size
    bitrate = kilobits * 1000
  }

  static let all: [H264Level] = [
    H264Level("1.0", 0, 1485, 99, 64), H264Level("1.1", 2, 3000, 396, 192), H264Level("1.2", 3, 6000, 396, 384),
    H264Level("1.3", 4, 11_880, 396, 768), H264Level("2.0", 5, 11_880, 396, 2000),
    H264Level("2.1", 6, 19_800, 792, 4000), H264Level("2.2", 7, 20_250, 1620, 4000),
    H264Level("3.0", 8, 40_500, 1620, 10_000), H264Level("3.1", 9, 108_000, 3600, 14_000),
    H264Level("3.2", 10, 216_000, 5120, 20_000), H264Level("4.0", 11, 245_760, 8192, 20_000),
    H264Level("4.1", 12, 245_760, 8192, 50_000), H264Level("4.2", 13, 522_240, 8704, 50_000),
    H264Level("5.0", 14, 589_824, 22_080, 135_000), H264Level("5.1", 15, 983_040, 36_864, 240_000),
  ]

  /// The lowest level that holds pictures of a size and rate, whatever their bitrate; nil above all of them.
  static func least(width: Int, height: Int, rate: Double, bitrate: Int = 0) -> H264Level? {
    let blocks = ((width + 15) / 16) * ((height + 15) / 16)
    let speed = Double(blocks) * max(rate, 1)
    return all.first { $0.size >= blocks && Double($0.speed) >= speed && $0.bitrate >= bitrate }
  }

  /// What to ask of an encoder whose highest level is known, or not (nil).
  enum Choice: Equatable {
    /// A level, and the bitrate it leaves.
    case use(H264Level, bitrate: Int)
    /// The pictures need more than the encoder has.
    case refused(String)
  }

  static func choose(width: Int, height: Int, rate: Double, bitrate: Int, highestMenu: Int?) -> Choice {
    let what = "\(width)×\(height) at \(Int(rate.rounded())) a second"
    guard let least = least(width: width, height: height, rate: rate) else {
      return .refused("no level of H.264 holds \(what)")
    }
    let offered = all.filter { $0.menu <= highestMenu ?? .max }
    guard let highest = offered.last, highest.menu >= least.menu else {
      return .refused("\(what) needs level \(least.name), its highest is \(offered.last?.name ?? "none")")
    }
    let fitting = offered.first { $0.menu >= least.menu && $0.bitrate >= bitrate } ?? highest
    // Above the level's bitrate firmware refuses to start (ESRCH at STREAMON).
    return .use(fitting, bitrate: min(bitrate, fitting.bitrate))
  }
}
