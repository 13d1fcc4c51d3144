/// Everything a decision rests on. Facts are given, never looked up, so that the decision is pure.
package struct Facts: Sendable, Equatable {
  /// What whoever runs the board allows at most, from its configuration file. Nil where there is no such file, which
  /// leaves everything to the owner; in a file that is there, a flag without a line is denied. A file that cannot be
  /// read is `[:]`.
  package var ceiling: [Flag: Bool]?
  /// The owner's policy; nil when it is missing, unreadable, unsigned or rolled back, and then everything is denied.
  package var owner: OwnerPolicy?
  /// Why ``owner`` is nil, as the words after "because".
  package var ownerProblem: String?
  /// What the account of the request was given; for an owner's account ``GrantFacts/owner``.
  package var grant: GrantFacts?

  /// Facts; whatever is left out denies, except a ceiling that does not exist.
  package init(
    ceiling: [Flag: Bool]? = nil, owner: OwnerPolicy? = nil, ownerProblem: String? = nil, grant: GrantFacts? = nil
  ) {
    self.ceiling = ceiling
    self.owner = owner
    self.ownerProblem = ownerProblem
    self.grant = grant
  }
}

/// The flags of the owner's signed document, once it has verified.
package struct OwnerPolicy: Sendable, Equatable {
  /// The document's version.
  package var version: UInt64
  /// SHA-256 of the signed document, in hexadecimal.
  package var hash: String
  /// The flags that it allows.
  package var allowed: Set<Flag>
  /// Flags that were narrowed since; they are denied whatever the document says.
  package var narrowed: Set<Flag>

  /// A policy that allows `allowed` but for what was narrowed since.
  package init(version: UInt64, hash: String, allowed: Set<Flag>, narrowed: Set<Flag> = []) {
    self.version = version
    self.hash = hash
    self.allowed = allowed
    self.narrowed = narrowed
  }

  /// The same from the names in a document and a roster. A name that is no flag allows nothing.
  package init(
    version: UInt64, hash: String, allowing names: some Sequence<String>, narrowed narrowedNames: some Sequence<String>
  ) {
    self.init(
      version: version, hash: hash, allowed: Set(names.compactMap(Flag.init(rawValue:))),
      narrowed: Set(narrowedNames.compactMap(Flag.init(rawValue:))))
  }
}

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

  /// A grant of media classes by their names (`video`, `audio`, `photo`), with control or without.
  package init(media: some Sequence<String>, control: Bool = false, from: UInt64 = 0, until: UInt64 = .max) {
    var flags: Set<Flag> = control ? [.shareDevice] : []
    for name in media where ["video", "audio", "photo"].contains(name) { flags.formUnion(Request.flags(for: name)) }
    self.init(flags: flags.filter(\.isInGrants), from: from, until: until)
  }

  /// What an owner's account has: everything, without an end.
  package static let owner = GrantFacts(flags: Set(Flag.allCases))
}
