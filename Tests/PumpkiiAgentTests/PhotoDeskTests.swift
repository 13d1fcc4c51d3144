import PumpkiiAgent
import PumpkiiChain
import PumpkiiPolicy
import PumpkiiSystem
import PumpkiiVault
import PumpkiiWire
import Testing

@Suite struct PhotoDeskTests {
  private let second: UInt64 = 1_000_000_000
  private let client = ClientID(of: SigningIdentity().publicKey)

  @Test func withoutWishesAndTimerThereIsNoPhoto() {
    #expect(!PhotoDesk(interval: nil).takeDue(now: second))
  }

  @Test func eachWishIsOnePhoto() {
    let desk = PhotoDesk(interval: nil)
    #expect(desk.wish(of: client) == .taken)
    #expect(desk.takeDue(now: second))
    #expect(!desk.takeDue(now: second))
  }

  @Test func wishesDoNotPileUp() {
    let desk = PhotoDesk(interval: nil)
    let taken = (0..<10).filter { _ in desk.wish(of: client) == .taken }.count
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
    #expect(desk.wish(of: client) == .taken)
    var tries = 0
    while desk.takeDue(now: second) {
      tries += 1
      desk.tryAgain()
    }
    #expect(tries == 60)
  }

  @Test func aDenialEndsEveryWishAlsoOneThatIsBeingTried() throws {
    let isDenied = Published(false)
    let desk = PhotoDesk(interval: nil, denial: { isDenied.value ? PreviewDenial.byPolicy : nil })
    #expect(desk.wish(of: client) == .taken && desk.wish(of: client) == .taken)
    #expect(desk.takeDue(now: second))
    isDenied.set(true)
    desk.refresh()
    desk.tryAgain()
    #expect(desk.wish(of: client) == .denied(PreviewDenial.byPolicy))
    isDenied.set(false)
    desk.refresh()
    #expect(!desk.takeDue(now: second))
    #expect(desk.wish(of: client) == .taken && desk.takeDue(now: second))
  }

  @Test func aWishEndsWithTheRightOfWhoHadIt() {
    let other = ClientID(of: SigningIdentity().publicKey)
    let allowed = Published<Set<ClientID>>([client, other])
    let desk = PhotoDesk(interval: nil, mayHave: { allowed.value.contains($0) })
    #expect(desk.wish(of: client) == .taken && desk.wish(of: other) == .taken)
    allowed.set([other])
    #expect(desk.takeDue(now: second))
    #expect(!desk.takeDue(now: second))
    allowed.set([client, other])
    #expect(!desk.takeDue(now: second), "what ended does not come back")
  }
}
