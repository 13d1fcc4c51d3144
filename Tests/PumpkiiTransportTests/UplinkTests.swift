import PumpkiiChain
import PumpkiiTransport
import PumpkiiVault
import PumpkiiWire
import Testing

@Suite struct UplinkTests {
  /// Sealed objects of one segment, the key message first: what a device sends.
  static func items(_ device: TestDevice, objects: Int) throws -> [[UInt8]] {
    var epoch = Epoch(number: EpochNumber(dangerouslyUnrecorded: 1), identity: device.identity)
    let recipient = Recipient(
      client: ClientID(of: device.owner.publicKey), account: device.ownerChain.id, accountVersion: 1,
      accountHead: device.ownerChain.head, suite: .xWing, publicKey: SealingKeyPair(suite: .xWing).publicKey,
      classes: .all)
    let roster = try Roster(genesis: device.genesis)
    let message = try epoch.message(
      to: [recipient], time: 1, bootNonce: BootNonce(Array(repeating: 0, count: 16)), reason: .start,
      rosterVersion: roster.version, rosterHash: roster.hash)
    var sealer = try epoch.nextSegment(track: Track(.video))
    var list = [message.items.flatMap(\.bytes)]
    for index in 0..<objects {
      let plaintext = MediaPlaintext(
        captureTime: UInt64(index), duration: 1, kind: index == 0 ? .initialization : .chunk,
        payload: Array(repeating: 7, count: 5000))
      let flags: ObjectHeader.Flags = index == 0 ? .initialization : index == 1 ? .randomAccess : []
      list.append(try sealer.seal(plaintext, flags: flags, padding: .none).bytes)
    }
    return list
  }

  @Test(arguments: [true, false]) func everyObjectIsAcknowledgedInOrder(plain: Bool) async throws {
    try await TestRelay.run(plain: plain) { relay in
      let device = try TestDevice()
      let connection = try RelayConnection(address: try await relay.address, signer: .device(device.identity))
      try await device.arrive(connection)
      let uplink = try await connection.uplink(device: device.id)
      for item in try Self.items(device, objects: 50) { try await uplink.send(item) }
      var taken: [UInt32] = []
      for try await (kid, index) in uplink.acknowledgements {
        #expect(kid == SegmentKID(epoch: 1, segment: 0, track: Track(.video)).rawValue)
        taken.append(index)
        if index == 49 { uplink.close() }
      }
      #expect(taken == Array(0..<50))
      await #expect(throws: TransportError(.closed, "")) { try await uplink.send([1]) }
      await connection.shutdown()
    }
  }

  @Test func aLostConnectionEndsBothDirections() async throws {
    try await TestRelay.run(plain: true) { relay in
      let device = try TestDevice()
      let connection = try RelayConnection(address: try await relay.address, signer: .device(device.identity))
      try await device.arrive(connection)
      let uplink = try await connection.uplink(device: device.id)
      await connection.shutdown()
      await #expect(throws: TransportError.self) { for try await _ in uplink.acknowledgements {} }
      await #expect(throws: TransportError.self) { try await uplink.send([1]) }
    }
  }

  @Test func aStrangerGetsTheProblemAndNotAnUplink() async throws {
    try await TestRelay.run(plain: true) { relay in
      let connection = try RelayConnection(address: try await relay.address, signer: .device(SigningIdentity()))
      let other = try TestDevice()
      let error = await #expect(throws: TransportError.self) { try await connection.uplink(device: other.id) }
      #expect(error?.code == .refused)
      await connection.shutdown()
    }
  }
}
