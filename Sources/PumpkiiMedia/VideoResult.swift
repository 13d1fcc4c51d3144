/// Why a captured frame became no chunk.
package enum DropReason: String, Sendable, CaseIterable {
  /// The frame cannot be decoded: cut short, damaged, or before the first picture that stands alone.
  case decode
  /// The encoder left it out to keep to its bitrate.
  case encoder
  /// The camera cuts pictures into parts: the frame's bytes belong to a picture that a later frame completes.
  case joined
}

/// What became of a captured frame.
package enum VideoResult: Sendable {
  case chunk(EncodedChunk)
  case dropped(DropReason)
}

/// One coded picture as a CMAF chunk.
package struct EncodedChunk: Sendable, Equatable {
  /// `moof` and `mdat` with one sample and the absolute decode time.
  package let bytes: [UInt8]
  /// True when decoding may begin here.
  package let randomAccess: Bool
  /// Nominal, in µs.
  package let duration: UInt32

  /// A chunk.
  package init(bytes: [UInt8], randomAccess: Bool, duration: UInt32) {
    self.bytes = bytes
    self.randomAccess = randomAccess
    self.duration = duration
  }
}
