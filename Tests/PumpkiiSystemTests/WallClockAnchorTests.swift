import PumpkiiSystem
import Testing

@Suite struct WallClockAnchorTests {
  private let anchor = WallClockAnchor(monotonic: 5_000_000_000, unixMicroseconds: 1_795_000_000_000_000)

  @Test("checklist 43: the wall clock is read once, and every instant follows from the monotonic one")
  func oneReading() {
    #expect(anchor.unixMicroseconds(5_000_000_000) == 1_795_000_000_000_000)
    #expect(anchor.unixMicroseconds(5_033_333_000) == 1_795_000_000_033_333)
    #expect(anchor.unixMicroseconds(4_999_000_000) == 1_794_999_999_999_000, "what was taken before counts back")
  }

  @Test("checklist 43: an instant before the beginning of all clocks is no overflow")
  func nothingBeforeZero() {
    let early = WallClockAnchor(monotonic: 5_000_000_000, unixMicroseconds: 10)
    #expect(early.unixMicroseconds(0) == 0)
  }

  @Test("checklist 43: how far the wall clock went astray can be asked")
  func drift() {
    // An anchor of this very moment is off by what passed between two readings alone.
    #expect(abs(WallClockAnchor().step) < 10_000_000)
  }
}
