internal import PumpkiiPolicy

/// What one ceiling lets through that another does not: found from the two files themselves, so that nothing widens in
/// silence while a pause or the times deny it anyway.
struct CeilingChange: Sendable, Equatable {
  /// In the order of the flags.
  let gained: [Flag]

  /// - Parameters: nil for a board without a ceiling, which leaves everything to the owner.
  init(from before: [Flag: Bool]?, to after: [Flag: Bool]?) {
    gained = Flag.allCases.filter { Self.allows($0, after) && !Self.allows($0, before) }
  }

  private static func allows(_ flag: Flag, _ ceiling: [Flag: Bool]?) -> Bool {
    guard let ceiling else { return true }
    return ceiling[flag] ?? false
  }
}
