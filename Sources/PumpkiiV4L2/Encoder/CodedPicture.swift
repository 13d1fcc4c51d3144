/// What an encoder's bytes hold, by their NAL units' first bytes; the entropy data is not looked at.
struct CodedPicture: Equatable {
  /// True where there is a slice.
  var hasPicture = false
  /// True where the slice is of an IDR.
  var isIDR = false
  /// True where parameter sets come before the slice.
  var hasSets = false
  /// Where the first slice's start code begins; the end where there is none.
  var head = 0

  /// Bytes of parameter sets and information before a slice.
  private static let longestHead = 4096

  init(_ bytes: [UInt8]) {
    head = bytes.count
    var at = 0
    let end = min(bytes.count, Self.longestHead)
    while at + 3 < end {
      guard bytes[at] == 0, bytes[at + 1] == 0, bytes[at + 2] == 1 else {
        at += 1
        continue
      }
      switch bytes[at + 3] & 31 {
      case 1...5:
        hasPicture = true
        isIDR = bytes[at + 3] & 31 == 5
        head = at > 0 && bytes[at - 1] == 0 ? at - 1 : at
        return
      case 7: hasSets = true
      default: break
      }
      at += 4
    }
  }

  /// True where a picture of the lab's encoder stands alone: it says so in its head, not by the buffer's flag.
  static func isIntraFWHT(_ bytes: [UInt8]) -> Bool {
    // struct fwht_cframe_hdr: the flags are its sixth word, big-endian; V4L2_FWHT_FL_I_FRAME is bit 10.
    bytes.count >= 24 && bytes[22] & 0x04 != 0
  }
}

/// Puts parameter sets before each IDR, wherever the encoder puts them: in a buffer of their own, or before the first
/// IDR alone, as some do that know no REPEAT_SEQ_HEADER.
struct ParameterKeeper {
  private var sets: [UInt8] = []

  /// - Returns: nil for a buffer of parameter sets, which is no picture.
  mutating func picture(_ bytes: [UInt8]) -> (bytes: [UInt8], isIDR: Bool)? {
    let coded = CodedPicture(bytes)
    if coded.hasSets { sets = Array(bytes[..<coded.head]) }
    guard coded.hasPicture else { return nil }
    return (coded.isIDR && !coded.hasSets ? sets + bytes : bytes, coded.isIDR)
  }
}
