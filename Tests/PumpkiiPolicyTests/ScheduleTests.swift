import Foundation
import PumpkiiPolicy
import Testing

@Suite struct ScheduleTests {
  static let zones = [
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu",
    "America/Sao_Paulo",
  ]

  /// zdump reads the zone with its own code, minute by minute; the schedule must agree with it at every instant, and
  /// say the first minute that differs.
  @Test(arguments: zones) func agreesWithAReadingMinuteByMinute(_ zone: String) throws {
    let (rules, wall) = (try ZoneFile.rules(zone), try WallClock(zone))
    var random = SeededRandom(seed: UInt64(zone.utf8.count) &* 7919)
    for _ in 0..<80 {
      let schedule = Self.schedule(zone, &random)
      let start = Self.instant(wall, &random)
      let answer = try #require(schedule.answer(for: .sensorCamera, at: start, in: rules))
      let isInside = wall.isInside(schedule.entries, at: start)
      #expect(answer.isInside == isInside, "\(schedule.entries) at \(start)")
      let change = wall.firstChange(schedule.entries, after: start, from: isInside, days: 16)
      #expect(answer.changesAt == change, "\(schedule.entries) at \(start)")
    }
  }

  private static func schedule(_ zone: String, _ random: inout SeededRandom) -> Schedule {
    let entries = (0..<Int.random(in: 1...4, using: &random)).compactMap { _ in
      // Times near the night, where clocks are changed, as often as others.
      let isNight = Bool.random(using: &random)
      return Schedule.Entry(
        flags: [.sensorCamera], days: Schedule.Days(rawValue: UInt8.random(in: 0...127, using: &random)),
        from: Int.random(in: isNight ? 0...240 : 0...1439, using: &random),
        to: Int.random(in: isNight ? 0...240 : 0...1440, using: &random))
    }
    return Schedule(entries: entries, zone: zone)
  }

  /// Every second one lies within three days of a change of the clock.
  private static func instant(_ wall: WallClock, _ random: inout SeededRandom) -> UInt64 {
    let second = Int64.random(in: 1_400_000_000...2_100_000_000, using: &random)
    guard Bool.random(using: &random), let near = wall.transition(after: second) else {
      return UInt64(second) * 1_000_000 + UInt64.random(in: 0..<1_000_000, using: &random)
    }
    return UInt64(near + Int64.random(in: -259_200...259_200, using: &random)) * 1_000_000
  }

  @Test func anEntryThatEndsNotAfterItsBeginningCrossesMidnight() throws {
    let rules = try ZoneFile.rules("Europe/Berlin")
    let night = try Self.only(days: .friday, from: 22 * 60, to: 6 * 60)
    // Friday, 5 June 2026, 22:00 in Berlin is 20:00 by Greenwich.
    let ten = Self.micros(1_780_689_600)
    #expect(try #require(night.answer(for: .sensorCamera, at: ten - 1, in: rules)).isInside == false)
    #expect(try #require(night.answer(for: .sensorCamera, at: ten - 1, in: rules)).changesAt == ten)
    let inside = try #require(night.answer(for: .sensorCamera, at: ten, in: rules))
    #expect(inside.isInside && inside.changesAt == ten + Self.micros(8 * 3600))
    #expect(
      try #require(night.answer(for: .sensorCamera, at: ten + Self.micros(8 * 3600), in: rules)).isInside == false)
  }

  /// On 29 March 2026 clocks in Berlin go from 02:00 to 03:00, at 01:00 by Greenwich.
  @Test func anHourThatIsSkippedEndsWhatBeganBeforeIt() throws {
    let rules = try ZoneFile.rules("Europe/Berlin")
    let skipped = Self.micros(1_774_746_000)
    let entry = try Self.only(days: .sunday, from: 60, to: 150)
    let answer = try #require(entry.answer(for: .sensorCamera, at: skipped - 1, in: rules))
    #expect(answer.isInside && answer.changesAt == skipped)
    let never = try Self.only(days: .sunday, from: 125, to: 175)
    let before = try #require(never.answer(for: .sensorCamera, at: skipped - 1, in: rules))
    #expect(!before.isInside && before.changesAt == skipped + Self.micros(7 * 86_400 - 3600 + 5 * 60))
  }

  /// On 25 October 2026 the hour from 02:00 comes twice, the second time at 01:00 by Greenwich.
  @Test func anHourThatComesTwiceIsInsideTwice() throws {
    let rules = try ZoneFile.rules("Europe/Berlin")
    let second = Self.micros(1_792_890_000)
    let entry = try Self.only(days: .sunday, from: 120, to: 150)
    #expect(entry.answer(for: .sensorCamera, at: second - Self.micros(3600), in: rules)?.isInside == true)
    let between = try #require(entry.answer(for: .sensorCamera, at: second - 1, in: rules))
    #expect(!between.isInside && between.changesAt == second)
    #expect(entry.answer(for: .sensorCamera, at: second, in: rules)?.changesAt == second + Self.micros(1800))
  }

