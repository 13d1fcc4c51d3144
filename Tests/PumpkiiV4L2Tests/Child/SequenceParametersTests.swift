import PumpkiiCapture
import PumpkiiV4L2
import Testing

@Suite struct SequenceParametersTests {
  @Test(
    "sizes are read from x264's own parameter sets",
    arguments: [
      ("6742c016d900a02ff970110000030001000003000a0f162e48", 640, 360, false, VideoFormat.Ratio(1)),
      ("67640028acb200f0044fcb80880000030008000003005078c19240", 1920, 1080, false, VideoFormat.Ratio(1)),
      ("674d4016d900b4126c104000000300400000030283c58b92", 720, 576, false, VideoFormat.Ratio(16, 11)),
      ("6764000bacb202833f3e02d90000030001000003000a0f142a48", 320, 180, true, VideoFormat.Ratio(1)),
      ("677a000bbcb202a33c445e022000000300200000030141e28549", 322, 182, false, VideoFormat.Ratio(1)),
      ("67f4000b919640507ec044000003000400000300283c50a920", 320, 240, false, VideoFormat.Ratio(1)),
    ])
  func sizes(hexadecimal: String, width: Int, height: Int, fullRange: Bool, aspect: VideoFormat.Ratio) throws {
    let unit = CodedUnits.nal([0x09, 0xF0]) + CodedUnits.nal(CodedUnits.bytes(hexadecimal)) + CodedUnits.other(0)
    let found = try #require(SequenceParameters(unit: unit))
    #expect(found.width == width && found.height == height)
    #expect(found.fullRange == fullRange && found.sampleAspect == aspect)
  }

  @Test func noBytesAreTooFewAndNoneAreTooStrange() {
    let whole = CodedUnits.nal(CodedUnits.parameters)
    for count in 0..<whole.count { _ = SequenceParameters(unit: Array(whole[..<count])) }
    for at in whole.indices {
      for bit in 0..<8 {
        var broken = whole
        broken[at] ^= 1 << UInt8(bit)
        if let found = SequenceParameters(unit: broken) { #expect(found.width > 0 && found.height > 0) }
      }
    }
    #expect(SequenceParameters(unit: CodedUnits.nal([0x67])) == nil)
    #expect(SequenceParameters(unit: CodedUnits.nal([0x67] + [UInt8](repeating: 0, count: 2))) == nil)
    #expect(SequenceParameters(unit: CodedUnits.other(1)) == nil)
  }
}
