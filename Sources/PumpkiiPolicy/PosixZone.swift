/// The rule after a zone file's last transition, as POSIX's `TZ` writes it: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct PosixZone: Sendable, Equatable {
  /// A day and a time of it that come back every year.
  struct YearDay: Sendable, Equatable {
    enum Day: Sendable, Equatable {
      /// 1 to 365; 29 February is never counted.
      case julian(Int64)
      /// 0 to 365; 29 February is counted.
      case ordinal(Int64)
      /// Month, week (5 is the last), weekday (0 is Sunday).
      case weekday(month: Int64, week: Int64, day: Int64)
    }
    let day: Day
    /// Seconds of the wall clock since that day's midnight.
    let time: Int64
  }

  let standard: Int64
  /// The other half of the year; nil for a zone without one.
  let saving: Saving?

  struct Saving: Sendable, Equatable {
    let offset: Int64
    let begins: YearDay
    let ends: YearDay
  }

  func offset(at second: Int64) -> Int64 {
    guard let saving else { return standard }
    let year = CivilDate.year(ofDay: CivilDate.day(ofSecond: second + standard))
    let (begin, end) = bounds(saving, of: year)
    let isSaving = begin < end ? begin <= second && second < end : !(end <= second && second < begin)
    return isSaving ? saving.offset : standard
  }

  func transition(after second: Int64) -> Int64? {
    guard let saving else { return nil }
    let year = CivilDate.year(ofDay: CivilDate.day(ofSecond: second + standard))
    var next: Int64?
    for candidate in year - 1...year + 1 {
      let (begin, end) = bounds(saving, of: candidate)
      if begin > second { next = min(next ?? begin, begin) }
      if end > second { next = min(next ?? end, end) }
    }
    return next
  }

  /// The instants in Unix seconds at which saving time begins and ends in a year; each is told by the clock before it.
  private func bounds(_ saving: Saving, of year: Int64) -> (begin: Int64, end: Int64) {
    (
      saving.begins.wallSecond(of: year) - standard, saving.ends.wallSecond(of: year) - saving.offset
    )
  }
}

extension PosixZone.YearDay {
  /// Seconds since 1970 by the wall clock.
  func wallSecond(of year: Int64) -> Int64 { dayNumber(of: year) * 86_400 + time }

  private func dayNumber(of year: Int64) -> Int64 {
    let newYear = CivilDate.day(year: year, month: 1, day: 1)
    switch day {
    case .ordinal(let number): return newYear + number
    case .julian(let number): return newYear + number - (CivilDate.isLeap(year) && number >= 60 ? 0 : 1)
    case .weekday(let month, let week, let weekday):
      let first = CivilDate.day(year: year, month: month, day: 1)
      // 1 January 1970 was a Thursday, the fourth day after Sunday.
      let ahead = (weekday - (first + 4) % 7 + 14) % 7
      let day = first + ahead + (week - 1) * 7
      return day - first < CivilDate.length(year: year, month: month) ? day : day - 7
    }
  }
}

/// Days of the Gregorian calendar, counted from 1 January 1970.
enum CivilDate {
  static func day(ofSecond second: Int64) -> Int64 { second >= 0 ? second / 86_400 : (second - 86_399) / 86_400 }

  static func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  static func length(year: Int64, month: Int64) -> Int64 {
    month == 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
  }

  /// Years are counted from March, so that a leap day is the last of its year.
  static func day(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let ofEra = shifted - era * 400
    let ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
  }

  static func year(ofDay day: Int64) -> Int64 {
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let ofEra = shifted - era * 146_097
    let year = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * year + year / 4 - year / 100)
    // From the 306th day of a year that begins in March it is January or February of the next.
    return year + era * 400 + (ofYear >= 306 ? 1 : 0)
  }
}
