import PumpkiiSimulation
import Testing

@Suite struct DescriptorTests {
  private struct Interface {
    var number: UInt8
    var alternate: UInt8
    var parts: [ReadDescriptor] = []
    var endpoints: [ReadDescriptor] { parts.filter { $0.type == 5 } }
    func ofClass(_ subtype: UInt8) -> [ReadDescriptor] { parts.filter { $0.type == 0x24 && $0.subtype == subtype } }
  }

  private func interfaces(_ bytes: [UInt8]) -> [Interface] {
    ReadDescriptor.all(bytes).reduce(into: []) { found, one in
      if one.type == 4 {
        found.append(Interface(number: one.bytes[2], alternate: one.bytes[3]))
      } else if !found.isEmpty {
        found[found.count - 1].parts.append(one)
      }
    }
  }

  @Test(arguments: [WebcamModel.Transfer.bulk, .isochronous])
  func theConfigurationIsWhole(_ transfer: WebcamModel.Transfer) throws {
    let bytes = WebcamDescriptors(model(transfer)).configuration
    let all = ReadDescriptor.all(bytes)
    #expect(bytes.number(2, 2) == bytes.count)
    #expect(all.first?.type == 2)
    let found = interfaces(bytes)
    #expect(Set(found.map(\.number)) == [0, 1, 2, 3])
    #expect(Int(bytes[4]) == 4)
    for (index, one) in all.enumerated() where one.type == 4 {
      let following = all[(index + 1)...].prefix { $0.type != 4 && $0.type != 11 }
      #expect(following.count { $0.type == 5 } == Int(one.bytes[4]))
    }
    let groups = all.filter { $0.type == 11 }
    #expect(groups.map { Array($0.bytes[2..<6]) } == [[0, 2, 14, 3], [2, 2, 1, 1]])
  }

  @Test(arguments: [WebcamModel.Transfer.bulk, .isochronous])
  func headersCountWhatFollowsThem(_ transfer: WebcamModel.Transfer) throws {
    let found = interfaces(WebcamDescriptors(model(transfer)).configuration)
    for (interface, offset) in [(0, 5), (1, 4), (2, 5)] {
      let own = try #require(found.first { $0.number == interface && $0.alternate == 0 })
      let parts = own.parts.filter { $0.type == 0x24 }
      let header = try #require(parts.first)
      #expect(header.subtype == 1)
      #expect(header.bytes.number(offset, 2) == parts.reduce(0) { $0 + $1.bytes.count })
    }
  }

  @Test func aBulkStreamHasOneSettingAndAnIsochronousOneAnIdleOneFirst() throws {
    let bulk = interfaces(WebcamDescriptors(model(.bulk)).configuration).filter { $0.number == 1 }
    #expect(bulk.map(\.alternate) == [0])
    #expect(bulk[0].endpoints.map { Array($0.bytes[2..<6]) } == [[0x81, 2, 0, 2]])
    let isochronous = interfaces(WebcamDescriptors(model(.isochronous)).configuration).filter { $0.number == 1 }
    #expect(isochronous.map(\.alternate) == [0, 1, 2, 3, 4, 5])
    #expect(isochronous[0].endpoints.isEmpty)
    let sizes = isochronous.dropFirst().map { one -> Int in
      let field = one.endpoints[0].bytes.number(4, 2)
      return (field & 0x7FF) * (1 + field >> 11 & 3)
    }
    #expect(sizes == [192, 512, 1024, 2048, 3072])
    #expect(isochronous.dropFirst().allSatisfy { $0.endpoints[0].bytes[3] == 5 && $0.endpoints[0].bytes[6] == 1 })
  }

  @Test func everyFormatTellsItsSizesAndIntervals() throws {
    let stream = try #require(interfaces(WebcamDescriptors(model()).configuration).first { $0.number == 1 })
    let mjpeg = try #require(stream.ofClass(6).first)
    #expect(mjpeg.bytes[3] == 1)
    #expect(mjpeg.bytes[4] == 2)
    let frames = stream.ofClass(7)
    #expect(frames.map { [$0.bytes.number(5, 2), $0.bytes.number(7, 2)] } == [[640, 480], [1280, 720]])
    #expect(frames[0].bytes.number(21, 4) == 333_333)
    #expect(frames[0].bytes[25] == 2)
    #expect(frames[0].bytes.number(26, 4) == 333_333)
    #expect(frames[0].bytes.number(30, 4) == 666_666)
    #expect(frames[0].bytes.count == 34)
    let raw = try #require(stream.ofClass(4).first)
    #expect(raw.bytes[3] == 2)
    #expect(String(decoding: raw.bytes[5..<9], as: UTF8.self) == "YUY2")
    #expect(Array(raw.bytes[9..<21]) == [0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71])
    #expect(raw.bytes[21] == 16)
    #expect(stream.ofClass(5).map { $0.bytes.number(17, 4) } == [320 * 240 * 2])
    let coded = try #require(stream.ofClass(0x10).first)
    #expect(String(decoding: coded.bytes[5..<9], as: UTF8.self) == "H264")
    #expect(coded.bytes.count == 28)
    #expect(stream.ofClass(0x11).map { $0.bytes.number(17, 4) } == [400_000])
    #expect(stream.ofClass(0x11).map { $0.bytes.number(26, 4) } == [400_000])
  }

