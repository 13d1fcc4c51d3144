import PumpkiiSimulation
import PumpkiiSystem
import Testing

@Suite struct RemoteTests {
  private let importHead: [UInt8] = [0x01, 0x11, 0x80, 0x03, 0, 0, 0, 0]

  private func name(_ text: String) -> [UInt8] {
    Array(text.utf8) + [UInt8](repeating: 0, count: 32 - text.utf8.count)
  }

  @Test func requestsAreReadWhenTheyAreWhole() throws {
    #expect(try RemoteHandshake.read([0x01, 0x11, 0x80]) == nil)
    #expect(try RemoteHandshake.read([0x01, 0x11, 0x80, 0x05, 0, 0, 0, 0]) == .list)
    #expect(try RemoteHandshake.read(importHead + name("1-1").dropLast()) == nil)
    #expect(try RemoteHandshake.read(importHead + name("1-1")) == .take("1-1"))
    #expect(throws: USBIPReader.Malformed.self) { try RemoteHandshake.read([0, 0, 0, 0, 0, 0, 0, 0]) }
  }

  @Test func theListHasTheDeviceAndItsInterfaces() {
    let bytes = RemoteHandshake.list(model())
    #expect(Array(bytes[..<12]) == [0x01, 0x11, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1])
    #expect(bytes.count == 12 + 312 + 4 * 4)
    #expect(Array(bytes[(12 + 256)..<(12 + 260)]) == [0x31, 0x2D, 0x31, 0])
    // Speed, vendor, product.
    #expect(Array(bytes[(12 + 296)..<(12 + 304)]) == [0, 0, 0, 3, 0x04, 0x6D, 0x08, 0x2D])
    #expect(bytes[12 + 311] == 4)
    #expect(Array(bytes[324...]) == [14, 1, 0, 0, 14, 2, 0, 0, 1, 1, 0, 0, 1, 2, 0, 0])
  }

  @Test func anotherDeviceIsRefused() {
    #expect(RemoteHandshake.taken("2-1", model()) == [0x01, 0x11, 0, 3, 0, 0, 0, 1])
    #expect(RemoteHandshake.taken("1-1", model()).count == 8 + 312)
  }

  @Test func aHostOfTheNetworkTakesTheWebcamAndUsesIt() async throws {
    let webcam = try EmulatedWebcam(DeviceProfile(name: "remote", camera: CameraProfile(width: 320, height: 240)))
    let (ports, told) = AsyncStream.makeStream(of: Int.self)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        await DeviceThread.run(named: "export") { try? webcam.export(port: 0) { told.yield($0) } }
      }
      defer { webcam.detach() }
      var iterator = ports.makeAsyncIterator()
      let port = try #require(await iterator.next())
      let list = try USBHost(port: port).ask([0x01, 0x11, 0x80, 0x05, 0, 0, 0, 0], 12 + 312 + 8)
      #expect(list[3] == 5)
      let refused = try USBHost(port: port).ask(importHead + name("9-9"), 8)
      #expect(refused[7] == 1)
      let host = try USBHost(port: port)
      #expect(try host.ask(importHead + name("1-1"), 320)[7] == 0)
      let descriptor = try host.control(SetupPacket(requestType: 0x80, request: 6, value: 0x0100, length: 18))
      #expect(descriptor.data.count == 18)
      #expect(webcam.log.events.contains(.imported))
    }
  }
}
