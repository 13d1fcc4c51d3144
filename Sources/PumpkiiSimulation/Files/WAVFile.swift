internal import PumpkiiCapture

/// A `.wav` of PCM, read as 16 bits wherever one likes, round after round.
struct WAVFile {
  private enum Coding { case unsigned8, signed16, signed24, signed32, float32 }

  let format: AudioFormat
  /// Sample frames of one round.
  let frames: UInt64
  private let file: SourceFile
  private let coding: Coding
  private let data: UInt64
  private let frameBytes: Int

  /// - Throws: ``SimulationError`` for anything but PCM of 8, 16, 24, 32 bits or 32-bit floats, mono or stereo.
  init(_ file: SourceFile) throws(SimulationError) {
    self.file = file
    let chunks = try Self.chunks(file)
    let head = try file.read(at: chunks.format.lowerBound, count: 40)
    guard head.count >= 16 else { throw Self.damaged(file, "has no format") }
    let rate = Self.number(head, 4, 4)
    let channels = Self.number(head, 2, 2)
    guard (1...2).contains(channels) else {
      throw SimulationError(
        .sourceUnsupported, "\(file.path) has \(channels) channels",
        advice: Conversion(path: file.path).sound(channels: 2))
    }
    coding = try Self.coding(head, file)
    guard (4000...384_000).contains(rate) else {
      throw SimulationError(
        .sourceUnsupported, "\(file.path) has \(rate) samples a second", advice: Conversion(path: file.path).sound())
    }
    format = AudioFormat(sampleRate: rate, channels: channels)
    frameBytes = channels * Self.bytes(coding)
    data = chunks.data.lowerBound
    frames = (chunks.data.upperBound - data) / UInt64(frameBytes)
    guard frames > 0 else { throw Self.damaged(file, "has no sound") }
  }

  /// `count` sample frames from `position`, counted on through all rounds; interleaved.
  /// - Throws: ``SimulationError`` when the file became unreadable.
  func samples(at position: UInt64, count: Int) throws(SimulationError) -> [Int16] {
    var samples: [Int16] = []
    samples.reserveCapacity(count * format.channels)
    var at = position % frames
    var left = count
    while left > 0 {
      let part = min(UInt64(left), frames - at)
      let bytes = try file.read(at: data + at * UInt64(frameBytes), count: Int(part) * frameBytes)
      guard bytes.count == Int(part) * frameBytes else { throw Self.damaged(file, "became shorter") }
      append(bytes, to: &samples)
      left -= Int(part)
      at = 0
    }
    return samples
  }

  private func append(_ bytes: [UInt8], to samples: inout [Int16]) {
    let width = Self.bytes(coding)
    for index in stride(from: 0, to: bytes.count, by: width) {
      switch coding {
      case .unsigned8: samples.append((Int16(bytes[index]) - 128) << 8)
      case .signed16: samples.append(Int16(bitPattern: UInt16(Self.number(bytes, index, 2))))
      case .signed24: samples.append(Int16(bitPattern: UInt16(Self.number(bytes, index + 1, 2))))
      case .signed32: samples.append(Int16(bitPattern: UInt16(Self.number(bytes, index + 2, 2))))
      case .float32:
        let value = Float(bitPattern: UInt32(Self.number(bytes, index, 4)))
        samples.append(Int16(max(-32768, min(32767, (value.isNaN ? 0 : value) * 32768))))
      }
    }
  }

  /// The `fmt ` and `data` chunks. A `data` of unknown length, as from a pipe, reaches to the end.
  private static func chunks(
    _ file: SourceFile
  ) throws(SimulationError) -> (format: Range<UInt64>, data: Range<UInt64>) {
    var at: UInt64 = 12
    var format: Range<UInt64>?
    // A file of chunks without end is no sound: a hundred are more than any writer makes.
    for _ in 0..<100 {
      let head = try file.read(at: at, count: 8)
      guard head.count == 8 else { break }
      let length = UInt64(number(head, 4, 4))
      let name = String(decoding: head[..<4], as: UTF8.self)
      let body = at + 8
      if name == "fmt " { format = body..<(body + length) }
      if name == "data" {
        guard let format else { break }
        let whole = length == 0 || length >= 0xFFFF_FF00 || body + length > file.size
        return (format, body..<(whole ? file.size : body + length))
      }
      at = body + length + length % 2
    }
    throw damaged(file, "has no sound")
  }

  private static func coding(_ head: [UInt8], _ file: SourceFile) throws(SimulationError) -> Coding {
    var tag = number(head, 0, 2)
    // WAVE_FORMAT_EXTENSIBLE: the kind begins its sub-format.
    if tag == 0xFFFE, head.count >= 26 { tag = number(head, 24, 2) }
    switch (tag, number(head, 14, 2)) {
    case (1, 8): return .unsigned8
    case (1, 16): return .signed16
    case (1, 24): return .signed24
    case (1, 32): return .signed32
    case (3, 32): return .float32
    case (let tag, let bits):
      throw SimulationError(
        .sourceUnsupported, "\(file.path) has samples of kind \(tag) with \(bits) bits",
        advice: Conversion(path: file.path).sound())
    }
  }

  private static func bytes(_ coding: Coding) -> Int {
    switch coding {
    case .unsigned8: 1
    case .signed16: 2
    case .signed24: 3
    case .signed32, .float32: 4
    }
  }

  /// Little endian.
  private static func number(_ bytes: [UInt8], _ at: Int, _ count: Int) -> Int {
    (0..<count).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
  }

  private static func damaged(_ file: SourceFile, _ what: String) -> SimulationError {
    SimulationError(.sourceDamaged, "\(file.path) \(what)", advice: Conversion(path: file.path).sound())
  }
}
