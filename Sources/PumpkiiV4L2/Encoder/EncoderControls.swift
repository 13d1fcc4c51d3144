internal import CPumpkiiV4L2

/// Sets up an encoder by its controls, reads back what became of each, and says what differs. No control is missed by
/// all encoders alike: one that is not there is no error.
struct EncoderControls {
  private let handle: V4L2Handle
  /// A line for each value that is not what was asked.
  private(set) var notes: [String] = []

  init(_ handle: V4L2Handle) { self.handle = handle }

  /// True where a picture that stands alone can be asked for.
  var canForceKey: Bool {
    if case .control = handle.queryControl(Self.forceKey) { return true }
    return false
  }

  /// Asks for a picture that stands alone.
  /// - Returns: 0 or −errno.
  static func forceKey(_ handle: V4L2Handle) -> Int32 { handle.setControl(forceKey, 1) }

  /// - Returns: what the encoder cannot do, for people; nil when it is set up.
  mutating func set(width: Int, height: Int, rate: Double, bitrate: Int, group: Int, isH264: Bool) -> String? {
    var bits = bitrate
    var level: Int?
    if isH264 {
      switch H264Level.choose(
        width: width, height: height, rate: rate, bitrate: bitrate, highestMenu: highest(Self.level))
      {
      case .refused(let reason): return reason
      case .use(let chosen, let allowed):
        if allowed < bitrate { notes.append("bitrate \(bitrate) is more than level \(chosen.name) has: \(allowed)") }
        bits = allowed
        level = chosen.menu
      }
    }
    set("B frames", V4L2_CID_MPEG_VIDEO_B_FRAMES, 0)
    set("rate control", V4L2_CID_MPEG_VIDEO_FRAME_RC_ENABLE, 1)
    set("bitrate", V4L2_CID_MPEG_VIDEO_BITRATE, bits)
    set("group", V4L2_CID_MPEG_VIDEO_GOP_SIZE, group)
    if isH264 {
      set("I period", V4L2_CID_MPEG_VIDEO_H264_I_PERIOD, group)
      set("profile", V4L2_CID_MPEG_VIDEO_H264_PROFILE, profile)
      if let level { set("level", V4L2_CID_MPEG_VIDEO_H264_LEVEL, level) }
    }
    set("header mode", V4L2_CID_MPEG_VIDEO_HEADER_MODE, Int(V4L2_MPEG_VIDEO_HEADER_MODE_JOINED_WITH_1ST_FRAME.rawValue))
    set("repeated headers", V4L2_CID_MPEG_VIDEO_REPEAT_SEQ_HEADER, 1)
    return nil
  }

  private static let level = UInt32(V4L2_CID_MPEG_VIDEO_H264_LEVEL)
  private static let forceKey = UInt32(V4L2_CID_MPEG_VIDEO_FORCE_KEY_FRAME)

  /// High where the encoder has it: the same picture for fewer bits; every viewer decodes all three.
  private var profile: Int {
    guard case .control(let control) = handle.queryControl(UInt32(V4L2_CID_MPEG_VIDEO_H264_PROFILE)) else {
      return Int(V4L2_MPEG_VIDEO_H264_PROFILE_HIGH.rawValue)
    }
    let offered = handle.menu(of: control)
    let wanted = [
      V4L2_MPEG_VIDEO_H264_PROFILE_HIGH, V4L2_MPEG_VIDEO_H264_PROFILE_MAIN,
      V4L2_MPEG_VIDEO_H264_PROFILE_CONSTRAINED_BASELINE,
    ]
    return wanted.map { Int($0.rawValue) }.first { offered[$0] != nil } ?? control.standard
  }

  private func highest(_ id: UInt32) -> Int? {
    guard case .control(let control) = handle.queryControl(id) else { return nil }
    return handle.menu(of: control).keys.max() ?? control.maximum
  }

  private mutating func set(_ name: String, _ id: some BinaryInteger, _ wanted: Int) {
    let id = UInt32(truncatingIfNeeded: id)
    guard case .control(let control) = handle.queryControl(id) else { return }
    let value = control.kind == .integer ? min(max(wanted, control.minimum), control.maximum) : wanted
    let result = handle.setControl(id, Int32(clamping: value))
    guard result >= 0 else {
      notes.append("\(name) cannot be set to \(wanted) (errno \(-result))")
      return
    }
    if case .success(let got) = handle.controlValue(id), got != wanted {
      notes.append("\(name) is \(got), not \(wanted)")
    }
  }
}
