import PumpkiiSystem
import PumpkiiTransport
import PumpkiiVault
import PumpkiiWire
import Synchronization
import Testing

@Suite struct UplinkCargoTests {
  /// Whole items that wait, and the last acknowledgement.
  private final class Crate: UplinkCargo {
    let waiting: Mutex<[[UInt8]]>
    let taken = Published<[UInt32]>([])

    init(_ items: [[UInt8]]) { waiting = Mutex(items) }

    func take() -> [UInt8]? { waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() } }

    func acknowledge(kid: UInt64, index: UInt32) { taken.update { $0.append(index) } }

    func challenge(_ root: Digest) {}
  }

  @Test(arguments: [true, false]) func theCargoIsTakenInOrderAndHearsOfEachObject(plain: Bool) async throws {
    try await TestRelay.run(plain: plain) { relay in
      let device = try TestDevice()
      let connection = try RelayConnection(address: try await relay.address, signer: .device(device.identity))
      try await device.arrive(connection)
      let crate = Crate(try UplinkTests.items(device, objects: 50))
      let uplink = try await connection.uplink(device: device.id, cargo: crate)
      uplink.wake()
      #expect(await crate.taken.wait { $0.count >= 50 })
      #expect(crate.taken.value == Array(0..<50))
      uplink.close()
      for try await _ in uplink.acknowledgements { Issue.record("the cargo hears them") }
      await connection.shutdown()
    }
  }

  @Test func aBrokenOffUplinkSaysSo() async throws {
    try await TestRelay.run(plain: true) { relay in
      let device = try TestDevice()
      let connection = try RelayConnection(address: try await relay.address, signer: .device(device.identity))
      try await device.arrive(connection)
      let uplink = try await connection.uplink(device: device.id, cargo: Crate([]))
      uplink.abandon()
      await #expect(throws: TransportError(.closed, "")) { for try await _ in uplink.acknowledgements {} }
      await #expect(throws: TransportError(.closed, "")) { try await uplink.send([1]) }
      await connection.shutdown()
    }
  }
}
