/// Writes CMAF chunks of one track: `moof` and `mdat`, the decode time in 64 bits and never relative.
struct ChunkWriter {
  /// Sample flags: a picture that needs no other, a packet of sound.
  static let independent: UInt32 = 0x0200_0000
  /// Sample flags: a picture that needs another.
  static let dependent: UInt32 = 0x0101_0000
  /// Samples of one Opus packet of 20 ms.
  static let packetSamples = 960

  private var number: UInt32 = 0

  /// One picture.
  mutating func picture(_ sample: [UInt8], at time: UInt64, duration: UInt32, independent: Bool) -> [UInt8] {
    chunk(track: TrackDescription.videoTrack, time: time, data: [sample]) {
      $0.fullBox("trun", flags: 0x000701) {
        $0.write(UInt32(1))
        $0.write(UInt32(0))
        $0.write(duration)
        $0.write(UInt32(sample.count))
        $0.write(independent ? Self.independent : Self.dependent)
      }
    }
  }

  /// Packets of sound, 20 ms each.
  mutating func packets(_ packets: [[UInt8]], at time: UInt64) -> [UInt8] {
    chunk(track: TrackDescription.audioTrack, time: time, data: packets) {
      $0.fullBox("trun", flags: 0x000201) {
        $0.write(UInt32(packets.count))
        $0.write(UInt32(0))
        for packet in packets { $0.write(UInt32(packet.count)) }
      }
    }
  }

  private mutating func chunk(
    track: UInt32, time: UInt64, data: [[UInt8]], run: (inout BoxWriter) -> Void
  ) -> [UInt8] {
    number &+= 1
    var writer = BoxWriter()
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