  @Test func photosAreToldOnlyWhereTheCameraTakesThem() throws {
    let with = try #require(interfaces(WebcamDescriptors(model()).configuration).first { $0.number == 1 })
    #expect(with.ofClass(1)[0].bytes[9...11] == [2, 1, 0])
    #expect(with.ofClass(3).map(\.bytes) == [[10, 0x24, 3, 0, 1, 0x80, 0x07, 0x38, 0x04, 0]])
    var plain = model()
    plain.hasStillTrigger = false
    let without = try #require(interfaces(WebcamDescriptors(plain).configuration).first { $0.number == 1 })
    #expect(without.ofClass(1)[0].bytes[9...11] == [0, 0, 0])
    #expect(without.ofClass(3).isEmpty)
  }

  @Test func controlsSetTheirBits() throws {
    let control = try #require(interfaces(WebcamDescriptors(model()).configuration).first { $0.number == 0 })
    let camera = try #require(control.ofClass(2).first)
    // Exposure mode and time, focus, pan and tilt, automatic focus, privacy.
    #expect(camera.bytes.number(15, 3) == 1 << 1 | 1 << 3 | 1 << 5 | 1 << 11 | 1 << 17 | 1 << 18)
    #expect(control.ofClass(5)[0].bytes.number(8, 2) == 1)
    var plain = model()
    plain.hasShutter = false
    plain.controls = []
    let bare = try #require(interfaces(WebcamDescriptors(plain).configuration).first { $0.number == 0 })
    #expect(bare.ofClass(2)[0].bytes.number(15, 3) == 0)
    #expect(bare.ofClass(5)[0].bytes.number(8, 2) == 0)
    #expect(control.endpoints.map { Array($0.bytes[2..<6]) } == [[0x83, 3, 16, 0]])
  }

  @Test func theMicrophoneHasItsRatesAndAnEndpointThatHoldsThem() throws {
    let found = interfaces(WebcamDescriptors(model()).configuration)
    let sound = try #require(found.first { $0.number == 3 && $0.alternate == 1 })
    #expect(sound.ofClass(2)[0].bytes == [14, 0x24, 2, 1, 1, 2, 16, 2, 0x80, 0x3E, 0, 0x80, 0xBB, 0])
    #expect(sound.endpoints[0].bytes == [9, 5, 0x84, 5, 98, 0, 4, 0, 0])
    #expect(sound.parts.last?.bytes == [7, 0x25, 1, 1, 0, 0, 0])
    let unit = try #require(found.first { $0.number == 2 }?.ofClass(6).first)
    #expect(unit.bytes == [9, 0x24, 6, 2, 1, 1, 3, 0, 0])
  }

  @Test func aDeviceWithoutACameraOrAMicrophoneCountsItsInterfacesFromZero() {
    let mute = interfaces(WebcamDescriptors(model(microphone: false)).configuration)
    #expect(Set(mute.map(\.number)) == [0, 1])
    let blind = WebcamDescriptors(model(camera: false)).configuration
    #expect(Set(interfaces(blind).map(\.number)) == [0, 1])
    #expect(ReadDescriptor.all(blind).filter { $0.type == 11 }.map { Array($0.bytes[2..<5]) } == [[0, 2, 1]])
  }

  @Test func theDeviceNamesItselfAndItsSerialNumberIfItHasOne() throws {
    let with = WebcamDescriptors(model())
    #expect(
      with.device == [18, 1, 0, 2, 0xEF, 2, 1, 64, 0x6D, 4, 0x2D, 8, 0, 1, 1, 2, 3, 1])
    #expect(with.string(0) == [4, 3, 9, 4])
    #expect(with.string(1) == [10, 3] + "Acme".utf8.flatMap { [$0, 0] })
    #expect(with.string(3) == [6, 3, 0x53, 0, 0x31, 0])
    #expect(with.string(4) == nil)
    let without = WebcamDescriptors(model(serial: nil))
    #expect(without.device[16] == 0)
    #expect(without.string(3) == nil)
  }

  @Test func aLongNameIsCutToWhatALengthByteHolds() throws {
    var long = model()
    long.name = String(repeating: "é", count: 300)
    let bytes = try #require(WebcamDescriptors(long).string(2))
    #expect(bytes.count == 254)
    #expect(Int(bytes[0]) == bytes.count)
  }
}
