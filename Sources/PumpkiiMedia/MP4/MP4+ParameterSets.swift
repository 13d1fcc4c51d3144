extension MP4 {
  /// Bytes of a visual sample entry before its boxes.
  private static let entryHead = 78

  /// The H.264 parameter sets of a header, each behind its length of four bytes; nil for another coding.
  /// - Throws: ``MediaError`` `badBoxes`.
  static func parameterSets(of header: [UInt8]) throws(MediaError) -> [UInt8]? {
    let entry = try sampleEntry(header)
    guard entry.isNamed("avc1") || entry.isNamed("avc3") else { return nil }
    guard entry.body.count > entryHead else { throw Box.bad("a sample entry is cut short") }
    let inner = entry.body.lowerBound + entryHead..<entry.body.upperBound
    let record = try Box.find("avcC", header, in: inner).body
    var at = record.lowerBound + 5
    var writer = BoxWriter()
    // Sequence sets under a count of five bits, then picture sets under one of eight.
    for mask: UInt8 in [0x1F, 0xFF] {
      guard at < record.upperBound else { throw Box.bad("parameter sets are cut short") }
      let count = header[at] & mask
      at += 1
      for _ in 0..<count {
        guard at + 2 <= record.upperBound else { throw Box.bad("parameter sets are cut short") }
        let length = Int(Box.number(header, at: at, count: 2))
        guard at + 2 + length <= record.upperBound else { throw Box.bad("parameter sets are cut short") }
        writer.write(UInt32(length))
        writer.write(header[at + 2..<at + 2 + length])
        at += 2 + length
      }
    }
    return writer.bytes
  }

  /// The header of a film whose samples carry their parameter sets (`avc3`, ISO/IEC 14496-15); another coding's as it
  /// is.
  static func selfContained(_ header: [UInt8]) -> [UInt8] {
    guard let entry = try? sampleEntry(header), entry.isNamed("avc1") else { return header }
    var changed = header
    changed[entry.range.lowerBound + 7] = UInt8(ascii: "3")
    return changed
  }

  /// The chunk with `bytes` before its first sample's own.
  /// - Throws: ``MediaError`` `badBoxes` for a chunk that ``ChunkWriter`` did not write.
  static func prepend(_ bytes: [UInt8], to chunk: [UInt8]) throws(MediaError) -> [UInt8] {
    let fragment = try Box.find(path: ["moof", "traf"], chunk, in: chunk.indices)
    let run = try Box.find("trun", chunk, in: fragment.body)
    let data = try Box.find("mdat", chunk, in: chunk.indices)
    guard run.body.count >= 24, Box.number(chunk, at: run.body.lowerBound, count: 4) == 0x701,
      data.body.lowerBound - data.range.lowerBound == 8
    else { throw Box.bad("a run is not of pictures") }
    var changed = chunk
    add(bytes.count, at: run.body.lowerBound + 16, &changed)
    add(bytes.count, at: data.range.lowerBound, &changed)
    changed.insert(contentsOf: bytes, at: data.body.lowerBound)
    return changed
  }

  private static func add(_ more: Int, at index: Int, _ bytes: inout [UInt8]) {
    let sum = UInt32(clamping: Int(Box.number(bytes, at: index, count: 4)) + more)
    for byte in 0..<4 { bytes[index + byte] = UInt8(truncatingIfNeeded: sum >> UInt32(24 - 8 * byte)) }
  }

  private static func sampleEntry(_ header: [UInt8]) throws(MediaError) -> Box {
    let descriptions = try Box.find(path: ["moov", "trak", "mdia", "minf", "stbl", "stsd"], header, in: header.indices)
    guard descriptions.body.count > 8 else { throw Box.bad("there is no sample entry") }
    let entries = try Box.list(header, in: descriptions.body.lowerBound + 8..<descriptions.body.upperBound)
    guard let entry = entries.first else { throw Box.bad("there is no sample entry") }
    return entry
  }
}
