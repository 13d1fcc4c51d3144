/// Who looks at the local preview, so that the sensors open for somebody and not for nobody.
package struct PreviewWants: Sendable, Equatable {
  /// What a consumer takes.
  package enum Kind: String, Sendable, CaseIterable {
    /// JPEG after JPEG.
    case mjpeg
    /// The film's own chunks.
    case film
    /// One JPEG.
    case snapshot
  }

  /// Consumers, by kind.
  package var counts: [Kind: Int] = [:]

  package init() {}

  package subscript(kind: Kind) -> Int { counts[kind] ?? 0 }
  /// Nobody looks.
  package var isEmpty: Bool { counts.values.allSatisfy { $0 == 0 } }
  /// Somebody wants JPEGs.
  package var wantsPictures: Bool { self[.mjpeg] > 0 || self[.snapshot] > 0 }
  /// Somebody wants the coded stream, so it must be coded also where no viewer does.
  package var wantsFilm: Bool { self[.film] > 0 }
}
