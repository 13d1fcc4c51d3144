import PumpkiiWire
import Testing

/// What follows the flags of a policy (`docs/protocol.md` §9): read back as written, and refused for each way to be wrong.
@Suite struct PolicyConditionsTests {
  private static let account = Array(repeating: UInt8(3), count: 32)

  private static func document(_ conditions: PolicyConditions = PolicyConditions()) throws -> PolicyDocument {
    PolicyDocument(
      device: try DeviceID([UInt8](repeating: 1, count: 16)), version: 1, time: 2, account: try AccountID(account),
      client: try ClientID([UInt8](repeating: 4, count: 16)), settings: [.init(flag: "sensor.camera", allow: true)],
      conditions: conditions)
  }

  /// The document's bytes with `rest` after its flags.
  private static func read(_ rest: [UInt8]) throws -> PolicyConditions {
    try PolicyDocument(decoding: document().encoded + rest).conditions
  }

  private static func block(_ kind: UInt8, _ body: [UInt8]) -> [UInt8] {
    [kind, UInt8(body.count >> 8), UInt8(body.count & 0xFF)] + body
  }

  private static func text(_ text: String) -> [UInt8] { [UInt8(text.utf8.count)] + text.utf8 }

  private static func window(
    days: UInt8 = 1, from: UInt16 = 0, to: UInt16 = 60, flags: [String] = ["sensor.camera"]
  ) -> [UInt8] {
    [days, UInt8(from >> 8), UInt8(from & 0xFF), UInt8(to >> 8), UInt8(to & 0xFF), UInt8(flags.count)]
      + flags.flatMap(text)
  }

  private static func schedule(_ windows: [[UInt8]], zone: String = "UTC") -> [UInt8] {
    block(1, text(zone) + [UInt8(windows.count)] + windows.flatMap { $0 })
  }

  private static func devices(_ sensors: [UInt8]) -> [UInt8] {
    block(2, sensors.flatMap { [$0] + [UInt8](repeating: 9, count: 32) })
  }

  /// Each of the eight ways in which three conditions are there or not.
  @Test(arguments: 0..<8) func whatWasWrittenIsReadBack(_ mask: Int) throws {
    var conditions = PolicyConditions()
    if mask & 1 != 0 {
      conditions.zone = "Europe/Berlin"
      conditions.windows = [
        .init(flags: ["share.video", "sensor.camera"], days: 0x7F, from: 1439, to: 1440),
        .init(flags: ["record.local"], days: 1, from: 0, to: 0),
      ]
    }
    if mask & 2 != 0 {
      conditions.devices = [
        .init(sensor: 1, fingerprint: .zero), .init(sensor: 2, fingerprint: try Digest(Self.account)),
      ]
    }
    conditions.isPaused = mask & 4 != 0
    let bytes = try Self.document(conditions).encoded
    let read = try PolicyDocument(decoding: bytes)
    #expect(read.conditions == conditions && read.encoded == bytes)
    #expect(read.conditions.isEmpty == (mask == 0))
  }

  @Test func aDocumentThatEndsWithItsFlagsHasNoConditions() throws { #expect(try Self.read([]).isEmpty) }

  @Test func aKindThatNobodyKnowsIsRefused() {
    for kind: UInt8 in [0, 4, 255] {
      #expect(throws: WireError(.unknownValue, "")) { try Self.read([1] + Self.block(kind, [])) }
    }
  }

  @Test func kindsAscendAndStandOnce() {
    let (pause, devices) = (Self.block(3, []), Self.devices([1]))
    #expect(throws: WireError(.order, "")) { try Self.read([2] + pause + devices) }
    #expect(throws: WireError(.order, "")) { try Self.read([2] + pause + pause) }
  }

  @Test func aCountOfNoConditionsIsRefused() {
    #expect(throws: WireError(.unknownValue, "")) { try Self.read([0]) }
  }

  @Test func aCountAgainstWhatFollowsIsRefused() {
    #expect(throws: WireError(.truncated, "")) { try Self.read([2] + Self.block(3, [])) }
    #expect(throws: WireError(.trailingBytes, "")) { try Self.read([1] + Self.block(3, []) + Self.block(3, [])) }
  }

  @Test func bytesAfterAConditionsEndAreRefused() {
    #expect(throws: WireError(.trailingBytes, "")) { try Self.read([1] + Self.block(3, [0])) }
    let long = Self.block(1, Self.text("UTC") + [1] + Self.window() + [0])
    #expect(throws: WireError(.trailingBytes, "")) { try Self.read([1] + long) }
    #expect(throws: WireError(.trailingBytes, "")) { try Self.read([1] + Self.block(3, []) + [0]) }
  }

  @Test func anEmptyBlockIsRefusedWhereSomethingMustStand() {
    for kind: UInt8 in [1, 2] {
      #expect(throws: WireError(.truncated, "")) { try Self.read([1] + Self.block(kind, [])) }
    }
  }

  @Test func aScheduleHasAZoneAndOneToSixtyFourWindows() throws {
    #expect(throws: WireError(.unknownValue, "")) { try Self.read([1] + Self.schedule([Self.window()], zone: "")) }
    #expect(throws: WireError(.unknownValue, "")) { try Self.read([1] + Self.schedule([])) }
    let full = Array(repeating: Self.window(), count: 64)
    #expect(try Self.read([1] + Self.schedule(full)).windows.count == 64)
    #expect(throws: WireError(.overLimit, "")) { try Self.read([1] + Self.schedule(full + [Self.window()])) }
  }

  @Test func daysAreSomeOfSeven() {
    for days: UInt8 in [0, 0x80, 0xFF] {
      #expect(throws: WireError(.unknownValue, "")) { try Self.read([1] + Self.schedule([Self.window(days: days)])) }
    }
  }

  @Test func minutesAreThoseOfADay() throws {
    #expect(try Self.read([1] + Self.schedule([Self.window(from: 1439, to: 1440)])).windows.count == 1)
    for (from, to): (UInt16, UInt16) in [(1440, 60), (65535, 60), (0, 1441)] {
      let schedule = Self.schedule([Self.window(from: from, to: to)])
      #expect(throws: WireError(.unknownValue, "")) { try Self.read([1] + schedule) }
    }
  }

  @Test func aWindowNamesFlagsAscendingAndEachOnce() {
    #expect(throws: WireError(.unknownValue, "")) { try Self.read([1] + Self.schedule([Self.window(flags: [])])) }
    for flags in [["b", "a"], ["a", "a"]] {
      #expect(throws: WireError(.order, "")) { try Self.read([1] + Self.schedule([Self.window(flags: flags)])) }
    }
  }

  @Test func devicesAreACameraAndAMicrophoneInThisOrder() {
    for sensors: [UInt8] in [[2, 1], [1, 1]] {
      #expect(throws: WireError(.order, "")) { try Self.read([1] + Self.devices(sensors)) }
    }
    for sensor: UInt8 in [0, 3] {
      #expect(throws: WireError(.unknownValue, "")) { try Self.read([1] + Self.devices([sensor])) }
    }
  }

  /// A policy that loses bytes must not become another policy.
  @Test func noFrontOfThemIsReadButTheDocumentWithoutAny() throws {
    let rest = [3] + Self.schedule([Self.window()]) + Self.devices([1, 2]) + Self.block(3, [])
    for count in 1..<rest.count {
      #expect(throws: WireError.self, "\(count) of \(rest.count) bytes") { try Self.read(Array(rest.prefix(count))) }
    }
  }
}
