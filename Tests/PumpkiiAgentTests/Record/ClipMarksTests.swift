import PumpkiiAgent
import Testing

@Suite struct ClipMarksTests {
  @Test func neighboursAreOneLineAndComeBackAsTheyWere() {
    var marks = ClipMarks()
    for number in [3, 1, 2, 9, 8, 5] as [UInt64] { marks.insert(number) }
    marks.remove(9)
    marks.remove(4)
    #expect(String(decoding: marks.encoded, as: UTF8.self) == "pumpkii/1 marks\n1 3\n5 5\n8 8\n")
    let again = ClipMarks(decoding: marks.encoded)
    #expect(again == marks)
    #expect((0...10).filter { again.contains($0) } == [1, 2, 3, 5, 8])
  }

  @Test(arguments: [
    "", "1 9\n", "pumpkii/1 clips\n1 9\n", "pumpkii/1 marks\n9 1\n1\n1 2 3\nx y\n1 18446744073709551615\n",
  ])
  func whatIsDamagedMarksNothing(text: String) {
    #expect(ClipMarks(decoding: Array(text.utf8)) == ClipMarks())
  }
}
