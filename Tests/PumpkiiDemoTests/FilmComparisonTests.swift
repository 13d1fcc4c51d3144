import PumpkiiDemo
import Testing

/// Films of four by two pixels whose first pixel is the frame's number.
struct FilmComparisonTests {
  private func film(_ numbers: [UInt8], noise: UInt8 = 0, head: String = "YUV4MPEG2 W4 H2 F25:1 C420jpeg") throws
    -> LumaFilm
  {
    var bytes = Array((head + "\n").utf8)
    for number in numbers {
      bytes += Array("FRAME\n".utf8) + [number] + (1..<8).map { UInt8($0) * 20 + noise } + [128, 128, 128, 128]
    }
    return try LumaFilm(bytes)
  }

  private func units(_ sequences: [UInt64], opening: Int = 1) -> [DemoAccounting.Unit] {
    sequences.map { DemoAccounting.Unit(opening: opening, sequence: $0) }
  }

  private func compare(_ film: LumaFilm, _ expected: [DemoAccounting.Unit]) throws -> FilmComparison {
    FilmComparison(film: film, source: try self.film(Array(0..<10)), expected: expected) { plane in
      plane.first.flatMap { $0 == 255 ? nil : UInt32($0) }
    }
  }

  @Test func aFaithfulFilmPasses() throws {
    let comparison = try compare(film([3, 4, 6]), units([3, 4, 6]))
    #expect(comparison.problems == [])
    #expect(comparison.likeness == [99, 99, 99])
    #expect(comparison.text == "3 frames, likeness 99.0 / 99.0 / 99.0 dB (least, middle, most)")
  }

  @Test func aSourceThatLoopsMayBeJoinedAnywhere() throws {
    let again = units([8, 9, 10, 11]) + units([0, 1], opening: 2)
    #expect(try compare(film([9, 0, 1, 2, 5, 6]), again).problems == [])
  }

  @Test func aFrameMoreOrLessThanTheLedgerSaysIsNoticed() throws {
    #expect(
      try compare(film([3, 4]), units([3, 4, 5])).problems
        == ["the film has 2 frames; the ledger says 3 were opened"])
  }

  @Test func aFrameInTheWrongPlaceIsNoticed() throws {
    #expect(
      try compare(film([3, 5, 4]), units([3, 4, 5])).problems
        == ["frame 1 of the film shows number 5, but the ledger has unit 4 there"])
  }

  @Test func aFrameWithoutANumberIsNoticed() throws {
    #expect(
      try compare(film([3, 255, 5]), units([3, 4, 5])).problems == ["1 of 3 frames show no number of the source"])
  }

  @Test func aPoorPictureIsNoticed() throws {
    let comparison = try compare(film([3, 4, 5], noise: 20), units([3, 4, 5]))
    #expect(comparison.problems == ["half of the frames are below 22.7 dB; the limit is 35.0"])
    #expect(try compare(film([3, 4, 5], noise: 2), units([3, 4, 5])).problems == [])
  }

  @Test func aFilmOfNoFramesDoesNotPass() throws {
    #expect(try compare(film([]), []).problems == ["half of the frames are below any dB; the limit is 35.0"])
  }

  @Test func anotherSizeIsNoticed() throws {
    let other = try film([3], head: "YUV4MPEG2 W2 H4 C420jpeg")
    #expect(try compare(other, units([3])).problems == ["the film is 2x4, its source 4x2"])
  }

  @Test(arguments: ["P5 W4 H2", "YUV4MPEG2 W4", "YUV4MPEG2 W4 H2 C444", "YUV4MPEG2 W4 H2 C420p10", "YUV4MPEG2 W400 H2"])
  func aStreamThatIsNoneOfOursIsRefused(head: String) {
    #expect(throws: LumaFilm.Unreadable.self) { try film([1], head: head) }
  }
}
