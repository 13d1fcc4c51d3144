/// What a viewer does with CMAF headers and chunks: joins headers, moves decode times, nothing else.
package enum MP4 {
  /// What one track's header says.
  package struct TrackSummary: Sendable, Equatable {
    /// 1 is video, 2 is audio.
    package let trackID: UInt32
    /// Ticks a second.
    package let timescale: UInt32
    /// True for pictures, false for sound.
    package let isVideo: Bool
    /// The sample description, codec parameters included; equal ones may share a file.
    package let description: [UInt8]
  }

  /// Where a chunk stands in its track.
  package struct ChunkSummary: Sendable, Equatable {
    /// As in the header.
    package let trackID: UInt32
    /// In ticks of the track.
    package let decodeTime: UInt64
    /// True when decoding may begin here.
    package let randomAccess: Bool
  }

  /// One header for all tracks.
  /// - Throws: ``MediaError`` `badBoxes`, also for two tracks of one number.
  package static func combine(initializations: [[UInt8]]) throws(MediaError) -> [UInt8] {
    var tracks: [[UInt8]] = []
    var defaults: [[UInt8]] = []
    var numbers: [UInt32] = []
    for header in initializations {
      numbers.append(try summary(of: header).trackID)
      let moov = try Box.find("moov", header, in: header.indices)
      for box in try Box.list(header, in: moov.body) where box.isNamed("trak") {
        tracks.append(Array(header[box.range]))
      }
      let extends = try Box.find("mvex", header, in: moov.body)
      defaults.append(Array(header[extends.body]))
    }
    guard let last = numbers.max(), Set(numbers).count == numbers.count, tracks.count == numbers.count else {
      throw Box.bad("the headers are not of different tracks")
    }
    var writer = BoxWriter()
    TrackHeader.fileType(&writer)
    writer.box("moov") { moov in
      TrackHeader.movieHead(&moov, nextTrack: last &+ 1)
      for track in tracks { moov.write(track) }
      moov.box("mvex") { for part in defaults { $0.write(part) } }
    }
    return writer.bytes
  }

  /// What the header of one track says.
  /// - Throws: ``MediaError`` `badBoxes`.
  package static func summary(of header: [UInt8]) throws(MediaError) -> TrackSummary {
    let track = try Box.find(path: ["moov", "trak"], header, in: header.indices)
    let head = try Box.find("tkhd", header, in: track.body)
    let media = try Box.find("mdia", header, in: track.body)
    let mediaHead = try Box.find("mdhd", header, in: media.body)
    let handler = try Box.find("hdlr", header, in: media.body)
    let entries = try Box.find(path: ["minf", "stbl", "stsd"], header, in: media.body)
    guard head.body.count >= 32, mediaHead.body.count >= 24, handler.body.count >= 12 else {
      throw Box.bad("a track's header is cut short")
    }
    let wide = header[head.body.lowerBound] == 1
    let wideMedia = header[mediaHead.body.lowerBound] == 1
    let timescale = Box.number(header, at: mediaHead.body.lowerBound + (wideMedia ? 20 : 12), count: 4)
    guard timescale > 0 else { throw Box.bad("a track has no timescale") }
    return TrackSummary(
      trackID: UInt32(Box.number(header, at: head.body.lowerBound + (wide ? 20 : 12), count: 4)),
      timescale: UInt32(timescale),
      isVideo: header[handler.body.lowerBound + 8..<handler.body.lowerBound + 12].elementsEqual("vide".utf8),
      description: Array(header[entries.range]))
  }

  /// Where a chunk stands.
  /// - Throws: ``MediaError`` `badBoxes`.
  package static func summary(ofChunk chunk: [UInt8]) throws(MediaError) -> ChunkSummary {
    let fragment = try Box.find(path: ["moof", "traf"], chunk, in: chunk.indices)
    let (track, time, _) = try times(chunk, fragment)
    let run = try Box.find("trun", chunk, in: fragment.body)
    guard run.body.count >= 8 else { throw Box.bad("a run is cut short") }
    return ChunkSummary(
      trackID: track, decodeTime: time, randomAccess: try isIndependent(chunk, run))
  }

  /// The track and decode time of a chunk.
  /// - Throws: ``MediaError`` `badBoxes`.
  package static func baseDecodeTime(of chunk: [UInt8]) throws(MediaError) -> (trackID: UInt32, time: UInt64) {
    let fragment = try Box.find(path: ["moof", "traf"], chunk, in: chunk.indices)
    let (track, time, _) = try times(chunk, fragment)
    return (track, time)
  }

  /// The chunk with its decode time moved back: the only bytes a viewer rewrites.
  /// - Throws: ``MediaError`` `badBoxes`, also when the time is earlier than what is taken off.
  package static func rebase(
    chunk: [UInt8], subtracting offsets: [UInt32: UInt64]
  ) throws(MediaError) -> [UInt8] {
    let fragment = try Box.find(path: ["moof", "traf"], chunk, in: chunk.indices)
    let (track, time, _) = try times(chunk, fragment)
    let offset = offsets[track] ?? 0
    guard time >= offset else { throw Box.bad("a chunk lies before the start") }
    return try retime(chunk: chunk, to: time - offset)
  }

  /// The chunk at another decode time.
  /// - Throws: ``MediaError`` `badBoxes`.
  package static func retime(chunk: [UInt8], to time: UInt64) throws(MediaError) -> [UInt8] {
    let fragment = try Box.find(path: ["moof", "traf"], chunk, in: chunk.indices)
    let (_, _, field) = try times(chunk, fragment)
    var moved = chunk
    for byte in 0..<8 { moved[field + byte] = UInt8(truncatingIfNeeded: time >> UInt64(56 - 8 * byte)) }
    return moved
  }

  /// Track number, decode time and where its eight bytes lie.
  private static func times(_ chunk: [UInt8], _ fragment: Box) throws(MediaError) -> (UInt32, UInt64, Int) {
    let head = try Box.find("tfhd", chunk, in: fragment.body)
    let time = try Box.find("tfdt", chunk, in: fragment.body)
    guard head.body.count >= 8, time.body.count == 12, chunk[time.body.lowerBound] == 1 else {
      throw Box.bad("a chunk's decode time is not of 64 bits")
    }
    return (
      UInt32(Box.number(chunk, at: head.body.lowerBound + 4, count: 4)),
      Box.number(chunk, at: time.body.lowerBound + 4, count: 8), time.body.lowerBound + 4
    )
  }

  /// The flags of the first sample, as ``ChunkWriter`` places them; a run without flags is of sound.
  private static func isIndependent(_ chunk: [UInt8], _ run: Box) throws(MediaError) -> Bool {
    let flags = Box.number(chunk, at: run.body.lowerBound, count: 4) & 0xFFFFFF
    guard flags & 0x400 != 0 else { return true }
    var at = run.body.lowerBound + 8
    for optional: UInt64 in [0x1, 0x4, 0x100, 0x200] where flags & optional != 0 { at += 4 }
    guard at + 4 <= run.body.upperBound else { throw Box.bad("a run is cut short") }
    return Box.number(chunk, at: at, count: 4) & 0x1_0000 == 0
  }
}
