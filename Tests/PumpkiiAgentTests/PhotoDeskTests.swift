import PumpkiiAgent
import Testing

@Suite struct PhotoDeskTests {
  private let second: UInt64 = 1_000_000_000

  @Test func withoutWishesAndTimerThereIsNoPhoto() {
    #expect(!PhotoDesk(interval: nil).takeDue(now: second))
  }

  @Test func eachWishIsOnePhoto() {
    let desk = PhotoDesk(interval: nil)
    #expect(desk.wish())
    #expect(desk.takeDue(now: second))
    #expect(!desk.takeDue(now: second))
  }

  @Test func wishesDoNotPileUp() {
    let desk = PhotoDesk(interval: nil)
    let taken = (0..<10).filter { _ in desk.wish() }.count
    #expect(taken == 4)
    #expect((0..<10).filter { _ in desk.takeDue(now: second) }.count == taken)
  }

  @Test func theTimerIsKept() {
    let desk = PhotoDesk(interval: 5 * second)
    let due = (1...20).filter { desk.takeDue(now: UInt64($0) * second) }
    #expect(due == [1, 6, 11, 16])
  }

  @Test func aWishThatFailedIsTriedOnTheNextFrameButNotForEver() {
    let desk = PhotoDesk(interval: nil)
    #expect(desk.wish())
    var tries = 0
    while desk.takeDue(now: second) {
      tries += 1
      desk.tryAgain()
    }
    #expect(tries == 60)
  }
}
