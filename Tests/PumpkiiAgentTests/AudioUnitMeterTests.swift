import PumpkiiAgent
import Testing

@Suite struct AudioUnitMeterTests {
  @Test func everyUnitEndsExactlyOnce() {
    var meter = AudioUnitMeter(sampleRate: 44_100)
    var ends: [UInt64] = []
    // 441-sample periods: two make a unit of 882.
    for period in 0..<10 as Range<UInt64> {
      meter.pass(position: period * 441, frames: 441) { unit, _ in ends.append(unit) }
    }
    for period in 10..<21 as Range<UInt64> { meter.feed(position: period * 441, frames: 441) { ends.append($0) } }
    ends += meter.take(packets: 3)
    meter.close(made: 21 * 441 + 2000) { ends.append($0) }
    #expect(ends.sorted() == Array(0..<13), "21 periods are 10.5 units, 2000 more samples make 12.8")
    #expect(Set(ends).count == ends.count)
  }

  @Test func unitsAcrossALossAreTheDrivers() {
    var meter = AudioUnitMeter(sampleRate: 48_000)
    var lost: [UInt64] = []
    meter.feed(position: 0, frames: 960) { lost.append($0) }
    meter.feed(position: 960 * 3, frames: 960) { lost.append($0) }
    #expect(lost == [1, 2])
    #expect(meter.take(packets: 4) == [0, 3], "the encoder put silence in the place of two units")
  }

  @Test func passedSoundTellsLostUnitsApart() {
    var meter = AudioUnitMeter(sampleRate: 8_000)
    var ends: [(UInt64, Bool)] = []
    meter.pass(position: 0, frames: 160) { ends.append(($0, $1)) }
    meter.pass(position: 480, frames: 160) { ends.append(($0, $1)) }
    #expect(ends.map(\.0) == [0, 1, 2, 3])
    #expect(ends.map(\.1) == [false, true, true, false])
  }

  @Test func whatTheEncoderKeepsEndsWhenItIsGone() {
    var meter = AudioUnitMeter(sampleRate: 48_000)
    var ends: [UInt64] = []
    meter.feed(position: 0, frames: 960 * 5) { ends.append($0) }
    #expect(meter.take(packets: 2) == [0, 1])
    meter.abandon { ends.append($0) }
    #expect(ends == [2, 3, 4])
  }
}
