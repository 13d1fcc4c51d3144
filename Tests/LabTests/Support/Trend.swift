/// By how much something grows from one reading to the next, whatever single readings do: the median of the slopes
/// between all pairs. Steps up and down, and a cache that fills once, leave it where it was; what is lost each time moves it.
struct Trend {
  private(set) var readings: [Int] = []

  mutating func add(_ reading: Int) { readings.append(reading) }

  var slope: Double {
    var slopes: [Double] = []
    for (index, first) in readings.enumerated() {
      for (distance, second) in readings[(index + 1)...].enumerated() {
        slopes.append(Double(second - first) / Double(distance + 1))
      }
    }
    slopes.sort()
    return slopes.isEmpty ? 0 : slopes[slopes.count / 2]
  }
}
