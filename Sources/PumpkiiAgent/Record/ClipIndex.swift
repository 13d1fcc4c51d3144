/// Why clip numbers have no file any more, so that a missing number is explained: ranges, merged where they meet,
/// in a small text file. Pure.
package struct ClipIndex: Sendable, Equatable {
  package enum Reason: String, Sendable, CaseIterable {
    /// Older than the days it is kept.
    case days
    /// Over the bytes that are kept.
    case bytes
    /// The disk was full.
    case full
    /// The owner withdrew recording while it was open, or its upload while it waited.
    case withdrawn
    /// A power cut or a crash before anything of it was on the disk, or a disk that could not be written.
    case lost
    /// The relay has it and the device was told not to keep it.
    case uploaded
    /// Somebody removed it.
    case deleted

    /// It had to go for the room or the time that is set, whatever it was worth.
    var isRetention: Bool { self == .days || self == .bytes || self == .full }

    /// For people.
    package var words: String {
      switch self {
      case .days: "it was older than record.days"
      case .bytes: "clips were over record.bytes"
      case .full: "the disk was full"
      case .withdrawn: "its permission was withdrawn"
      case .lost: "nothing of it came onto the disk before a crash or a failure"
      case .uploaded: "the relay has it, and record.after_upload is delete"
      case .deleted: "somebody removed it"
      }
    }
  }

  package struct Run: Sendable, Equatable {
    package var numbers: ClosedRange<UInt64>
    package var reason: Reason
    package init(_ numbers: ClosedRange<UInt64>, _ reason: Reason) {
      self.numbers = numbers
      self.reason = reason
    }
  }

  private static let head = "pumpkii/1 clips"
  /// Ascending, apart from each other.
  package private(set) var runs: [Run] = []

  package init() {}

  /// Reads what ``encoded`` wrote; what is no line of it is passed over, since nothing but an explanation hangs on
  /// it.
  package init(decoding bytes: [UInt8]) {
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst() {
      let parts = line.split(separator: " ")
      guard parts.count == 3, let first = UInt64(parts[0]), let last = UInt64(parts[1]), first <= last,
        let reason = Reason(rawValue: String(parts[2]))
      else { continue }
      add(first...last, reason)
    }
  }

  package var encoded: [UInt8] {
    let lines = runs.map { "\($0.numbers.lowerBound) \($0.numbers.upperBound) \($0.reason.rawValue)" }
    return Array(([Self.head] + lines).joined(separator: "\n").utf8) + [0x0A]
  }

  /// The reason for which a number has no file; nil when it should have one.
  package func reason(of number: UInt64) -> Reason? { runs.first { $0.numbers.contains(number) }?.reason }

  /// Explains one more number; one that is explained keeps its first reason.
  package mutating func add(_ number: UInt64, _ reason: Reason) { add(number...number, reason) }

  private mutating func add(_ numbers: ClosedRange<UInt64>, _ reason: Reason) {
    guard !runs.contains(where: { $0.numbers.overlaps(numbers) }) else { return }
    runs.append(Run(numbers, reason))
    runs.sort { $0.numbers.lowerBound < $1.numbers.lowerBound }
    var merged: [Run] = []
    for run in runs {
      if let last = merged.last, last.reason == run.reason, last.numbers.upperBound &+ 1 == run.numbers.lowerBound {
        merged[merged.count - 1].numbers = last.numbers.lowerBound...run.numbers.upperBound
      } else {
        merged.append(run)
      }
    }
    runs = merged
  }

  /// Explains every number up to `last` that is neither `present` nor explained yet: it was given out and came to
  /// nothing.
  package mutating func explainGaps(upTo last: UInt64, present: some Sequence<UInt64>) {
    var next: UInt64 = 1
    var gaps: [ClosedRange<UInt64>] = []
    let known = runs.map(\.numbers) + present.map { $0...$0 }
    for range in known.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if range.lowerBound > next { gaps.append(next...range.lowerBound - 1) }
      next = max(next, range.upperBound &+ 1)
    }
    if last >= next { gaps.append(next...last) }
    for gap in gaps where gap.lowerBound <= last { add(gap, .lost) }
  }
}
