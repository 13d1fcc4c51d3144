internal import PumpkiiCapture

/// Frame rates as people write them.
enum FrameRate {
  /// 29.97 is 30000/1001 and so on; else in thousandths.
  static func ratio(_ value: Double) -> VideoFormat.Ratio {
    if value == value.rounded() { return VideoFormat.Ratio(UInt32(max(value, 1))) }
    let whole = (value * 1.001).rounded()
    if abs(whole / 1.001 - value) < 0.006 { return VideoFormat.Ratio(UInt32(whole) * 1000, 1001) }
    return VideoFormat.Ratio(UInt32((max(value, 0.1) * 1000).rounded()), 1000)
  }
}
