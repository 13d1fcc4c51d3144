import PumpkiiAgent
import PumpkiiSystem
import Synchronization
import Testing

/// What somebody on the board asks of recordings.
@Suite struct ClipWishTests {
  private struct Unexpected: Error {}

  private final class Heard: Sendable {
    let lengths = Mutex<[UInt64?]>([])
    let released = Mutex<[[UInt64]?]>([])
  }

  private func desk(_ house: Household, _ heard: Heard) -> BoardDesk {
    BoardDesk(
      keeper: house.keeper, gate: house.bench.gate,
      record: { length in
        heard.lengths.withLock { $0.append(length) }
        return true
      },
      upload: { (numbers) throws(AgentError) in heard.released.withLock { $0.append(numbers) } })
  }

  @Test func aClipIsWishedForSecondsOrThePostRoll() async throws {
    let house = try Household()
    let heard = Heard()
    let desk = desk(house, heard)
    for seconds in [nil, 1, 3600] as [Int?] {
      guard case .done = await desk.answer(.record(seconds: seconds)) else { throw Unexpected() }
    }
    #expect(heard.lengths.withLock { $0 } == [nil, 1_000_000_000, 3_600_000_000_000])
    for seconds in [0, -1, 3601, .max] {
      guard case .failed(_, let reason, let advice) = await desk.answer(.record(seconds: seconds)) else {
        throw Unexpected()
      }
      #expect(reason.contains("\(seconds)") && !advice.isEmpty)
    }
    #expect(heard.lengths.withLock { $0.count } == 3)
  }

  @Test func clipsAreReleasedByTheRunningAgentAlone() async throws {
    let house = try Household()
    let heard = Heard()
    let desk = desk(house, heard)
    guard case .done = await desk.answer(.upload([3, 4])), case .done = await desk.answer(.upload(nil)) else {
      throw Unexpected()
    }
    #expect(heard.released.withLock { $0 } == [[3, 4], nil])
    let idle = BoardDesk(keeper: house.keeper, gate: house.bench.gate)
    guard case .failed = await idle.answer(.upload(nil)) else { throw Unexpected() }
  }
}
