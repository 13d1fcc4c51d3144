import PumpkiiAgent
import PumpkiiWire
import Testing

@Suite struct ClipIndexTests {
  @Test func neighboursOfOneReasonAreOneLine() {
    var index = ClipIndex()
    for number in [3, 1, 2, 5, 4] as [UInt64] { index.add(number, .days) }
    index.add(6, .bytes)
    #expect(index.runs == [ClipIndex.Run(1...5, .days), ClipIndex.Run(6...6, .bytes)])
  }

  @Test func theFirstReasonStays() {
    var index = ClipIndex()
    index.add(2, .withdrawn)
    index.add(2, .lost)
    #expect(index.reason(of: 2) == .withdrawn)
  }

  @Test func whatIsWrittenIsRead() {
    var index = ClipIndex()
    for (number, reason) in zip((1 as UInt64)..., ClipIndex.Reason.allCases) { index.add(number * 3, reason) }
    #expect(ClipIndex(decoding: index.encoded) == index)
  }

  @Test func aDamagedLineCostsThatLine() {
    let text = "pumpkii/1 clips\n1 2 days\nx y z\n5 4 days\n7 7 nonsense\n9 9 full\n"
    let index = ClipIndex(decoding: Array(text.utf8))
    #expect(index.runs == [ClipIndex.Run(1...2, .days), ClipIndex.Run(9...9, .full)])
  }

  @Test func everyNumberIsPresentOrExplained() {
    var random = SplitMix(state: 3)
    for _ in 0..<300 {
      var index = ClipIndex()
      let last = random.next() % 40
      var present: Set<UInt64> = []
      for number in 0..<last {
        switch random.next() % 4 {
        case 0: present.insert(number + 1)
        case 1: index.add(number + 1, .days)
        case 2: index.add(number + 1, .bytes)
        default: break
        }
      }
      let before = index
      index.explainGaps(upTo: last, present: present)
      for number in 0..<last + 3 {
        let wanted =
          before.reason(of: number)
          ?? (number > 0 && number <= last && !present.contains(number) ? ClipIndex.Reason.lost : nil)
        #expect(index.reason(of: number) == wanted, "\(number) of \(last)")
      }
    }
  }
}