  @Test func aWholeWeekAndAnEmptyOneNeverChange() throws {
    let rules = try ZoneFile.rules("Europe/Berlin")
    let always = try Self.only(days: .all, from: 300, to: 300).answer(for: .sensorCamera, at: 5, in: rules)
    #expect(always?.isInside == true && always?.changesAt == nil)
    let never = try Self.only(days: [], from: 0, to: 1440).answer(for: .sensorCamera, at: 5, in: rules)
    #expect(never?.isInside == false && never?.changesAt == nil)
  }

  @Test func minutesThatNoDayHasAreRefused() {
    #expect(Schedule.Entry(flags: [.sensorCamera], days: .all, from: 1440, to: 0) == nil)
    #expect(Schedule.Entry(flags: [.sensorCamera], days: .all, from: -1, to: 0) == nil)
    #expect(Schedule.Entry(flags: [.sensorCamera], days: .all, from: 0, to: 1441) == nil)
    #expect(Schedule.Entry(flags: [.sensorCamera], days: .all, from: 1439, to: 1440) != nil)
  }

  static func only(days: Schedule.Days, from: Int, to: Int, zone: String = "Europe/Berlin") throws -> Schedule {
    let entry = Schedule.Entry(flags: [.sensorCamera], days: days, from: from, to: to)
    return Schedule(entries: [try #require(entry)], zone: zone)
  }

  static func micros(_ seconds: Int) -> UInt64 { UInt64(seconds) * 1_000_000 }
}

@Suite struct ScheduleLayerTests {
  static func facts(_ clock: ClockFacts = .trusted, zone: String = "Europe/Berlin") throws -> Facts {
    // Mondays from nine to five.
    let schedule = try ScheduleTests.only(days: .monday, from: 540, to: 1020)
    return Facts(
      terms: .accepted, owner: OwnerPolicy(version: 1, hash: "", allowed: Set(Flag.allCases), schedule: schedule),
      zone: try ZoneFile.rules(zone), clock: clock)
  }
  /// Monday, 1 June 2026, 09:00 in Berlin.
  static let nine = ScheduleTests.micros(1_780_297_200)

  @Test func aScheduledFlagIsAllowedInsideAndAnyOtherAlways() throws {
    let facts = try Self.facts()
    let camera = Request(point: .openSensor, flag: .sensorCamera)
    let before = decide(camera, facts: facts, now: Self.nine - 1)
    #expect(before.layer == .schedule && before.changesAt == Self.nine)
    let inside = decide(camera, facts: facts, now: Self.nine)
    #expect(inside.allowed && inside.changesAt == Self.nine + ScheduleTests.micros(8 * 3600))
    let sound = decide(Request(point: .openSensor, flag: .sensorMicrophone), facts: facts, now: Self.nine - 1)
    #expect(sound.allowed && sound.changesAt == nil)
  }

  @Test func aScheduleNeverAllowsWhatTheOwnerDenies() throws {
    var facts = try Self.facts()
    facts.owner?.allowed = []
    let decision = decide(Request(point: .openSensor, flag: .sensorCamera), facts: facts, now: Self.nine)
    #expect(decision.layer == .owner && decision.changesAt == nil)
  }

  @Test(arguments: [ClockFacts.unset, .jumpedBack])
  func aClockNobodyTrustsDeniesScheduledFlagsOnly(_ clock: ClockFacts) throws {
    let facts = try Self.facts(clock)
    let camera = decide(Request(point: .keepSensor, flag: .sensorCamera), facts: facts, now: Self.nine)
    #expect(camera.layer == .schedule && camera.changesAt == nil)
    #expect(camera.reason.contains(clock == .unset ? "keeps this device's clock" : "clock jumped back"))
    // Vouching helps one and not the other; a time source helps both.
    #expect(camera.reason.contains("clock.trusted") == (clock == .unset) && camera.reason.contains("NTP"))
    #expect(decide(Request(point: .keepSensor, flag: .sensorMicrophone), facts: facts, now: Self.nine).allowed)
  }

  /// At nine in New York it is three in the afternoon in Berlin, inside by either clock.
  @Test func aZoneThatIsNotThereOrAnotherOneDenies() throws {
    let three = Self.nine + ScheduleTests.micros(6 * 3600)
    var facts = try Self.facts()
    #expect(decide(Request(point: .keepSensor, flag: .sensorCamera), facts: facts, now: three).allowed)
    facts.zone = try ZoneFile.rules("America/New_York")
    #expect(decide(Request(point: .keepSensor, flag: .sensorCamera), facts: facts, now: three).layer == .schedule)
    facts.zone = nil
    let decision = decide(Request(point: .keepSensor, flag: .sensorCamera), facts: facts, now: three)
    #expect(decision.layer == .schedule && decision.reason.contains("tzdata"))
  }
}
