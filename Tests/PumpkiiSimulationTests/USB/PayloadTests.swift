import PumpkiiSimulation
import Testing

@Suite struct PayloadTests {
  private func payloads(_ cutter: PayloadCutter, room: Int) -> [[UInt8]] {
    var cutter = cutter
    var found: [[UInt8]] = []
    while !cutter.isFinished {
      var bytes: [UInt8] = []
      let count = cutter.append(to: &bytes, room: room)
      #expect(count == bytes.count)
      found.append(bytes)
    }
    return found
  }

  @Test func aFrameIsCutAndItsLastPayloadSaysSo() {
    let frame = [UInt8](0..<10)
    #expect(
      payloads(PayloadCutter(frame, toggle: true), room: 6) == [
        [2, 0x81, 0, 1, 2, 3], [2, 0x81, 4, 5, 6, 7], [2, 0x83, 8, 9],
      ])
  }

  @Test func aFrameThatFitsHasOnePayload() {
    #expect(payloads(PayloadCutter([1, 2], toggle: false), room: 4) == [[2, 0x82, 1, 2]])
  }

  @Test func everyPayloadOfADamagedFrameSaysSo() {
    #expect(
      payloads(PayloadCutter([1, 2], toggle: false, isError: true), room: 3) == [[2, 0xC0, 1], [2, 0xC2, 2]])
  }

  @Test func aPhotoIsMarked() {
    #expect(payloads(PayloadCutter([1], toggle: false, isStill: true), room: 9) == [[2, 0xA2, 1]])
  }

  @Test func anEmptyFrameIsAHeader() {
    #expect(payloads(PayloadCutter([], toggle: true), room: 9) == [[2, 0x83]])
  }

  @Test func aFinishedFrameGivesNothingMore() {
    var cutter = PayloadCutter([1], toggle: true)
    var bytes: [UInt8] = []
    #expect(cutter.isUntouched)
    #expect(cutter.append(to: &bytes, room: 2) == 0)
    #expect(cutter.append(to: &bytes, room: 3) == 3)
    #expect(!cutter.isUntouched)
    #expect(cutter.append(to: &bytes, room: 100) == 0)
  }
}
