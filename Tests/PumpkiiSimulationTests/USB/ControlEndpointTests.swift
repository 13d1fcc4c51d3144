import PumpkiiSimulation
import Testing

@Suite struct ControlEndpointTests {
  private func get(
    _ endpoint: inout ControlEndpoint, _ request: UInt8, _ selector: UInt8, _ index: UInt16, _ length: Int
  ) -> [UInt8]? {
    let setup = SetupPacket(
      requestType: 0xA1, request: request, value: UInt16(selector) << 8, index: index, length: length)
    if case .data(let bytes) = endpoint.answer(setup, []).0 { return bytes }
    return nil
  }

  private func set(
    _ endpoint: inout ControlEndpoint, _ selector: UInt8, _ index: UInt16, _ data: [UInt8]
  ) -> (ControlAnswer, [ControlEffect]) {
    endpoint.answer(
      SetupPacket(requestType: 0x21, request: 1, value: UInt16(selector) << 8, index: index, length: data.count), data)
  }

  /// A probe with format, size and interval.
  private func proposal(_ format: UInt8, _ frame: UInt8, _ interval: UInt32) -> [UInt8] {
    [1, 0, format, frame] + (0..<4).map { UInt8(truncatingIfNeeded: interval >> (8 * $0)) }
      + [UInt8](repeating: 0, count: 18)
  }

  private let probe: UInt8 = 1
  private let commit: UInt8 = 2
  private let stream: UInt16 = 1
  private let camera: UInt16 = 0x0100
  private let processing: UInt16 = 0x0200

  @Test func aProbeIsAnsweredWithTheNearestMode() throws {
    var endpoint = ControlEndpoint(model())
    #expect(get(&endpoint, 0x85, probe, stream, 2) == [26, 0])
    #expect(set(&endpoint, probe, stream, proposal(2, 1, 800_000)).0 == .done)
    let answer = try #require(get(&endpoint, 0x81, probe, stream, 26))
    #expect(answer.count == 26)
    #expect(Array(answer[2...3]) == [2, 1])
    // 30, 10 and 5 frames a second: 12.5 is nearest to 10.
    #expect(answer.number(4, 4) == 1_000_000)
    #expect(answer.number(18, 4) == 320 * 240 * 2)
    #expect(answer.number(22, 4) == 16_384)
  }

  @Test(arguments: [(9, 1, 3, 1), (1, 9, 1, 2), (0, 0, 1, 1)])
  func whatDoesNotExistBecomesWhatDoes(_ format: UInt8, _ frame: UInt8, _ gotFormat: UInt8, _ gotFrame: UInt8) throws {
    var endpoint = ControlEndpoint(model())
    _ = set(&endpoint, probe, stream, proposal(format, frame, 333_333))
    let answer = try #require(get(&endpoint, 0x81, probe, stream, 26))
    #expect(Array(answer[2...3]) == [gotFormat, gotFrame])
  }

  @Test func leastAndGreatestAreTheIntervalsOfTheSize() throws {
    var endpoint = ControlEndpoint(model())
    _ = set(&endpoint, probe, stream, proposal(2, 1, 1_000_000))
    #expect(try #require(get(&endpoint, 0x82, probe, stream, 26)).number(4, 4) == 333_333)
    #expect(try #require(get(&endpoint, 0x83, probe, stream, 26)).number(4, 4) == 2_000_000)
    #expect(try #require(get(&endpoint, 0x87, probe, stream, 26))[2] == 1)
    #expect(try #require(get(&endpoint, 0x81, probe, stream, 26)).number(4, 4) == 1_000_000)
  }

  @Test func aBulkStreamStartsWithItsCommitAndStopsWhenItsHaltIsCleared() {
    var endpoint = ControlEndpoint(model(.bulk))
    let choice = StreamChoice(pixels: .mjpeg, width: 640, height: 480, rate: 15, payload: 16_384)
    #expect(set(&endpoint, probe, stream, proposal(1, 1, 666_666)).1.isEmpty)
    #expect(set(&endpoint, commit, stream, proposal(1, 1, 666_666)).1 == [.videoStopped, .videoStarted(choice)])
    let clear = SetupPacket(requestType: 0x02, request: 1, value: 0, index: 0x81)
    #expect(endpoint.answer(clear, []).1 == [.videoStopped])
    let ofSound = SetupPacket(requestType: 0x02, request: 1, value: 0, index: 0x84)
    #expect(endpoint.answer(ofSound, []).1.isEmpty)
  }

  @Test func aCommitOfNoModeStalls() {
    var endpoint = ControlEndpoint(model())
    let (answer, effects) = set(&endpoint, commit, stream, proposal(7, 1, 333_333))
    #expect(answer == .stall(.outOfRange))
    #expect(effects.isEmpty)
  }

