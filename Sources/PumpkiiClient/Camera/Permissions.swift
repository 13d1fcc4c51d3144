internal import PumpkiiChain
internal import PumpkiiPolicy
internal import PumpkiiWire

/// What an owner allows a camera. A flag that is not named is denied.
public struct Permissions: Sendable, Codable, Equatable {
  /// A sensor of a camera.
  public enum Sensor: String, Sendable, Codable, CaseIterable {
    /// The picture.
    case camera
    /// The sound.
    case microphone

    var number: UInt8 { self == .camera ? 1 : 2 }
  }

  /// A line of the schedule: its flags hold on these days between two minutes of the day.
  public struct Window: Sendable, Codable, Equatable {
    /// Flags by name.
    public let flags: [String]
    /// 1 is Monday, 7 Sunday: the days on which the window begins.
    public let days: [Int]
    /// Minute of the day, 0 to 1439.
    public let from: Int
    /// Minute of the day, 0 to 1440, exclusive; at or before ``from`` it is on the day after.
    public let to: Int

    /// A window; ``CameraLink/setSchedule(_:zone:waiting:)`` checks it.
    public init(flags: [String], days: [Int], from: Int, to: Int) {
      self.flags = flags
      self.days = days
      self.from = from
      self.to = to
    }
  }

  /// The document's version; 0 before the first.
  public let version: UInt64
  /// The document's hash; empty before the first.
  public let hash: String
  /// Flag to allowed, every flag of this version of the program.
  public let flags: [String: Bool]
  /// Flags denied on the spot since the document was set.
  public let narrowed: [String]
  /// Everything is denied until the owner resumes; the flags stay what they are.
  public let isPaused: Bool
  /// The times at which flags hold; a flag that no window names holds at all times.
  public let windows: [Window]
  /// The zone of the windows; empty without any.
  public let zone: String

  /// What holds: allowed by the document and not narrowed since. Pause and times are not looked at.
  public func allows(_ flag: String) -> Bool { flags[flag] == true && !narrowed.contains(flag) }

  init(_ document: Signed<PolicyDocument>?, _ roster: Roster) {
    self.init(document?.body, hash: roster.policy.hash, version: roster.policy.version, narrowed: roster.narrowed)
  }

  init(_ document: PolicyDocument, hash: Digest, narrowed: Set<String>) {
    self.init(document, hash: hash, version: document.version, narrowed: narrowed)
  }

  init(_ document: PolicyDocument?, hash: Digest, version: UInt64, narrowed: Set<String>) {
    self.version = version
    self.hash = version == 0 ? "" : hash.hex
    let allowed = Set((document?.settings ?? []).filter(\.allow).map(\.flag))
    flags = Dictionary(uniqueKeysWithValues: Flag.allCases.map { ($0.rawValue, allowed.contains($0.rawValue)) })
    self.narrowed = narrowed.sorted()
    isPaused = document?.conditions.isPaused ?? false
    windows = (document?.conditions.windows ?? []).map(Window.init)
    zone = document?.conditions.zone ?? ""
  }
}

extension Permissions {
  /// The document in the judge's words; nil before the first.
  /// - Parameter own: the account policy in which a person's own flags stand; nil where none is known.
  func judged(_ document: PolicyDocument?, own: AccountPolicy?) -> OwnerPolicy? {
    guard let document else { return nil }
    let entries = document.conditions.windows.compactMap { window in
      Schedule.Entry(
        flags: Set(window.flags.compactMap(Flag.init(rawValue:))), days: Schedule.Days(rawValue: window.days),
        from: Int(window.from), to: Int(window.to))
    }
    return OwnerPolicy(
      version: version, hash: hash, allowing: Self.allowed(document, own), narrowed: narrowed,
      paused: isPaused ? .owner : nil, schedule: Schedule(entries: entries, zone: zone))
  }

  /// As the camera reads them: a person's own flags are in the person's policy, where there is one; a camera's reports
  /// are the owner's decision about the camera.
  private static func allowed(_ document: PolicyDocument, _ own: AccountPolicy?) -> [String] {
    let device = document.settings.filter(\.allow).map(\.flag)
    guard let own, own.version > 0 else { return device }
    return device.filter { !AccountPolicyDocument.isOwn($0) || $0.hasPrefix("diagnostics.") }
      + own.flags.filter { $0.value && !$0.key.hasPrefix("diagnostics.") }.map(\.key)
  }
}

extension Permissions.Window {
  init(_ window: PolicyConditions.Window) {
    self.init(
      flags: window.flags, days: (1...7).filter { window.days & 1 << ($0 - 1) != 0 }, from: Int(window.from),
      to: Int(window.to))
  }

  /// For a document; what ``check()`` let through.
  var onTheWire: PolicyConditions.Window {
    PolicyConditions.Window(
      flags: flags, days: days.reduce(0) { $0 | 1 << UInt8($1 - 1) }, from: UInt16(from), to: UInt16(to))
  }

  /// - Throws: ``ClientError`` `client-usage`.
  func check() throws(ClientError) {
    for flag in flags where Flag(rawValue: flag) == nil {
      throw ClientError(.usage, "there is no flag \(flag)", advice: "`pumpkii permissions show` lists them")
    }
    guard !flags.isEmpty, Set(flags).count == flags.count, !days.isEmpty, days.allSatisfy((1...7).contains) else {
      throw ClientError(.usage, "a window needs flags, each once, and days", advice: "as mon-fri or sat,sun")
    }
    guard (0..<1440).contains(from), (0...1440).contains(to), from != to else {
      throw ClientError(.usage, "a window needs two different times of the day", advice: "as 08:00-18:30")
    }
  }
}
