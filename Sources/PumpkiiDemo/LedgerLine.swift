/// One line of a unit ledger (`docs/demo.md`), as agent, relay or viewer wrote it. Which fields a line has depends on
/// its event; the accounting asks for those it needs.
package struct LedgerLine: Decodable, Sendable, Equatable {
  /// `agent`, `relay` or `viewer`.
  package var who: String
  /// What it tells: `unit`, `opened`, `delivered`, …
  package var event: String
  /// The time of the event in Unix µs.
  package var time: UInt64?
  /// `video` or `audio`, of a unit.
  package var track: String?
  /// The unit's number since its device was opened.
  package var sequence: UInt64?
  /// `sealed`, `denied` or `dropped`.
  package var outcome: String?
  /// Why a unit was not sealed: the flag that denied, or how it was lost.
  package var reason: String?
  /// What a sealed unit was cleared for: `live`, `record`, …
  package var uses: [String]?
  /// The sealed object that holds the unit, or that the line is about.
  package var object: ObjectName?
  /// Unix µs.
  package var captureTime: UInt64?
  /// What an opened object holds: `chunk`, `init`, …
  package var kind: String?
  /// `video`, `audio`, `photo` or `event`, of an opened object.
  package var mediaClass: String?
  /// A viewer at the relay.
  package var viewer: String?
  /// Of an object as it went to a viewer.
  package var bytes: UInt64?
  package var epoch: UInt32?
  /// `camera` or `microphone`.
  package var sensor: String?
  /// What the device made between opening and closing: frames, or samples when `rate` says how many make a second.
  package var made: UInt64?
  /// Samples a second.
  package var rate: UInt64?
  package var flag: String?
  package var allow: Bool?
  package var profile: String?
  package var codec: String?
  package var width: Int?
  package var height: Int?
  package var framesPerSecond: Double?
  /// User and system time of the process.
  package var cpuMilliseconds: Double?
  /// The most memory that the process had resident.
  package var peakKiB: Double?
  /// Of what is resident at the end, what is no file.
  package var anonymousKiB: Double?

  package init(who: String, event: String) {
    self.who = who
    self.event = event
  }

  private enum CodingKeys: String, CodingKey {
    case who, event, track, sequence, outcome, reason, uses, kid, index, kind, viewer, bytes, epoch, sensor, made, rate
    case flag, allow, profile, codec, width, height
    case time = "t"
    case captureTime = "capture_us"
    case mediaClass = "class"
    case framesPerSecond = "fps"
    case cpuMilliseconds = "cpu_ms"
    case peakKiB = "rss_kb"
    case anonymousKiB = "rss_anon_kb"
  }

  /// - Throws: `DecodingError` when a field has another type than its name promises.
  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    who = try fields.decode(String.self, forKey: .who)
    event = try fields.decode(String.self, forKey: .event)
    time = try fields.decodeIfPresent(UInt64.self, forKey: .time)
    captureTime = try fields.decodeIfPresent(UInt64.self, forKey: .captureTime)
    object = try ObjectName(fields, kid: .kid, index: .index)
    epoch = try fields.decodeIfPresent(UInt32.self, forKey: .epoch)
    try decodeUnit(fields)
    try decodeSensor(fields)
  }

  private mutating func decodeUnit(_ fields: KeyedDecodingContainer<CodingKeys>) throws {
    track = try fields.decodeIfPresent(String.self, forKey: .track)
    sequence = try fields.decodeIfPresent(UInt64.self, forKey: .sequence)
    outcome = try fields.decodeIfPresent(String.self, forKey: .outcome)
    reason = try fields.decodeIfPresent(String.self, forKey: .reason)
    uses = try fields.decodeIfPresent([String].self, forKey: .uses)
    kind = try fields.decodeIfPresent(String.self, forKey: .kind)
    mediaClass = try fields.decodeIfPresent(String.self, forKey: .mediaClass)
    viewer = try fields.decodeIfPresent(String.self, forKey: .viewer)
    bytes = try fields.decodeIfPresent(UInt64.self, forKey: .bytes)
  }

  private mutating func decodeSensor(_ fields: KeyedDecodingContainer<CodingKeys>) throws {
    sensor = try fields.decodeIfPresent(String.self, forKey: .sensor)
    made = try fields.decodeIfPresent(UInt64.self, forKey: .made)
    rate = try fields.decodeIfPresent(UInt64.self, forKey: .rate)
    flag = try fields.decodeIfPresent(String.self, forKey: .flag)
    allow = try fields.decodeIfPresent(Bool.self, forKey: .allow)
    profile = try fields.decodeIfPresent(String.self, forKey: .profile)
    codec = try fields.decodeIfPresent(String.self, forKey: .codec)
    width = try fields.decodeIfPresent(Int.self, forKey: .width)
    height = try fields.decodeIfPresent(Int.self, forKey: .height)
    framesPerSecond = try fields.decodeTextOrNumber(.framesPerSecond)
    cpuMilliseconds = try fields.decodeIfPresent(Double.self, forKey: .cpuMilliseconds)
    peakKiB = try fields.decodeIfPresent(Double.self, forKey: .peakKiB)
    anonymousKiB = try fields.decodeIfPresent(Double.self, forKey: .anonymousKiB)
  }
}

extension KeyedDecodingContainer {
  /// A number that its writer may have put in quotes to keep its digits.
  fileprivate func decodeTextOrNumber(_ key: Key) throws -> Double? {
    guard contains(key), try !decodeNil(forKey: key) else { return nil }
    if let text = try? decode(String.self, forKey: key) { return Double(text) }
    return try decode(Double.self, forKey: key)
  }
}
