import PumpkiiAgent
import PumpkiiPolicy
import PumpkiiSystem
import PumpkiiVault
import PumpkiiWire
import Testing

/// What waits for the relay goes with the permission under which it was sealed.
@Suite struct QueueGuardTests {
  private static let all: Set<Flag> = [.sensorCamera, .sensorMicrophone, .shareVideo, .shareAudio, .sharePhoto]

  /// Seals a picture and a piece of sound, changes the standing, and returns what may still leave.
  private func left(_ after: Standing) throws -> Set<MediaClass> {
    let bench = Bench(allowed: Self.all)
    try bench.beginEpoch()
    bench.outbox.open()
    for media in [MediaClass.video, .audio] {
      guard case .cleared(let clearance) = bench.gate.clear(media, for: .live) else { continue }
      let unit = MediaUnit(
        track: Track(media), kind: .chunk, payload: [1], captureTime: 1, duration: 1, isRandomAccess: true,
        initialization: [2])
      _ = try bench.desk.seal(clearance, unit)
    }
    let queue = QueueGuard(gate: bench.gate, outbox: bench.outbox)
    bench.attendant.follow { queue.refresh() }
    bench.standing.set(after)
    bench.attendant.standingChanged()
    var left: Set<MediaClass> = []
    var parser = WireItemParser()
    while let bytes = bench.outbox.take() { parser.append(bytes) }
    while let item = try parser.next() {
      guard case .object(let header, _) = item, header.flags.isDisjoint(with: [.initialization, .endOfSegment]) else {
        continue
      }
      left.insert(header.mediaClass)
    }
    return left
  }

  @Test func everythingLeavesThatStaysAllowed() throws {
    #expect(try left(Bench.standing(Self.all)) == [.video, .audio])
  }

  @Test(arguments: [
    (Flag.sensorCamera, MediaClass.audio), (.shareVideo, .audio), (.sensorMicrophone, .video), (.shareAudio, .video),
  ])
  func whatWaitsOfAWithdrawnFlagGoesAndTheRestStays(flag: Flag, other: MediaClass) throws {
    #expect(try left(Bench.standing(Self.all.subtracting([flag]))) == [other])
  }

  @Test func nothingWaitsOnceTheTermsAreNotAcceptedAnyMore() throws {
    var standing = Bench.standing(Self.all)
    standing.facts.terms = TermsFacts.none
    #expect(try left(standing) == [])
  }
}
