package import PumpkiiCapture

/// What a sequence parameter set says, as far as a container and the check for fields and reordering need it.
package struct SequenceParameters: Sendable, Equatable {
  /// How colours are to be read.
  package struct Colour: Sendable, Equatable {
    /// True where black is 0.
    package var fullRange = false
    /// Table E-3; 2 is unknown, as below.
    package var primaries: UInt8 = 2
    /// Table E-4.
    package var transfer: UInt8 = 2
    /// Table E-5.
    package var matrix: UInt8 = 2

    /// What is left out is unknown.
    package init(fullRange: Bool = false, primaries: UInt8 = 2, transfer: UInt8 = 2, matrix: UInt8 = 2) {
      self.fullRange = fullRange
      self.primaries = primaries
      self.transfer = transfer
      self.matrix = matrix
    }
  }

  /// seq_parameter_set_id.
  package private(set) var id = 0
  /// profile_idc.
  package private(set) var profile: UInt8 = 0
  /// The constraint flags, the first in the highest bit.
  package private(set) var constraints: UInt8 = 0
  /// level_idc.
  package private(set) var level: UInt8 = 0
  /// 0 grey, 1 4:2:0, 2 4:2:2, 3 4:4:4.
  package private(set) var chroma = 1
  /// Bits of a luma sample.
  package private(set) var lumaBits = 8
  /// Bits of a chroma sample.
  package private(set) var chromaBits = 8
  /// After cropping.
  package private(set) var width = 0
  /// After cropping.
  package private(set) var height = 0
  /// Width to height of a pixel; square where the stream does not say.
  package private(set) var sampleAspect = VideoFormat.Ratio(1)
  /// Nil where the stream does not say.
  package private(set) var colour: Colour?
  /// False where pictures may be fields.
  package private(set) var framesOnly = true
  /// True where macroblock pairs may be fields (MBAFF).
  package private(set) var adaptiveFields = false
  /// Frames that may come before one that is shown earlier; nil where the stream does not say.
  package private(set) var reorderedFrames: Int?
  private(set) var separatePlanes = false
  private(set) var frameNumberBits = 4

  /// - Parameter unit: the NAL unit without start code.
  /// - Throws: ``MediaError`` `badPicture`.
  package init(unit: ArraySlice<UInt8>) throws(MediaError) {
    var reader = BitReader(unit: unit)
    profile = UInt8(try reader.bits(8))
    constraints = UInt8(try reader.bits(8))
    level = UInt8(try reader.bits(8))
    id = try reader.unsigned(atMost: 31)
    if Self.hasChromaFields(profile) { try readChroma(&reader) }
    frameNumberBits = try reader.unsigned(atMost: 12) + 4
    try Self.skipOrder(&reader)
    _ = try reader.unsigned(atMost: 16)
    _ = try reader.bit()
    try readSize(&reader)
    if try reader.bit() { try readUsability(&reader) }
  }

  /// Profiles whose parameter set, and avcC, carry chroma format and depths.
  package static func hasChromaFields(_ profile: UInt8) -> Bool {
    [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135].contains(profile)
  }

  private mutating func readChroma(_ reader: inout BitReader) throws(MediaError) {
    chroma = try reader.unsigned(atMost: 3)
    if chroma == 3 { separatePlanes = try reader.bit() }
    lumaBits = try reader.unsigned(atMost: 6) + 8
    chromaBits = try reader.unsigned(atMost: 6) + 8
    _ = try reader.bit()
    guard try reader.bit() else { return }
    for list in 0..<(chroma == 3 ? 12 : 8) where try reader.bit() {
      try Self.skipScalingList(&reader, count: list < 6 ? 16 : 64)
    }
  }

  private static func skipScalingList(_ reader: inout BitReader, count: Int) throws(MediaError) {
    var last = 8
    var next = 8
    for _ in 0..<count {
      if next != 0 { next = (last + (try reader.signed()) + 256) & 255 }
      if next != 0 { last = next }
    }
  }

  private static func skipOrder(_ reader: inout BitReader) throws(MediaError) {
    switch try reader.unsigned(atMost: 2) {
    case 0: _ = try reader.unsigned(atMost: 12)
    case 1:
      _ = try reader.bit()
      _ = try reader.signed()
      _ = try reader.signed()
      for _ in 0..<(try reader.unsigned(atMost: 255)) { _ = try reader.signed() }
    default: break
    }
  }

  private mutating func readSize(_ reader: inout BitReader) throws(MediaError) {
    let columns = try reader.unsigned(atMost: 1023) + 1
    let rows = try reader.unsigned(atMost: 1023) + 1
    framesOnly = try reader.bit()
    if !framesOnly { adaptiveFields = try reader.bit() }
    _ = try reader.bit()
    width = columns * 16
    height = rows * 16 * (framesOnly ? 1 : 2)
    guard try reader.bit() else { return }
    let isPlain = chroma == 0 || separatePlanes
    let unitX = isPlain || chroma == 3 ? 1 : 2
    let unitY = (isPlain || chroma != 1 ? 1 : 2) * (framesOnly ? 1 : 2)
    width -= (try reader.unsigned(atMost: 16384) + (try reader.unsigned(atMost: 16384))) * unitX
    height -= (try reader.unsigned(atMost: 16384) + (try reader.unsigned(atMost: 16384))) * unitY
    guard width > 0, height > 0 else {
      throw MediaError(.badPicture, "an H.264 stream crops its picture away", advice: "Check the source.")
    }
  }

  /// VUI (Annex E).
  private mutating func readUsability(_ reader: inout BitReader) throws(MediaError) {
    if try reader.bit() { try readAspect(&reader) }
    if try reader.bit() { _ = try reader.bit() }
    if try reader.bit() {
      _ = try reader.bits(3)
      var seen = Colour(fullRange: try reader.bit())
      if try reader.bit() {
        seen.primaries = UInt8(try reader.bits(8))
        seen.transfer = UInt8(try reader.bits(8))
        seen.matrix = UInt8(try reader.bits(8))
      }
      colour = seen
    }
    if try reader.bit() {
      _ = try reader.unsigned(atMost: 5)
      _ = try reader.unsigned(atMost: 5)
    }
    if try reader.bit() { try reader.skip(65) }
    let network = try reader.bit()
    if network { try Self.skipTiming(&reader) }
    let video = try reader.bit()
    if video { try Self.skipTiming(&reader) }
    if network || video { _ = try reader.bit() }
    _ = try reader.bit()
    guard try reader.bit() else { return }
    _ = try reader.bit()
    for _ in 0..<4 { _ = try reader.unsigned() }
    reorderedFrames = try reader.unsigned(atMost: 16)
  }

  private mutating func readAspect(_ reader: inout BitReader) throws(MediaError) {
    let known: [(UInt32, UInt32)] = [
      (1, 1), (1, 1), (12, 11), (10, 11), (16, 11), (40, 33), (24, 11), (20, 11), (32, 11), (80, 33), (18, 11),
      (15, 11), (64, 33), (160, 99), (4, 3), (3, 2), (2, 1),
    ]
    let kind = Int(try reader.bits(8))
    if kind == 255 {
      let (width, height) = (try reader.bits(16), try reader.bits(16))
      if width > 0, height > 0 { sampleAspect = VideoFormat.Ratio(width, height) }
    } else if kind < known.count {
      sampleAspect = VideoFormat.Ratio(known[kind].0, known[kind].1)
    }
  }

  private static func skipTiming(_ reader: inout BitReader) throws(MediaError) {
    let count = try reader.unsigned(atMost: 31) + 1
    try reader.skip(8)
    for _ in 0..<count {
      _ = try reader.unsigned()
      _ = try reader.unsigned()
      _ = try reader.bit()
    }
    try reader.skip(20)
  }
}
