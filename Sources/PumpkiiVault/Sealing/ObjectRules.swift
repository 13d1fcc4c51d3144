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
    guard flags.contains(.endOfSegment) == (kind == .segmentEnd) else {
      throw VaultError(.mediaClass, "end flag against kind")
    }
    guard flags.contains(.initialization) == (kind == .initialization) else {
      throw VaultError(.mediaClass, "init flag against kind")
    }
    if kind == .segmentEnd { return }
    switch mediaClass {
    case .video, .audio:
      guard kind == .initialization || kind == .chunk else { throw VaultError(.mediaClass, "kind against class") }
      guard (index == 0) == (kind == .initialization) else {
        throw VaultError(.mediaClass, "index 0 is the init and nothing else is")
      }
    case .photo:
      guard kind == .jpeg || kind == .jpegPart else { throw VaultError(.mediaClass, "kind against class") }
    case .event:
      guard kind == .event else { throw VaultError(.mediaClass, "kind against class") }
    }
  }
}
