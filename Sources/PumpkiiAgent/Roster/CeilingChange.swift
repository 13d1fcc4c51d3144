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

  static func allows(_ flag: Flag, _ ceiling: [Flag: Bool]?) -> Bool {
    guard let ceiling else { return true }
    return ceiling[flag] ?? false
  }

  /// What both let through.
  static func both(_ one: [Flag: Bool]?, _ other: [Flag: Bool]?) -> [Flag: Bool] {
    Dictionary(uniqueKeysWithValues: Flag.allCases.map { ($0, allows($0, one) && allows($0, other)) })
  }
}
