/// What an agent says of itself to whoever sits at the board: state, never content.
package struct BoardStatus: Sendable, Codable, Equatable {
  /// A camera or microphone.
  package struct Sensor: Sendable, Codable, Equatable {
    /// `camera` or `microphone`.
    package var kind: String
    package var name: String
    package var isOpen: Bool
    /// Why it may not be used; nil when it may.
    package var denial: String?
    package var fingerprint: String?

    package init(kind: String, name: String, isOpen: Bool, denial: String?, fingerprint: String?) {
      self.kind = kind
      self.name = name
      self.isOpen = isOpen
      self.denial = denial
      self.fingerprint = fingerprint
    }
  }

  /// A flag and what became of it.
  package struct FlagState: Sendable, Codable, Equatable {
    package var flag: String
    package var isAllowed: Bool
    /// The layer that denies; nil when none does.
    package var layer: String?
    /// Unix µs at which this changes by itself.
    package var changesAt: UInt64?

    package init(flag: String, isAllowed: Bool, layer: String?, changesAt: UInt64?) {
      self.flag = flag
      self.isAllowed = isAllowed
      self.layer = layer
      self.changesAt = changesAt
    }
  }

  /// An account and what it may see.
  package struct Viewer: Sendable, Codable, Equatable {
    /// Hexadecimal.
    package var account: String
    package var isOwner: Bool
    package var classes: [String]
    /// Unix µs; nil without an end.
    package var until: UInt64?

    package init(account: String, isOwner: Bool, classes: [String], until: UInt64?) {
      self.account = account
      self.isOwner = isOwner
      self.classes = classes
      self.until = until
    }
  }

  /// Whether an agent runs on the folder; no sensor is open where none does.
  package var isRunning = false
  package var device = ""
  /// `local`, `paired` or `none`.
  package var owner = "none"
  /// The mode that the flags are, or `custom`.
  package var mode = ""
  package var policyVersion: UInt64 = 0
  package var policyHash = ""
  /// `owner`, `board`, or nil.
  package var pausedBy: String?
  package var narrowedOnBoard: [String] = []
  package var sensors: [Sensor] = []
  package var flags: [FlagState] = []
  package var viewers: [Viewer] = []
  /// What somebody wants now and may not have, and why: by `video`, `audio`, `photo`.
  package var refused: [String: String] = [:]
  /// Denials since the start, by flag: objects, photos, clips, notices, reports, looks.
  package var denied: [String: UInt64] = [:]
  /// Why the disk takes no clips now; nil when it does.
  package var trouble: String?
  /// Anything else that has a number: clips, ring seconds, queue losses.
  package var counters: [String: UInt64] = [:]

  package init() {}
}
