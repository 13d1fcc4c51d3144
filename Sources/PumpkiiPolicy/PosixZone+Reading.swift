// Reading a `TZ` text, with RFC 9636's extension: times of -167 to 167 hours.
extension PosixZone {
  /// The rule in a footer; nil when it is none.
  init?(_ text: [UInt8]) {
    var reader = TZReader(text)
    guard reader.skipName(), let west = reader.time(limit: 24) else { return nil }
    standard = -west
    if reader.isAtEnd {
      saving = nil
      return
    }
    guard reader.skipName() else { return nil }
    var offset = standard + 3600
    if !reader.next(is: ",") {
      guard let west = reader.time(limit: 24) else { return nil }
      offset = -west
    }
    guard reader.take(","), let begins = reader.yearDay(), reader.take(","), let ends = reader.yearDay(),
      reader.isAtEnd
    else { return nil }
    saving = Saving(offset: offset, begins: begins, ends: ends)
  }
}

private struct TZReader {
  private let text: [UInt8]
  private var place = 0

  init(_ text: [UInt8]) { self.text = text }

  var isAtEnd: Bool { place == text.count }

  func next(is character: Unicode.Scalar) -> Bool { place < text.count && UInt32(text[place]) == character.value }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next(is: character) else { return false }
    place += 1
    return true
  }

  /// `CET`, or anything between angle brackets.
  mutating func skipName() -> Bool {
    let start = place
    if take("<") {
      while !isAtEnd, !next(is: ">") { place += 1 }
      return take(">") && place > start + 2
    }
    while !isAtEnd, (UInt8(ascii: "A")...UInt8(ascii: "z")).contains(text[place]) { place += 1 }
    return place >= start + 3
  }

  /// `[+|-]hh[:mm[:ss]]` in seconds.
  mutating func time(limit hours: Int64) -> Int64? {
    let isNegative = take("-")
    if !isNegative { _ = take("+") }
    guard let hour = number(), hour <= hours else { return nil }
    var (minute, second): (Int64, Int64) = (0, 0)
    if take(":") {
      guard let value = number(), value < 60 else { return nil }
      minute = value
      if take(":") {
        guard let value = number(), value < 60 else { return nil }
        second = value
      }
    }
    let total = hour * 3600 + minute * 60 + second
    return isNegative ? -total : total
  }

  mutating func yearDay() -> PosixZone.YearDay? {
    guard let day = day() else { return nil }
    guard take("/") else { return PosixZone.YearDay(day: day, time: 7200) }
    return time(limit: 167).map { PosixZone.YearDay(day: day, time: $0) }
  }

  private mutating func day() -> PosixZone.YearDay.Day? {
    if take("J") { return number().flatMap { (1...365).contains($0) ? .julian($0) : nil } }
    guard take("M") else { return number().flatMap { $0 <= 365 ? .ordinal($0) : nil } }
    guard let month = number(), (1...12).contains(month), take("."), let week = number(), (1...5).contains(week),
      take("."), let day = number(), day <= 6
    else { return nil }
    return .weekday(month: month, week: week, day: day)
  }

  private mutating func number() -> Int64? {
    let start = place
    var value: Int64 = 0
    while !isAtEnd, (48...57).contains(text[place]), place - start < 4 {
      value = value * 10 + Int64(text[place] - 48)
      place += 1
    }
    return place > start ? value : nil
  }
}
