/// The flags of the owner's signed document, once it has verified, and what took from them since.
package struct OwnerPolicy: Sendable, Equatable {
  /// Who paused everything.
  package enum Pause: String, Sendable, Hashable {
    case owner, board
  }

  /// The document's version.
  package var version: UInt64
  /// SHA-256 of the signed document, in hexadecimal.
  package var hash: String
  /// The flags that it allows.
  package var allowed: Set<Flag>
  /// Flags that were narrowed since; they are denied whatever the document says.
  package var narrowed: Set<Flag>
  /// Flags that physical access denied, whatever the document says; they are given back on the board alone.
  package var narrowedOnBoard: Set<Flag>
  /// While it lasts every flag is denied; nothing else changes, so that its end restores exactly what was.
  package var paused: Pause?
  /// The owner's times and days.
  package var schedule: Schedule
  /// The devices that consent was given for; another one is denied by the hardware layer.
  package var expected: [ExpectedSensor]

  /// A policy that allows `allowed` but for what was narrowed since.
  package init(
    version: UInt64, hash: String, allowed: Set<Flag>, narrowed: Set<Flag> = [], narrowedOnBoard: Set<Flag> = [],
    paused: Pause? = nil, schedule: Schedule = .none, expected: [ExpectedSensor] = []
  ) {
    self.version = version
    self.hash = hash
    self.allowed = allowed
    self.narrowed = narrowed
    self.narrowedOnBoard = narrowedOnBoard
    self.paused = paused
    self.schedule = schedule
    self.expected = expected
  }

  /// The same from the names in a document and a roster. A name that is no flag allows nothing.
  package init(
    version: UInt64, hash: String, allowing names: some Sequence<String>, narrowed narrowedNames: some Sequence<String>,
    narrowedOnBoard: Set<Flag> = [], paused: Pause? = nil, schedule: Schedule = .none, expected: [ExpectedSensor] = []
  ) {
    self.init(
      version: version, hash: hash, allowed: Set(names.compactMap(Flag.init(rawValue:))),
      narrowed: Set(narrowedNames.compactMap(Flag.init(rawValue:))), narrowedOnBoard: narrowedOnBoard,
      paused: paused, schedule: schedule, expected: expected)
  }
}

/// A sensor that consent was given for.
package struct ExpectedSensor: Sendable, Hashable {
  /// `sensor.camera` or `sensor.microphone`.
  package var flag: Flag
  /// SHA-256 of its identity and of what it can do, in hexadecimal, as `pumpkii status --board` prints it.
  package var fingerprint: String

  /// A sensor by its fingerprint.
  package init(flag: Flag, fingerprint: String) {
    self.flag = flag
    self.fingerprint = fingerprint
  }
}
