import PumpkiiAgent
import PumpkiiChain
import PumpkiiPolicy
import PumpkiiVault
import PumpkiiWire
import Testing

@Suite struct BeaconDeskTests {
  private let identity = SigningIdentity()
  private let bench = Bench(allowed: [.sensorCamera, .shareVideo])
  private let states = BeaconState.Pair(camera: .live, microphone: .noSensor)

  private func desk() throws -> BeaconDesk {
    BeaconDesk(
      identity: identity, bootNonce: try BootNonce(Array(repeating: 4, count: 16)), desk: bench.desk,
      highestClip: { 12 })
  }

  private func seal(_ index: Int) throws {
    guard case .cleared(let clearance) = bench.gate.clear(.video, for: .live) else { throw AgentTestFailure() }
    let unit = MediaUnit(
      track: Track(.video), kind: .chunk, payload: [1], captureTime: UInt64(index), duration: 1,
      isRandomAccess: index == 0, initialization: [7])
    _ = try bench.desk.seal(clearance, unit)
  }

  private struct AgentTestFailure: Error {}

  @Test func itIsSignedAndItsCounterRises() throws {
    let desk = try desk()
    let key = identity.publicKey
    let first = try BeaconCheck.verify(
      desk.make(states, challenge: nil).bytes, device: DeviceID(of: key), key: key
    ).body
    let second = desk.make(states, challenge: Digest.zero).body
    #expect(first.counter < second.counter)
    #expect(first.challenge == MerkleTree.emptyRoot)
    #expect(second.challenge == .zero)
    #expect(first.epochUID == .zero)
    #expect(first.positions == [])
    #expect(first.highestClip == 12)
    #expect(first.camera == .live)
    #expect(first.microphone == .noSensor)
  }

  @Test func itNamesTheOpenSegmentAndTheNextIndexInItsEpoch() throws {
    let desk = try desk()
    try bench.beginEpoch()
    #expect(desk.make(states, challenge: nil).body.positions == [])
    try seal(0)
    try seal(1)
    let beacon = desk.make(states, challenge: nil).body
    #expect(beacon.epochUID == bench.desk.message?.head.body.epochUID)
    // Init, two chunks.
    #expect(beacon.positions == [Beacon.Position(track: Track(.video), segment: 0, nextIndex: 3)])
    try bench.desk.pause()
    try seal(2)
    #expect(
      desk.make(states, challenge: nil).body.positions == [
        Beacon.Position(track: Track(.video), segment: 1, nextIndex: 2)
      ])
  }
}
