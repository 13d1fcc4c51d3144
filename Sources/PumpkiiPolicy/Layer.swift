/// The layers of a decision in the order in which a denial explains it; the answer is the AND of all.
package enum Layer: String, Sendable, CaseIterable, Comparable {
  /// Shutter, kill switch, a missing device, or one that is not the one consent was given for.
  case hardware
  /// The local file of whoever runs the board.
  case ceiling
  /// Accepted terms and acknowledged risk, for what leaves the device.
  case terms
  /// The owner's signed policy document.
  case owner
  /// The owner's times and days.
  case schedule
  /// What one account was given.
  case grant

  private var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// By place in the order of explanation.
  package static func < (left: Layer, right: Layer) -> Bool { left.place < right.place }
}
