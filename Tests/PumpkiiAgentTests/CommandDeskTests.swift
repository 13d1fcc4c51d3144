import Logging
import PumpkiiAgent
import PumpkiiChain
import PumpkiiPolicy
import PumpkiiSystem
import PumpkiiVault
import PumpkiiWire
import Testing

@Suite struct CommandDeskTests {
  private let house: Household
  private let photos = PhotoDesk(interval: nil)

  init() throws { house = try Household() }

  private func desk() throws -> CommandDesk {
    try CommandDesk(
      home: house.home, device: house.roster.device, photos: photos,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  private func command(_ kind: Command.Kind, counter: UInt64, by person: Person) -> [UInt8] {
    person.client.sign(
      Command(
        device: house.roster.device, client: person.clientID, counter: counter,
        notAfter: Clocks.unixMicroseconds() + 20_000_000, kind: kind), .command
    ).bytes
  }

  /// A guest with a right to photos and nothing else.
  private func guest() async throws -> Person {
    let guest = try Person()
    try await house.keeper.take(
      chain: EntryList.encode(guest.chain.entries), sealingKeys: EntryList.encode([guest.announcement]))
    try await house.apply(
      .grant(
        RosterOperation.Grant(
          account: guest.chain.id, accountVersion: guest.chain.version, accountHead: guest.chain.head,
          classes: ClassMask(.photo))), knowing: [guest])
    return guest
  }

  @Test func aPhotoIsTakenOnceAlsoAcrossARestart() async throws {
    let bytes = command(.photo, counter: 1, by: house.owner)
    _ = try await desk().take(bytes, keeper: house.keeper)
    #expect(photos.takeDue(now: 1))
    _ = try await desk().take(bytes, keeper: house.keeper)
    #expect(!photos.takeDue(now: 1), "the same command after a restart")
  }

  @Test func photosOfOneClientComeNotTooOften() async throws {
    let desk = try desk()
    _ = await desk.take(command(.photo, counter: 1, by: house.owner), keeper: house.keeper)
    _ = await desk.take(command(.photo, counter: 2, by: house.owner), keeper: house.keeper)
    #expect(photos.takeDue(now: 1))
    #expect(!photos.takeDue(now: 1))
  }

  @Test func aPhotoThatIsDeniedIsRefusedWithTheReasonAndTold() async throws {
    let (said, told) = (Trace(), Trace())
    let denied = PhotoDesk(interval: nil, denial: { PreviewDenial.byPolicy })
    let desk = try CommandDesk(
      home: house.home, device: house.roster.device, photos: denied,
      logger: Logger(label: "test") { _ in TraceHandler(trace: said) }
    ) { told.add($0.reason) }
    #expect(await desk.take(command(.photo, counter: 1, by: house.owner), keeper: house.keeper) == .none)
    #expect(!denied.takeDue(now: 1))
    #expect(told.all == [PreviewDenial.byPolicy.reason])
    #expect(said.all.contains { $0.contains(PreviewDenial.byPolicy.reason) })
  }

  @Test func anOwnerBeginsAnEpochAndAGuestDoesNot() async throws {
    let desk = try desk()
    let guest = try await guest()
    #expect(await desk.take(command(.rotate, counter: 1, by: guest), keeper: house.keeper) == .none)
    #expect(await desk.take(command(.rotate, counter: 1, by: house.owner), keeper: house.keeper) == .rotate)
    #expect(await desk.take(command(.rotate, counter: 2, by: house.owner), keeper: house.keeper) == .none, "too soon")
  }

  @Test func aStrangerCommandsNothing() async throws {
    let desk = try desk()
    #expect(await desk.take(command(.photo, counter: 1, by: try Person()), keeper: house.keeper) == .none)
    #expect(!photos.takeDue(now: 1))
  }
}
