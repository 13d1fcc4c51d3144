import PumpkiiMedia
import Testing

/// Streams of fields that no encoder at hand writes, bit by bit.
@Suite struct FieldTests {
  private struct Bits {
    var text = ""

    mutating func fixed(_ value: Int, _ count: Int) {
      for bit in (0..<count).reversed() { text += value >> bit & 1 == 1 ? "1" : "0" }
    }

    mutating func exponential(_ value: Int) {
      let count = Int.bitWidth - (value + 1).leadingZeroBitCount
      fixed(0, count - 1)
      fixed(value + 1, count)
    }

    /// A NAL unit behind a start code, ended by the stop bit.
    func unit(_ head: UInt8) -> [UInt8] {
      var rest = text + "1"
      while rest.count % 8 != 0 { rest += "0" }
      var bytes: [UInt8] = [0, 0, 0, 1, head]
      while !rest.isEmpty {
        bytes.append(UInt8(rest.prefix(8), radix: 2) ?? 0)
        rest = String(rest.dropFirst(8))
      }
      return bytes
    }
  }

  /// Main profile, 64×64, frames or pictures that may be fields.
  private func sequence(framesOnly: Bool) -> [UInt8] {
    var bits = Bits()
    bits.fixed(77, 8)
    bits.fixed(0, 8)
    bits.fixed(30, 8)
    for value in [0, 0, 2, 1] { bits.exponential(value) }
    bits.fixed(0, 1)
    for value in [3, 1] { bits.exponential(value) }
    bits.fixed(framesOnly ? 1 : 0, 1)
    if !framesOnly { bits.fixed(0, 1) }
    bits.fixed(0b100, 3)
    return bits.unit(0x67)
  }

  private var picture: [UInt8] {
    var bits = Bits()
    for value in [0, 0] { bits.exponential(value) }
    bits.fixed(0, 2)
    return bits.unit(0x68)
  }

  private func slice(type: Int, field: Bool?) -> [UInt8] {
    var bits = Bits()
    for value in [0, type, 0] { bits.exponential(value) }
    bits.fixed(0, 4)
    if let field { bits.fixed(field ? 1 : 0, 1) }
    bits.fixed(0x5A5A, 16)
    return bits.unit(0x65)
  }

  @Test func sizeIsRead() throws {
    let frames = try SequenceParameters(unit: sequence(framesOnly: true)[4...])
    #expect(frames.width == 64 && frames.height == 32 && frames.framesOnly)
    let fields = try SequenceParameters(unit: sequence(framesOnly: false)[4...])
    #expect(fields.height == 64 && !fields.framesOnly && !fields.adaptiveFields)
  }

  @Test func fieldsAreRefusedFramesAreNot() throws {
    var packager = H264Packager()
    let frame = sequence(framesOnly: false) + picture + slice(type: 7, field: false)
    #expect(try packager.sample(frame)?.idr == true)
    #expect(throws: MediaError(.interlaced, "", advice: "")) {
      _ = try packager.sample(slice(type: 7, field: true))
    }
    #expect(throws: MediaError(.reordered, "", advice: "")) {
      _ = try packager.sample(slice(type: 6, field: false))
    }
  }

  @Test func twoPicturesInOneBufferAreADrop() throws {
    var packager = H264Packager()
    let slice = slice(type: 7, field: nil)
    #expect(throws: MediaError(.badPicture, "", advice: "")) {
      _ = try packager.sample(sequence(framesOnly: true) + picture + slice + slice)
    }
  }

  @Test func emulationPreventionIsTakenOut() throws {
    var reader = BitReader(unit: [0x67, 0, 0, 3, 1, 0xFF][...])
    #expect(try reader.bits(32) == 0x0000_01FF)
    #expect(throws: MediaError(.badPicture, "", advice: "")) { _ = try reader.bit() }
  }
}
