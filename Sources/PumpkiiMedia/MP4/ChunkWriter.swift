/// Writes CMAF chunks of one track: `moof` and `mdat`, the decode time in 64 bits and never relative.
struct ChunkWriter {
  /// One picture of a chunk.
  struct Picture {
    /// Its bytes, in pieces that follow each other; copied once, into the chunk.
    var parts: [ArraySlice<UInt8>]
    /// Ticks.
    var duration: UInt32
    /// True when it needs no other.
    var independent: Bool

    var count: Int { parts.reduce(0) { $0 + $1.count } }
  }

  /// Sample flags: a picture that needs no other, a packet of sound.
  static let independent: UInt32 = 0x0200_0000
  /// Sample flags: a picture that needs another.
  static let dependent: UInt32 = 0x0101_0000
  /// Samples of one Opus packet of 20 ms.
  static let packetSamples = 960
  /// Bytes of a chunk's boxes but for the run's entries.
  private static let headBytes = 100

  private var number: UInt32 = 0

  /// Pictures in the order they are shown.
  mutating func pictures(_ pictures: [Picture], at time: UInt64) -> [UInt8] {
    chunk(
      track: TrackDescription.videoTrack, time: time, data: pictures.flatMap(\.parts), entryBytes: 12 * pictures.count
    ) {
      $0.fullBox("trun", flags: 0x000701) {
        $0.write(UInt32(pictures.count))
        $0.write(UInt32(0))
        for picture in pictures {
          $0.write(picture.duration)
          $0.write(UInt32(picture.count))
          $0.write(picture.independent ? Self.independent : Self.dependent)
        }
      }
    }
  }

  /// Packets of sound, 20 ms each.
  mutating func packets(_ packets: [[UInt8]], at time: UInt64) -> [UInt8] {
    chunk(
      track: TrackDescription.audioTrack, time: time, data: packets.map { $0[...] }, entryBytes: 4 * packets.count
    ) {
      $0.fullBox("trun", flags: 0x000201) {
        $0.write(UInt32(packets.count))
        $0.write(UInt32(0))
        for packet in packets { $0.write(UInt32(packet.count)) }
      }
    }
  }

  private mutating func chunk(
    track: UInt32, time: UInt64, data: [ArraySlice<UInt8>], entryBytes: Int, run: (inout BoxWriter) -> Void
  ) -> [UInt8] {
    number &+= 1
    var writer = BoxWriter()
    // Once, in the size needed: growing would copy the pictures again.
    writer.reserve(Self.headBytes + entryBytes + data.reduce(0) { $0 + $1.count })
    var runAt = 0
    writer.box("moof") { moof in
      moof.fullBox("mfhd") { $0.write(number) }
      moof.box("traf") { traf in
        traf.fullBox("tfhd", flags: 0x020000) { $0.write(track) }
        traf.fullBox("tfdt", version: 1) { $0.write(time) }
        runAt = traf.bytes.count
        run(&traf)
      }
    }
    // The offset lies behind the run's head and count: from the start of moof to the first byte of data.
    writer.set(UInt32(writer.bytes.count + 8), at: runAt + 16)
    writer.box("mdat") { mdat in
      for part in data { mdat.write(part) }
    }
    return writer.bytes
  }
}
