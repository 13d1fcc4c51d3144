/// Holds the film a guest kept against the film the camera played: every frame by the number burnt into it, and the
/// numbers against the ledger.
package struct FilmComparison: Sendable {
  /// The likeness that half of the frames must reach, in dB.
  package static let limit = 35.0

  package private(set) var frames = 0
  /// Of each frame that was found in the source, in the film's order, in dB.
  package private(set) var likeness: [Double] = []
  /// What is wrong, as sentences; empty for a film that passes.
  package private(set) var problems: [String] = []

  /// - Parameters:
  ///   - expected: the frames the guest opened, by the ledger.
  ///   - number: reads the number burnt into a luma plane of the films' size.
  package init(
    film: LumaFilm, source: LumaFilm, expected: [DemoAccounting.Unit], number: (ArraySlice<UInt8>) -> UInt32?
  ) {
    frames = film.count
    guard film.width == source.width, film.height == source.height else {
      problems.append("the film is \(film.width)x\(film.height), its source \(source.width)x\(source.height)")
      return
    }
    let places = Self.index(source, number)
    let numbers = (0..<film.count).map { frame -> UInt32? in
      guard let number = number(film[frame]), let place = places[number] else { return nil }
      likeness.append(LumaFilm.likeness(film[frame], source[place]))
      return number
    }
    let unread = numbers.count { $0 == nil }
    if unread > 0 { problems.append("\(unread) of \(frames) frames show no number of the source") }
    account(numbers, expected, length: places.count)
    let median = median
    if median == nil || median ?? 0 < Self.limit {
      problems.append("half of the frames are below \(median.map(Self.text) ?? "any") dB; the limit is \(Self.limit)")
    }
  }

  /// The likeness that half of the frames reach; nil without frames.
  package var median: Double? { likeness.isEmpty ? nil : likeness.sorted()[likeness.count / 2] }

  /// One line for people.
  package var text: String {
    let values = [likeness.min(), median, likeness.max()].map { $0.map(Self.text) ?? "none" }
    return "\(frames) frames, likeness \(values[0]) / \(values[1]) / \(values[2]) dB (least, middle, most)"
  }

  private static func text(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }

  private static func index(_ source: LumaFilm, _ number: (ArraySlice<UInt8>) -> UInt32?) -> [UInt32: Int] {
    (0..<source.count).reduce(into: [:]) { result, frame in
      if let number = number(source[frame]) { result[number] = frame }
    }
  }

  /// The source loops and may be joined anywhere, so within one opening of the camera the burnt-in number is the unit's
  /// number plus a constant, modulo the source's length.
  private mutating func account(_ numbers: [UInt32?], _ expected: [DemoAccounting.Unit], length: Int) {
    guard numbers.count == expected.count else {
      problems.append("the film has \(numbers.count) frames; the ledger says \(expected.count) were opened")
      return
    }
    var offsets: [Int: Int] = [:]
    for (place, (number, unit)) in zip(numbers, expected).enumerated() {
      guard let number, length > 0 else { continue }
      let offset = (Int(number) - Int(unit.sequence % UInt64(length)) + length) % length
      if offsets[unit.opening, default: offset] != offset {
        problems.append(
          "frame \(place) of the film shows number \(number), but the ledger has unit \(unit.sequence) there")
        return
      }
      offsets[unit.opening] = offset
    }
  }
}
