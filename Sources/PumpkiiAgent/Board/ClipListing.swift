/// What a device says of its clips to whoever sits at the board: where each is, and why not at the relay.
package struct ClipListing: Sendable, Codable, Equatable {
  /// Where a clip's way to the relay stands.
  package enum State: String, Sendable, Codable, CaseIterable {
    /// The relay has it as well.
    case stored
    /// It is its turn soon.
    case waits
    /// A permission denies it.
    case denied
    /// It is not marked as one that the relay may have.
    case earlier
    /// The relay did not want it.
    case refused
    /// It did not arrive, and is tried again.
    case failed
    /// There is no relay.
    case local
  }

  /// A clip on the device.
  package struct Clip: Sendable, Codable, Equatable {
    package var number: UInt64
    package var bytes: Int
    /// Unix s.
    package var ended: UInt64
    package var state: State
    /// Why it is here only, and what to do; nil where nothing is to be said.
    package var why: String?

    package init(number: UInt64, bytes: Int, ended: UInt64, state: State, why: String? = nil) {
      self.number = number
      self.bytes = bytes
      self.ended = ended
      self.state = state
      self.why = why
    }
  }

  /// Numbers that have no clip here any more.
  package struct Gone: Sendable, Codable, Equatable {
    package var first: UInt64
    package var last: UInt64
    package var why: String
    /// Whether the relay had them.
    package var wasStored: Bool

    package init(first: UInt64, last: UInt64, why: String, wasStored: Bool) {
      self.first = first
      self.last = last
      self.why = why
      self.wasStored = wasStored
    }
  }

  /// What one answer holds, at most; the oldest are left out.
  package static let limit = 4096

  package var clips: [Clip] = []
  package var gone: [Gone] = []
  /// The clip that is being written.
  package var open: UInt64?
  /// Older ones that are not listed.
  package var omitted = 0

  package init() {}
}