  @Test func anIsochronousStreamStartsWithItsAlternateSetting() {
    var endpoint = ControlEndpoint(model(.isochronous))
    func select(_ alternate: UInt16) -> (ControlAnswer, [ControlEffect]) {
      endpoint.answer(SetupPacket(requestType: 0x01, request: 11, value: alternate, index: 1), [])
    }
    #expect(select(1).0 == .stall(.wrongState))
    #expect(set(&endpoint, commit, stream, proposal(2, 1, 333_333)).1.isEmpty)
    // 4.6 MB a second are 576 bytes a microframe: the third setting is the least that carries them.
    #expect(get(&endpoint, 0x81, commit, stream, 26)?.number(22, 4) == 1024)
    let choice = StreamChoice(pixels: .yuyv, width: 320, height: 240, rate: 30, payload: 1024)
    #expect(select(3).1 == [.videoStopped, .videoStarted(choice)])
    #expect(select(0).1 == [.videoStopped])
    #expect(select(6).0 == .stall(.invalidRequest))
  }

  @Test func aPhotoIsAskedForInThreeSteps() {
    var endpoint = ControlEndpoint(model())
    #expect(set(&endpoint, 5, stream, [1]).1.isEmpty)
    _ = set(&endpoint, 3, stream, [1, 1, 0] + [UInt8](repeating: 0, count: 8))
    #expect(get(&endpoint, 0x81, 3, stream, 11)?.number(3, 4) == 1920 * 1080 * 2)
    _ = set(&endpoint, 4, stream, [1, 1, 0] + [UInt8](repeating: 0, count: 8))
    #expect(set(&endpoint, 5, stream, [1]).1 == [.still(StillSize(width: 1920, height: 1080))])
    #expect(set(&endpoint, 5, stream, [0]).1.isEmpty)
    var plain = model()
    plain.hasStillTrigger = false
    var without = ControlEndpoint(plain)
    #expect(set(&without, 5, stream, [1]).0 == .stall(.invalidControl))
  }

  @Test func aControlTellsItsRangeAndTakesWhatLiesInIt() {
    var endpoint = ControlEndpoint(model())
    let brightness: UInt8 = 2
    #expect(get(&endpoint, 0x82, brightness, processing, 2) == [0xC0, 0xFF])
    #expect(get(&endpoint, 0x83, brightness, processing, 2) == [64, 0])
    #expect(get(&endpoint, 0x84, brightness, processing, 2) == [1, 0])
    #expect(get(&endpoint, 0x87, brightness, processing, 2) == [0, 0])
    #expect(get(&endpoint, 0x86, brightness, processing, 1) == [3])
    let (answer, effects) = set(&endpoint, brightness, processing, [0xF6, 0xFF])
    #expect(answer == .done)
    #expect(effects == [.controlSet(name: "brightness", value: -10)])
    #expect(get(&endpoint, 0x81, brightness, processing, 2) == [0xF6, 0xFF])
    #expect(set(&endpoint, brightness, processing, [65, 0]).0 == .stall(.outOfRange))
    #expect(get(&endpoint, 0x81, brightness, processing, 2) == [0xF6, 0xFF])
    // bRequestErrorCode of what stalled last, then of what went well.
    _ = set(&endpoint, brightness, processing, [65, 0])
    #expect(get(&endpoint, 0x81, 2, 0, 1) == [4])
    #expect(get(&endpoint, 0x81, 2, 0, 1) == [4])
    _ = set(&endpoint, brightness, processing, [1, 0])
    #expect(get(&endpoint, 0x81, 2, 0, 1) == [0])
  }

  @Test func whatAnAutomaticControlHoldsCannotBeSetBeforeThatOneIsOff() {
    var endpoint = ControlEndpoint(model())
    #expect(set(&endpoint, 4, camera, [100, 0, 0, 0]).0 == .stall(.wrongState))
    #expect(set(&endpoint, 2, camera, [1]).0 == .done)
    #expect(set(&endpoint, 4, camera, [100, 0, 0, 0]).0 == .done)
    #expect(set(&endpoint, 6, camera, [5, 0]).0 == .stall(.wrongState))
    #expect(set(&endpoint, 8, camera, [0]).0 == .done)
    #expect(set(&endpoint, 6, camera, [5, 0]).0 == .done)
  }

  @Test func exposureModesAreBitsAndTheResolutionTellsThem() {
    var endpoint = ControlEndpoint(model())
    // Manual and aperture priority.
    #expect(get(&endpoint, 0x84, 2, camera, 1) == [9])
    #expect(get(&endpoint, 0x81, 2, camera, 1) == [8])
    #expect(set(&endpoint, 2, camera, [2]).0 == .stall(.outOfRange))
  }

