import PumpkiiAgent
import PumpkiiPolicy
import PumpkiiVault
import PumpkiiWire
import Testing

/// Which objects share a segment.
@Suite struct SealingDeskTests {
  private let bench = Bench(allowed: [.sensorCamera, .shareVideo, .recordLocal])
  private let track = Track(.video)

  init() throws {
    try bench.beginEpoch()
    try bench.desk.connect()
  }

  private func seal(_ uses: Uses, isRandomAccess: Bool) throws -> SealedPosition? {
    guard case .cleared(let clearance) = bench.gate.clear(.video, for: uses) else { return nil }
    let unit = MediaUnit(
      track: track, kind: .chunk, payload: [1], captureTime: 1, duration: 1, isRandomAccess: isRandomAccess,
      initialization: [7])
    return try bench.desk.seal(clearance, unit)
  }

  @Test func whoLooksOnTheBoardEndsNoSegmentAndForcesNoPicture() throws {
    let first = try #require(try seal([.live, .preview], isRandomAccess: true))
    #expect(!bench.desk.needsRandomAccess(track, for: .live))
    let second = try #require(try seal(.live, isRandomAccess: false))
    #expect(second.kid == first.kid && second.index == first.index + 1)
  }

  @Test func anotherUseBeginsASegmentWithAPictureThatStandsAlone() throws {
    let first = try #require(try seal(.live, isRandomAccess: true))
    #expect(bench.desk.needsRandomAccess(track, for: [.live, .record]))
    let second = try #require(try seal([.live, .record], isRandomAccess: true))
    #expect(second.kid.segment == first.kid.segment + 1 && second.index == 1)
  }
}
