/// The CMAF header of one track: `ftyp` and `moov` without samples.
enum TrackHeader {
  static func bytes(_ track: TrackDescription) -> [UInt8] {
    var writer = BoxWriter()
    fileType(&writer)
    writer.box("moov") { moov in
      movieHead(&moov, nextTrack: track.trackID + 1)
      moov.box("trak") {
        trackHead(&$0, track)
        $0.box("mdia") { media(&$0, track) }
      }
      moov.box("mvex") { trackDefaults(&$0, track) }
    }
    return writer.bytes
  }

  static func fileType(_ writer: inout BoxWriter) {
    writer.box("ftyp") {
      $0.write("iso6".utf8)
      $0.write(UInt32(0))
      $0.write("iso6cmfcmp41".utf8)
    }
  }

  static func movieHead(_ writer: inout BoxWriter, nextTrack: UInt32) {
    writer.fullBox("mvhd") {
      $0.zeros(8)
      $0.write(UInt32(1000))
      $0.write(UInt32(0))
      $0.write(UInt32(0x10000))
      $0.write(UInt16(0x100))
      $0.zeros(10)
      matrix(&$0)
      $0.zeros(24)
      $0.write(nextTrack)
    }
  }

  private static func matrix(_ writer: inout BoxWriter) {
    for value: UInt32 in [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x4000_0000] { writer.write(value) }
  }

  /// Shown size: pixels that are not square widen or narrow it.
  private static func trackHead(_ writer: inout BoxWriter, _ track: TrackDescription) {
    writer.fullBox("tkhd", flags: 3) {
      $0.zeros(8)
      $0.write(track.trackID)
      $0.zeros(4)
      $0.write(UInt32(0))
      $0.zeros(8)
      $0.write(UInt16(0))
      $0.write(UInt16(track.isVideo ? 0 : 1))
      $0.write(UInt16(track.isVideo ? 0 : 0x100))
      $0.zeros(2)
      matrix(&$0)
      let shown = UInt64(track.width) * UInt64(track.aspect.width) * 65536 / UInt64(max(track.aspect.height, 1))
      $0.write(UInt32(clamping: shown))
      $0.write(UInt32(clamping: UInt64(track.height) * 65536))
    }
  }

  private static func media(_ writer: inout BoxWriter, _ track: TrackDescription) {
    writer.fullBox("mdhd") {
      $0.zeros(8)
      $0.write(track.timescale)
      $0.write(UInt32(0))
      $0.write(UInt16(0x55C4))  // `und`
      $0.zeros(2)
    }
    writer.fullBox("hdlr") {
      $0.zeros(4)
      $0.write((track.isVideo ? "vide" : "soun").utf8)
      $0.zeros(12)
      $0.write((track.isVideo ? "Video" : "Sound").utf8)
      $0.zeros(1)
    }
    writer.box("minf") { minf in
      if track.isVideo { minf.fullBox("vmhd", flags: 1) { $0.zeros(8) } } else { minf.fullBox("smhd") { $0.zeros(4) } }
      minf.box("dinf") {
        $0.fullBox("dref") {
          $0.write(UInt32(1))
          $0.fullBox("url ", flags: 1) { _ in }
        }
      }
      minf.box("stbl") { sampleTables(&$0, track) }
    }
  }

  private static func sampleTables(_ writer: inout BoxWriter, _ track: TrackDescription) {
    writer.fullBox("stsd") {
      $0.write(UInt32(1))
      SampleEntry.write(track, to: &$0)
    }
    writer.fullBox("stts") { $0.zeros(4) }
    writer.fullBox("stsc") { $0.zeros(4) }
    writer.fullBox("stsz") { $0.zeros(8) }
    writer.fullBox("stco") { $0.zeros(4) }
  }

  private static func trackDefaults(_ writer: inout BoxWriter, _ track: TrackDescription) {
    writer.fullBox("trex") {
      $0.write(track.trackID)
      $0.write(UInt32(1))
      $0.write(track.isVideo ? 0 : UInt32(ChunkWriter.packetSamples))
      $0.write(UInt32(0))
      $0.write(track.isVideo ? ChunkWriter.dependent : ChunkWriter.independent)
    }
  }
}
