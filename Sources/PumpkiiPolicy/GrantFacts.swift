/// What one account was given, and from when until when.
package struct GrantFacts: Sendable, Equatable {
  /// The flags that the grant includes.
  package var flags: Set<Flag>
  /// Unix µs of the first instant.
  package var from: UInt64
  /// Unix µs of the end, exclusive; UInt64.max for none.
  package var until: UInt64

  /// A grant of `flags` between two instants.
  package init(flags: Set<Flag>, from: UInt64 = 0, until: UInt64 = .max) {
    self.flags = flags
    self.from = from
    self.until = until
  }

  /// A grant of media classes by their names (`video`, `audio`, `photo`, `event`), with control or without.
  package init(media: some Sequence<String>, control: Bool = false, from: UInt64 = 0, until: UInt64 = .max) {
    var flags: Set<Flag> = control ? [.shareDevice] : []
    for name in media where Request.mediaNames.contains(name) { flags.formUnion(Request.flags(for: name)) }
    self.init(flags: flags.filter(\.isInGrants), from: from, until: until)
  }

  /// What an owner's account has: everything, without an end.
  package static let owner = GrantFacts(flags: Set(Flag.allCases))
}
