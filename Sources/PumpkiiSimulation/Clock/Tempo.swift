/// Where a device's rate drops to half for a while: how many periods have gone by before each unit. By formula, as
/// ``Pace`` is.
struct Tempo: Sendable {
  /// From `unit` on, which comes after `ticks` periods, each unit takes `pace` periods.
  private struct Stretch {
    var unit: UInt64
    var ticks: Double
    var pace: Double
  }

  private var stretches = [Stretch(unit: 0, ticks: 0, pace: 1)]

  /// Always the full rate.
  init() {}

  /// Half the rate for these units, which are in order and do not overlap.
  init(slow: [Range<UInt64>]) {
    for range in slow {
      append(range.lowerBound, pace: 2)
      append(range.upperBound, pace: 1)
    }
  }

  /// Periods from unit 0 to this one.
  func ticks(before unit: UInt64) -> Double {
    let stretch = stretches.last { $0.unit <= unit } ?? stretches[0]
    return stretch.ticks + Double(unit - stretch.unit) * stretch.pace
  }

  /// The last unit that is there when so many periods have gone by.
  func unit(after ticks: Double) -> UInt64 {
    let stretch = stretches.last { $0.ticks <= ticks } ?? stretches[0]
    return stretch.unit + UInt64(max(ticks - stretch.ticks, 0) / stretch.pace)
  }

  private mutating func append(_ unit: UInt64, pace: Double) {
    stretches.append(Stretch(unit: unit, ticks: ticks(before: unit), pace: pace))
  }
}
