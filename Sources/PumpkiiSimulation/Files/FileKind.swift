/// What a file is by its first bytes; its name proves nothing.
enum FileKind: Equatable {
  case mjpeg
  case y4m
  case h264
  case wav
  /// Something else, with its name for people.
  case foreign(String)

  /// How many bytes ``init(_:)`` wants to see.
  static let lookAt = 4096

  init(_ head: [UInt8]) {
    if head.starts(with: [0xFF, 0xD8, 0xFF]) {
      self = .mjpeg
    } else if head.starts(with: Array("YUV4MPEG2 ".utf8)) {
      self = .y4m
    } else if head.starts(with: Array("RIFF".utf8)), head.dropFirst(8).starts(with: Array("WAVE".utf8)) {
      self = .wav
    } else if let unit = Self.firstUnit(head) {
      self = Self.stream(unit)
    } else {
      self = .foreign(Self.name(head))
    }
  }

  /// The byte behind the first start code, when the file begins with one.
  private static func firstUnit(_ head: [UInt8]) -> UInt8? {
    guard let one = head.prefix(64).firstIndex(where: { $0 != 0 }), one >= 2, head[one] == 1, one + 1 < head.count
    else { return nil }
    return head[one + 1]
  }

  private static func stream(_ unit: UInt8) -> FileKind {
    switch unit {
    case 0xBA: return .foreign("an MPEG program stream")
    case 0xB3: return .foreign("MPEG-1 or MPEG-2 video")
    case 0xB0, 0xB5...0xB9, 0x00: return .foreign("MPEG video")
    // H.265: its two-byte head, for the units that begin a stream: parameter sets, delimiter, information.
    case 0x40, 0x42, 0x44, 0x46, 0x4E: return .foreign("H.265")
    default: break
    }
    let type = unit & 31
    guard unit & 0x80 == 0, [1, 5, 6, 7, 8, 9].contains(type) else { return .foreign("an unknown byte stream") }
    return .h264
  }

  private static func name(_ head: [UInt8]) -> String {
    func begins(_ text: String, at offset: Int = 0) -> Bool { head.dropFirst(offset).starts(with: Array(text.utf8)) }
    if begins("ftyp", at: 4) || begins("moov", at: 4) || begins("mdat", at: 4) { return "MP4 or QuickTime" }
    if head.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) { return "Matroska or WebM" }
    if begins("RIFF"), begins("AVI ", at: 8) { return "AVI" }
    if begins("RIFF"), begins("WEBP", at: 8) { return "a WebP picture" }
    if begins("RF64") || begins("RIFX") { return "a WAV of another kind" }
    if begins("OggS") { return "Ogg" }
    if begins("fLaC") { return "FLAC" }
    if begins("FLV") { return "FLV" }
    if begins("FORM") { return "AIFF" }
    if begins("caff") { return "CAF" }
    if begins("#!AMR") { return "AMR" }
    if begins("GIF8") { return "a GIF" }
    if begins("DKIF") { return "IVF" }
    if head.starts(with: [0x89, 0x50, 0x4E, 0x47]) { return "a PNG picture" }
    if begins("ID3") { return "MP3" }
    if head.starts(with: [0x30, 0x26, 0xB2, 0x75]) { return "ASF" }
    if head.count > 188, head[0] == 0x47, head[188] == 0x47 { return "an MPEG transport stream" }
    if head.count > 1, head[0] == 0xFF, head[1] & 0xE0 == 0xE0 { return head[1] & 6 == 0 ? "AAC" : "MP3" }
    return head.isEmpty ? "an empty file" : "a file of unknown format"
  }
}
