/// What an object is for. Each use needs flags of its own, so that a picture that may be shown here need not leave.
package enum Use: UInt8, Sendable, CaseIterable, Hashable {
  /// Sent to whoever watches now.
  case live
  /// Kept on the device.
  case record
  /// Kept, sealed, at the relay.
  case upload
  /// Shown on the device itself or next to it.
  case preview
  /// A photo that somebody asked for.
  case photo
  /// Looked at for motion, and the event that comes of it.
  case detectMotion
  /// Listened to for loudness, and the event that comes of it.
  case detectSound
  /// Why and when a clip began, for its owners: nothing that a sensor made.
  case note

  /// What the use serves; every flag that it asks for must serve the same (clause C18). A new use does not compile
  /// without its line.
  package var purpose: Purpose {
    switch self {
    case .live, .record, .upload, .preview, .photo, .detectMotion, .detectSound, .note: .support
    }
  }
}

/// Several uses of one object.
package struct Uses: OptionSet, Sendable, Hashable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// One use.
  package init(_ use: Use) { rawValue = 1 << use.rawValue }

  package static let live = Uses(.live)
  package static let record = Uses(.record)
  package static let upload = Uses(.upload)
  package static let preview = Uses(.preview)
  package static let photo = Uses(.photo)
  package static let detectMotion = Uses(.detectMotion)
  package static let detectSound = Uses(.detectSound)
  package static let note = Uses(.note)

  /// Whether the use is among them.
  package func contains(_ use: Use) -> Bool { contains(Uses(use)) }

  /// The uses of `media` among `uses` that every layer allows at a point, and the first denial of the others. An object
  /// of which nothing is left is not made.
  package static func allowed(
    media: String, among uses: Uses, point: Point, facts: Facts, now: UInt64
  ) -> (allowed: Uses, denial: Decision?) {
    var allowed: Uses = []
    var denial: Decision?
    for use in Use.allCases where uses.contains(use) {
      let decision = decide(media: media, use: use, at: point, facts: facts, now: now)
      if decision.allowed { allowed.insert(Uses(use)) } else { denial = denial ?? decision }
    }
    return (allowed, denial)
  }
}
