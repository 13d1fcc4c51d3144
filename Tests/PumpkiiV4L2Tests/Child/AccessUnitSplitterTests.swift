import PumpkiiV4L2
import Testing

@Suite struct AccessUnitSplitterTests {
  private func split(_ stream: [UInt8], by size: Int, limit: Int = 1 << 20) -> [AccessUnitSplitter.Unit] {
    var splitter = AccessUnitSplitter(limit: limit)
    var units: [AccessUnitSplitter.Unit] = []
    for start in stride(from: 0, to: stream.count, by: size) {
      units += splitter.push(stream[start..<min(start + size, stream.count)], at: UInt64(start))
    }
    return units + (splitter.finish().map { [$0] } ?? [])
  }

  @Test(arguments: [1, 2, 3, 4, 5, 7, 64, 100_000])
  func aStreamIsCutIntoPicturesInWhateverPiecesItComes(size: Int) {
    let pictures = [CodedUnits.key(0), CodedUnits.other(1), CodedUnits.other(2), CodedUnits.key(3)]
    let units = split(pictures.flatMap { $0 }, by: size)
    #expect(units.map(\.bytes) == pictures)
    #expect(units.map(\.isIDR) == [true, false, false, true])
    #expect(units.map(\.hasParameters) == [true, false, false, true])
  }

  @Test func slicesOfOnePictureStayTogether() {
    let picture = CodedUnits.other(1) + CodedUnits.nal(CodedUnits.slice(2, isFirst: false), isShort: true)
    let units = split(CodedUnits.key(0) + picture + CodedUnits.other(3), by: 11)
    #expect(units.map(\.bytes) == [CodedUnits.key(0), picture, CodedUnits.other(3)])
  }

  @Test(arguments: [6, 7, 8, 9, 14, 15, 18] as [UInt8])
  func whatStandsBeforeAPictureBelongsToIt(type: UInt8) {
    let picture = CodedUnits.nal([type, 0xF0, 0x80]) + CodedUnits.other(1)
    #expect(split(CodedUnits.key(0) + picture, by: 9).map(\.bytes) == [CodedUnits.key(0), picture])
  }

  @Test(arguments: [10, 12, 19] as [UInt8])
  func whatStandsBehindAPictureBelongsToIt(type: UInt8) {
    let picture = CodedUnits.key(0) + CodedUnits.nal([type, 0xF0])
    #expect(split(picture + CodedUnits.other(1), by: 9).map(\.bytes) == [picture, CodedUnits.other(1)])
  }

  @Test func aPictureIsHandedOutWhenTheNextOneBegins() {
    var splitter = AccessUnitSplitter()
    #expect(splitter.push(CodedUnits.key(0), at: 100).isEmpty)
    let units = splitter.push(CodedUnits.other(1), at: 200)
    #expect(units.map(\.bytes) == [CodedUnits.key(0)])
    #expect(units.map(\.arrived) == [100], "the time of its first byte")
    #expect(splitter.push(CodedUnits.other(2), at: 300).map(\.arrived) == [200])
  }

  @Test(arguments: [1, 64, 100_000])
  func aPictureBeyondTheBoundIsLeftOutAndCounted(size: Int) {
    var splitter = AccessUnitSplitter(limit: 1000)
    let stream =
      CodedUnits.key(0) + CodedUnits.other(1, size: 5000)
      + CodedUnits.nal(CodedUnits.slice(9, isFirst: false, size: 3000))
      + CodedUnits.other(2) + CodedUnits.other(3)
    var units: [AccessUnitSplitter.Unit] = []
    for start in stride(from: 0, to: stream.count, by: size) {
      units += splitter.push(stream[start..<min(start + size, stream.count)], at: 0)
    }
    // In one piece nothing has to be kept beyond the bound.
    let whole = size > stream.count
    #expect(units.map(\.bytes).contains(CodedUnits.key(0)) && units.last?.bytes == CodedUnits.other(2))
    #expect(splitter.dropped == (whole ? 0 : 1) && units.count == (whole ? 3 : 2))
  }

  @Test(arguments: [1, 1000])
  func noiseBeforeTheFirstStartCodeIsNoPicture(size: Int) {
    let noise = (0..<500).map { UInt8(truncatingIfNeeded: $0 &* 31) | 2 }
    let units = split(noise + CodedUnits.key(0) + CodedUnits.other(1), by: size, limit: 200)
    #expect(units.map(\.bytes) == [CodedUnits.key(0), CodedUnits.other(1)])
  }

  @Test func noiseAloneKeepsNothing() {
    var splitter = AccessUnitSplitter(limit: 1000)
    for _ in 0..<1000 { #expect(splitter.push([UInt8](repeating: 0xFF, count: 999), at: 0).isEmpty) }
    #expect(splitter.finish() == nil && splitter.dropped == 0)
  }
}
