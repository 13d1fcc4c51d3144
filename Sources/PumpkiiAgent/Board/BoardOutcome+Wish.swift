extension BoardOutcome {
  /// What came of a wish for a clip.
  package struct Wish: Sendable, Codable, Equatable {
    package enum Kind: String, Sendable, Codable {
      /// A clip begins with the next picture or sound.
      case begins
      /// The open clip goes on.
      case goesOn = "goes_on"
      /// Everything is recorded without a wish.
      case always
    }

    package var kind: Kind
    /// The open clip.
    package var clip: UInt64?
    /// Unix µs at which recording is denied by itself, by the owner's times; nil for never.
    package var until: UInt64?

    package init(kind: Kind, clip: UInt64? = nil, until: UInt64? = nil) {
      self.kind = kind
      self.clip = clip
      self.until = until
    }

    /// Nil where nothing is recorded.
    init?(_ wish: Recorder.Wish, until: UInt64?) {
      switch wish {
      case .denied: return nil
      case .begins: self.init(kind: .begins, until: until)
      case .goesOn(let clip): self.init(kind: .goesOn, clip: clip, until: until)
      case .always(let clip): self.init(kind: .always, clip: clip, until: until)
      }
    }

    /// In words, for whoever wished.
    /// - Parameters:
    ///   - seconds: what was wished; nil is the post-roll.
    ///   - instant: how a time is written.
    package func words(seconds: Int?, instant: (UInt64) -> String) -> String {
      let length = seconds.map { "\($0) seconds" } ?? "record.post_roll_seconds"
      let end = until.map { ", and not beyond \(instant($0)), when the owner's times deny it" } ?? ""
      switch kind {
      case .begins:
        return "A clip begins with the next picture or sound and goes on for \(length)\(end)."
      case .goesOn:
        return
          "\(clip.map { "Clip \($0)" } ?? "A clip") is being recorded already; it goes on for \(length) from now\(end)."
      case .always:
        let place = clip.map { "now into clip \($0)" } ?? "as soon as camera or microphone gives something"
        let stop = until.map { "until \(instant($0)), when the owner's times deny it" } ?? "without an end"
        return "Nothing to begin: record.mode is continuous, so everything is recorded anyway, \(place), \(stop)."
      }
    }
  }
}
