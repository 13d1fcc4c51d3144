internal import PumpkiiWire

/// Which kinds, flags and indices belong to which class: held by the sealer and, after opening, by the reader.
enum ObjectRules {
  /// The largest padded plaintext that fits into an object with the longest SFrame header.
  static let plaintextLimit =
    WireLimits.objectBytes - ObjectHeader.byteCount - SFrameHeader.maximumByteCount - SFrameSuite.tagByteCount
    - Signature.byteCount

  /// - Throws: ``VaultError`` `mediaClass`.
  static func check(
    _ kind: MediaPlaintext.Kind, _ flags: ObjectHeader.Flags, _ index: UInt32, _ mediaClass: MediaClass
  ) throws(VaultError) {
    // Raw values and patterns: this is on the way of every frame, and generic comparisons across modules are calls.
    let saysEnd = flags.rawValue & ObjectHeader.Flags.endOfSegment.rawValue != 0
    let saysInit = flags.rawValue & ObjectHeader.Flags.initialization.rawValue != 0
    switch (kind, saysEnd, saysInit) {
    case (.segmentEnd, true, false): return
    case (.initialization, false, true): break
    case (.chunk, false, false), (.jpeg, false, false), (.jpegPart, false, false), (.event, false, false): break
    default: throw VaultError(.mediaClass, "flags against kind")
    }
    switch (mediaClass, kind) {
    case (.video, .initialization), (.audio, .initialization):
      guard index == 0 else { throw VaultError(.mediaClass, "an init behind index 0") }
    case (.video, .chunk), (.audio, .chunk):
      guard index > 0 else { throw VaultError(.mediaClass, "index 0 is the init") }
    case (.photo, .jpeg), (.photo, .jpegPart), (.event, .event): break
    default: throw VaultError(.mediaClass, "kind against class")
    }
  }
}
