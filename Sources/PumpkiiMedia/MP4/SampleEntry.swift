/// The entry of `stsd` that tells a player which decoder to start, and how.
enum SampleEntry {
  static func write(_ track: TrackDescription, to writer: inout BoxWriter) {
    switch track.entry {
    case .h264(let sequence, let picture):
      writer.box("avc1") {
        visualHead(&$0, track)
        configuration(&$0, sequence: sequence, picture: picture)
        colourAndAspect(&$0, track)
      }
    case .mjpeg:
      writer.box("mp4v") {
        visualHead(&$0, track)
        elementaryStream(&$0)
        colourAndAspect(&$0, track)
      }
    case .opus(let channels, let preSkip, let inputRate):
      writer.box("Opus") { opus(&$0, channels: channels, preSkip: preSkip, inputRate: inputRate) }
    }
  }

  private static func visualHead(_ writer: inout BoxWriter, _ track: TrackDescription) {
    writer.zeros(6)
    writer.write(UInt16(1))
    writer.zeros(16)
    writer.write(UInt16(clamping: track.width))
    writer.write(UInt16(clamping: track.height))
    writer.write(UInt32(0x48_0000))
    writer.write(UInt32(0x48_0000))
    writer.zeros(4)
    writer.write(UInt16(1))
    writer.zeros(32)
    writer.write(UInt16(0x18))
    writer.write(Int16(-1))
  }

  /// avcC (ISO/IEC 14496-15): lengths of four bytes, the parameter sets, and for high profiles chroma and depths.
  private static func configuration(_ writer: inout BoxWriter, sequence: [[UInt8]], picture: [[UInt8]]) {
    guard let first = sequence.first, first.count >= 4 else { return }
    writer.box("avcC") {
      $0.write(UInt8(1))
      $0.write(first[1...3])
      $0.write(UInt8(0xFF))
      $0.write(UInt8(0xE0 | min(sequence.count, 31)))
      for unit in sequence.prefix(31) {
        $0.write(UInt16(clamping: unit.count))
        $0.write(unit)
      }
      $0.write(UInt8(clamping: picture.count))
      for unit in picture.prefix(255) {
        $0.write(UInt16(clamping: unit.count))
        $0.write(unit)
      }
      guard [100, 110, 122, 144].contains(first[1]), let set = try? SequenceParameters(unit: first[...]) else { return }
      $0.write(UInt8(0xFC | set.chroma))
      $0.write(UInt8(0xF8 | (set.lumaBits - 8)))
      $0.write(UInt8(0xF8 | (set.chromaBits - 8)))
      $0.write(UInt8(0))
    }
  }

  /// esds with object type 0x6C, JPEG (ISO/IEC 14496-1).
  private static func elementaryStream(_ writer: inout BoxWriter) {
    writer.fullBox("esds") {
      $0.write([0x03, 21, 0, 1, 0] as [UInt8])
      $0.write([0x04, 13, 0x6C, 0x11, 0, 0, 0] as [UInt8])
      $0.write(UInt32(0))
      $0.write(UInt32(0))
      $0.write([0x06, 1, 2] as [UInt8])
    }
  }

  private static func colourAndAspect(_ writer: inout BoxWriter, _ track: TrackDescription) {
    if let colour = track.colour {
      writer.box("colr") {
        $0.write("nclx".utf8)
        $0.write(UInt16(colour.primaries))
        $0.write(UInt16(colour.transfer))
        $0.write(UInt16(colour.matrix))
        $0.write(UInt8(colour.fullRange ? 0x80 : 0))
      }
    }
    writer.box("pasp") {
      $0.write(track.aspect.width)
      $0.write(track.aspect.height)
    }
  }

  private static func opus(_ writer: inout BoxWriter, channels: Int, preSkip: Int, inputRate: Int) {
    writer.zeros(6)
    writer.write(UInt16(1))
    writer.zeros(8)
    writer.write(UInt16(channels))
    writer.write(UInt16(16))
    writer.zeros(4)
    writer.write(MediaTime.audio << 16 as UInt32)
    writer.box("dOps") {
      $0.write(UInt8(0))
      $0.write(UInt8(channels))
      $0.write(UInt16(clamping: preSkip))
      $0.write(UInt32(clamping: inputRate))
      $0.write(Int16(0))
      $0.write(UInt8(0))
    }
  }
}