  @Test func panAndTiltShareOneControl() {
    var endpoint = ControlEndpoint(model())
    #expect(get(&endpoint, 0x85, 0x0D, camera, 2) == [8, 0])
    let (answer, effects) = set(&endpoint, 0x0D, camera, [0xF0, 0xF1, 0xFF, 0xFF, 0x10, 0x0E, 0, 0])
    #expect(answer == .done)
    #expect(
      effects == [.controlSet(name: "pan_absolute", value: -3600), .controlSet(name: "tilt_absolute", value: 3600)])
  }

  @Test func theShutterIsReadOnlyAndChangesByItself() {
    var endpoint = ControlEndpoint(model())
    #expect(get(&endpoint, 0x86, 0x11, camera, 1) == [9])
    #expect(get(&endpoint, 0x81, 0x11, camera, 1) == [0])
    endpoint.setShutter(closed: true)
    #expect(get(&endpoint, 0x81, 0x11, camera, 1) == [1])
    #expect(set(&endpoint, 0x11, camera, [0]).0 == .stall(.invalidRequest))
    var plain = model()
    plain.hasShutter = false
    var without = ControlEndpoint(plain)
    #expect(get(&without, 0x81, 0x11, camera, 1) == nil)
  }

  @Test func theMicrophoneTakesTheRatesItHas() {
    var endpoint = ControlEndpoint(model())
    func rate(_ request: UInt8, _ data: [UInt8]) -> (ControlAnswer, [ControlEffect]) {
      endpoint.answer(
        SetupPacket(
          requestType: request & 0x80 | 0x22, request: request, value: 0x0100, index: 0x84, length: 3), data)
    }
    #expect(rate(0x01, [0x80, 0xBB, 0]).0 == .done)
    #expect(rate(0x81, []).0 == .data([0x80, 0xBB, 0]))
    // 44.1 kHz is nearest to 48 kHz.
    #expect(rate(0x01, [0x80, 0x3E, 0]).0 == .done)
    #expect(rate(0x01, [0x44, 0xAC, 0]).0 == .done)
    #expect(rate(0x81, []).0 == .data([0x80, 0xBB, 0]))
    let on = endpoint.answer(SetupPacket(requestType: 0x01, request: 11, value: 1, index: 3), [])
    #expect(on.1 == [.soundStopped, .soundStarted(rate: 48_000)])
    #expect(rate(0x01, [0x80, 0x3E, 0]).1 == [.soundStopped, .soundStarted(rate: 16_000)])
    let off = endpoint.answer(SetupPacket(requestType: 0x01, request: 11, value: 0, index: 3), [])
    #expect(off.1 == [.soundStopped])
  }

  @Test func muteAndVolumeAreTheMasterChannels() {
    var endpoint = ControlEndpoint(model())
    let unit: UInt16 = 0x0202
    #expect(set(&endpoint, 1, unit, [1]).0 == .done)
    #expect(get(&endpoint, 0x81, 1, unit, 1) == [1])
    #expect(set(&endpoint, 2, unit, [0, 0xF4]).0 == .done)
    #expect(endpoint.soundGain.isMuted)
    #expect(endpoint.soundGain.gain == -12 * 256)
    #expect(get(&endpoint, 0x82, 2, unit, 2) == [0, 0xE8])
    #expect(
      endpoint.answer(
        SetupPacket(requestType: 0xA1, request: 0x81, value: 0x0101, index: unit, length: 1), []
      ).0 == .stall(.invalidControl))
  }

  @Test func configuringStopsEverythingFirst() {
    var endpoint = ControlEndpoint(model())
    let configure = SetupPacket(requestType: 0, request: 9, value: 1)
    #expect(endpoint.answer(configure, []).1 == [.videoStopped, .soundStopped, .configured(1)])
    #expect(
      endpoint.answer(SetupPacket(requestType: 0x80, request: 8, length: 1), []).0 == .data([1]))
  }

  @Test func anAnswerIsNoLongerThanTheHostHasRoomFor() {
    var endpoint = ControlEndpoint(model())
    let setup = SetupPacket(requestType: 0x80, request: 6, value: 0x0200, length: 9)
    guard case .data(let bytes) = endpoint.answer(setup, []).0 else {
      Issue.record("no descriptor")
      return
    }
    #expect(bytes.count == 9)
    #expect(bytes.number(2, 2) == WebcamDescriptors(model()).configuration.count)
  }

  @Test func whatNoInterfaceHasStalls() {
    var endpoint = ControlEndpoint(model())
    for setup in [
      SetupPacket(requestType: 0x80, request: 6, value: 0x0F00, length: 5),
      SetupPacket(requestType: 0xA1, request: 0x81, value: 0x0100, index: 9, length: 1),
      SetupPacket(requestType: 0xA1, request: 0x81, value: 0x7700, index: 0x0200, length: 1),
      SetupPacket(requestType: 0xC0, request: 1, length: 1),
      SetupPacket(requestType: 0xA2, request: 0x81, value: 0x0100, index: 0x81, length: 3),
    ] {
      guard case .stall = endpoint.answer(setup, []).0 else {
        Issue.record("\(setup) did not stall")
        continue
      }
    }
  }

  @Test func onlyTheCamerasOwnRequestsFallSilent() {
    let endpoint = ControlEndpoint(model())
    #expect(endpoint.isOfCamera(SetupPacket(requestType: 0x21, request: 1, value: 0x0100, index: 1)))
    #expect(endpoint.isOfCamera(SetupPacket(requestType: 0xA1, request: 0x81, value: 0x0200, index: 0x0200)))
    #expect(!endpoint.isOfCamera(SetupPacket(requestType: 0x80, request: 6, value: 0x0100)))
    #expect(!endpoint.isOfCamera(SetupPacket(requestType: 0xA1, request: 0x81, value: 0x0100, index: 0x0202)))
  }
}
