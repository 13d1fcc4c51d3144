import PumpkiiMedia
import PumpkiiSimulation
import PumpkiiSystem
import Testing

/// A whole webcam against a host of the test's own, over a socket as with the kernel.
@Suite(.serialized, .timeLimit(.minutes(10))) struct WebcamSessionTests {
  private func profile(
    _ transfer: USBProfile.Transfer = .bulk, fps: Double = 50, faults: [Fault] = [],
    microphone: MicrophoneProfile? = nil
  ) -> DeviceProfile {
    var camera = CameraProfile(format: .mjpeg, width: 320, height: 240, fps: fps, faults: faults, hasShutter: true)
    camera.modes = [
      CameraMode(format: .mjpeg, width: 320, height: 240, rates: [fps]),
      CameraMode(format: .yuyv, width: 320, height: 240, rates: [fps]),
    ]
    camera.usb.transfer = transfer
    return DeviceProfile(name: "usb-test", camera: camera, microphone: microphone)
  }

  private func mark(_ frame: [UInt8]) throws -> FrameMark? {
    let image = try JPEGDecoder().decode(try JPEGCheck(frame).bytes)
    return PatternReader(width: image.width, height: image.height).read(image.bytes)
  }

  @Test func bulkFramesArriveWholeWithTheirNumbers() async throws {
    try await USBHost.with(profile()) { host, webcam in
      try host.control(USBHost.setConfiguration)
      try host.commit(1, 1)
      let frames = try host.bulkFrames(4)
      let marks = try frames.map { try mark($0.bytes)?.number }
      #expect(marks.first == 0)
      #expect(zip(marks, marks.dropFirst()).allSatisfy { ($0 ?? 9) < ($1 ?? 0) })
      // One frame has one value of the toggle bit, the next one the other.
      let toggles = frames.map { Set($0.bits.map { $0 & 1 }) }
      #expect(toggles.allSatisfy { $0.count == 1 })
      #expect(zip(toggles, toggles.dropFirst()).allSatisfy { $0 != $1 })
      #expect(webcam.log.events.contains(.videoStarted("MJPG 320×240 50/s", opening: 1)))
    }
  }

  @Test func isochronousFramesArriveInPackets() async throws {
    try await USBHost.with(profile(.isochronous)) { host, _ in
      try host.control(USBHost.setConfiguration)
      try host.commit(2, 1)
      try host.select(1, 5)
      var gatherer = FrameGatherer()
      var waiting = try (0..<4).map { _ in try host.submit(1, length: 32 * 3072, packets: 32) }
      while gatherer.frames.count < 2 {
        let answer = try host.answer(to: waiting.removeFirst())
        #expect(answer.packets.count == 32)
        for packet in answer.packets { gatherer.add(packet.data) }
        waiting.append(try host.submit(1, length: 32 * 3072, packets: 32))
      }
      #expect(gatherer.frames.map(\.bytes.count) == [320 * 240 * 2, 320 * 240 * 2])
      let luma = stride(from: 0, to: 320 * 240 * 2, by: 2).map { gatherer.frames[0].bytes[$0] }
      #expect(PatternReader(width: 320, height: 240).read(luma)?.number == 0)
      try host.select(1, 0)
    }
  }

  @Test func aFrameTakesOneIntervalAndNothingComesBetween() async throws {
    try await USBHost.with(profile(fps: 10)) { host, _ in
      // Before the first frame's time: a host that is late finds a frame of now, and none of before it.
      let start = ContinuousClock.now
      try host.commit(1, 1)
      let numbers = try host.bulkFrames(4).map { Int(try mark($0.bytes)?.number ?? 0) }
      let passed = start.duration(to: .now)
      #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 } && numbers[3] >= 3, "\(numbers)")
      #expect(passed >= .milliseconds(100 * numbers[3]), "frame \(numbers[3]) after \(passed)")
    }
  }

  @Test func faultsBefallTheFramesThatTheScriptNames() async throws {
    let faults = [
      Fault(.errorBit, at: 1), Fault(.empty, at: 2), Fault(.truncate, at: 3), Fault(.noHuffman, at: 4),
    ]
    let (frames, befallen) = try await USBHost.punctual(profile(fps: 10, faults: faults)) { host, webcam in
      try host.commit(1, 1)
      return (try host.bulkFrames(6), webcam.log.faults)
    }
    #expect(frames[0].bits.allSatisfy { $0 & 0x40 == 0 })
    #expect(frames[1].bits.allSatisfy { $0 & 0x40 != 0 })
    #expect(frames[2].bytes.isEmpty)
    #expect(frames[3].bytes.suffix(2) != [0xFF, 0xD9])
    #expect(try mark(frames[4].bytes)?.number == 4)
    #expect(frames[4].bytes.count + 400 < frames[0].bytes.count)
    #expect(try mark(frames[5].bytes)?.number == 5)
    #expect(
      befallen == [
        .fault(.errorBit, unit: 1), .fault(.empty, unit: 2), .fault(.truncate, unit: 3), .fault(.noHuffman, unit: 4),
      ])
  }

  @Test func aFaultOfFramesThatNobodyTookBefallsTheNextOne() async throws {
    try await USBHost.with(profile(fps: 100, faults: [Fault(.errorBit, at: 3)])) { host, webcam in
      try host.commit(1, 1)
      #expect(host.isSilent(150))
      let frames = try host.bulkFrames(3)
      let numbers = try frames.map { Int(try mark($0.bytes)?.number ?? 0) }
      // The first one was on its way all the time; what came due after it is gone.
      #expect(numbers[1] > 10 && numbers[1] < numbers[2], "\(numbers)")
      let befallen = numbers.firstIndex { $0 >= 3 }
      #expect(frames.indices.filter { frames[$0].bits.contains { $0 & 0x40 != 0 } } == [befallen], "\(numbers)")
      webcam.detach()
      #expect(await webcam.log.wait { $0.contains(.detached) })
      #expect(webcam.log.skipped > 9)
    }
  }

  @Test func aStallFailsOneTransferAndCostsOneFrame() async throws {
    let profile = profile(fps: 10, faults: [Fault(.stall, at: 1)])
    let (first, failed, next) = try await USBHost.punctual(profile) { host, _ in
      try host.commit(1, 1)
      let first = try host.bulkFrames(1)[0]
      let failed = try host.answer(to: try host.submit(1, length: 16_384))
      return (first, failed, try host.bulkFrames(1)[0])
    }
    #expect(failed.status == -32)
    #expect(failed.data.isEmpty)
    #expect(try mark(next.bytes)?.number == 2)
    // The driver tells frames apart by this bit alone.
    #expect(Set(next.bits.map { $0 & 1 }) != Set(first.bits.map { $0 & 1 }))
  }

  @Test func aFrozenCameraRunsAgainAfterItsReset() async throws {
    try await USBHost.with(profile(faults: [Fault(.freeze, at: 1)])) { host, webcam in
      try host.control(USBHost.setConfiguration)
      try host.commit(1, 1)
      // Before anything is taken: the frame that the freeze befalls would not come.
      let isFrozen = await webcam.log.wait { events in
        events.contains { if case .fault(.freeze, _) = $0 { true } else { false } }
      }
      #expect(isFrozen)
      let pending = try host.submit(1, length: 16_384)
      #expect(host.isSilent(100))
      // Starting anew does not help.
      #expect(try host.unlink(pending).status == -104)
      try host.commit(1, 1)
      let again = try host.submit(1, length: 16_384)
      #expect(host.isSilent(100))
      #expect(try host.unlink(again).status == -104)
      try host.control(USBHost.setConfiguration)
      try host.commit(1, 1)
      #expect(try host.bulkFrames(2).count == 2)
    }
  }

  @Test func anUnplugClosesTheConnection() async throws {
    let profile = profile(fps: 10, faults: [Fault(.unplug, at: 2)])
    let (count, isGone, events) = try await USBHost.punctual(profile) { host, webcam in
      try host.commit(1, 1)
      let count = try host.bulkFrames(2).count
      let isGone = (try? host.bulkFrames(1)) == nil
      #expect(await webcam.log.wait { $0.contains(.unplugged) })
      return (count, isGone, webcam.log.events)
    }
    #expect(count == 2 && isGone)
    #expect(events.contains(.videoStopped(frames: 2, skipped: 0)))
  }

  @Test func aFaultMayBePerformedAtOnce() async throws {
    let frames = try await USBHost.punctual(profile(fps: 10)) { host, webcam in
      try host.commit(1, 1)
      _ = try host.bulkFrames(1)
      webcam.perform(Fault(.errorBit, at: 0, count: 2))
      let frames = try host.bulkFrames(5)
      webcam.perform(Fault(.unplug, at: 0))
      #expect(await webcam.log.wait { $0.contains(.unplugged) })
      return frames
    }
    let bad = frames.indices.filter { frames[$0].bits.contains { $0 & 0x40 != 0 } }
    #expect(bad.count == 2)
    #expect(bad.last == bad.first.map { $0 + 1 })
  }

  @Test func aTransferThatIsTakenBackIsNeverAnswered() async throws {
    try await USBHost.with(profile()) { host, _ in
      let pending = try host.submit(1, length: 16_384)
      #expect(try host.unlink(pending).status == -104)
      #expect(try host.unlink(pending).status == 0)
      try host.commit(1, 1)
      #expect(try host.bulkFrames(1).count == 1)
    }
  }

  @Test func aControlStallLeavesTheCamerasRequestsUnansweredForItsLength() async throws {
    try await USBHost.with(profile()) { host, webcam in
      webcam.perform(Fault(.controlStall, when: .time(0), length: 300_000_000))
      #expect(await webcam.log.wait { $0.contains(.fault(.controlStall, unit: 0)) })
      let probe = SetupPacket(requestType: 0xA1, request: 0x81, value: 0x0100, index: 1, length: 26)
      let lost = try host.submitControl(probe)
      #expect(host.isSilent(100))
      #expect(try host.control(SetupPacket(requestType: 0x80, request: 8, length: 1)).data == [0])
      // As long as the stall, and longer: it began before this answer, whenever the first request was heard.
      #expect(host.isSilent(350))
      #expect(try host.control(probe).data.count == 26)
      _ = lost
    }
  }

  @Test func theShutterTellsOnTheStatusEndpointAndBlackensThePicture() async throws {
    try await USBHost.with(profile(fps: 10)) { host, webcam in
      try host.commit(1, 1)
      let event = try host.submit(3, length: 16)
      _ = try host.bulkFrames(1)
      webcam.setShutter(closed: true)
      #expect(try host.answer(to: event).data == [1, 1, 0, 0x11, 0, 1])
      let frames = try host.bulkFrames(3)
      #expect(try mark(frames[2].bytes) == nil)
      let privacy = SetupPacket(requestType: 0xA1, request: 0x81, value: 0x1100, index: 0x0100, length: 1)
      #expect(try host.control(privacy).data == [1])
      webcam.setShutter(closed: false)
      #expect(try host.answer(to: try host.submit(3, length: 16)).data == [1, 1, 0, 0x11, 0, 0])
      #expect(try host.control(privacy).data == [0])
    }
  }

  @Test func aScriptsShutterOpensAtItsInstantWhenNobodyStreamsAnyMore() async throws {
    try await USBHost.with(profile(fps: 10, faults: [Fault(.shutter, at: 1, count: 40)])) { host, webcam in
      let begin = Clocks.monotonic()
      try host.commit(1, 1)
      // It stays closed for longer than a machine stands still between two frames.
      _ = try host.bulkFrames(2)
      #expect(await webcam.log.wait { $0.contains(.shutter(isClosed: true)) })
      // The driver stops a bulk stream so.
      try host.control(SetupPacket(requestType: 2, request: 1, index: 0x81))
      try expectShutterAsLogged(host, webcam)
      #expect(await webcam.log.wait { $0.contains(.shutter(isClosed: false)) })
      try expectShutterAsLogged(host, webcam)
      let opened = try #require(webcam.log.entries.first { $0.event == .shutter(isClosed: false) })
      #expect(opened.time - begin >= 4_100_000_000, "forty frames' time after the first")
    }
  }

  /// What the host reads is what the shutter was when it asked; it may have opened since.
  private func expectShutterAsLogged(_ host: USBHost, _ webcam: EmulatedWebcam) throws {
    let privacy = SetupPacket(requestType: 0xA1, request: 0x81, value: 0x1100, index: 0x0100, length: 1)
    let read = try host.control(privacy).data
    let events = webcam.log.events
    let asked = try #require(events.lastIndex(of: .shutterRead))
    let isClosed = events[..<asked].last { if case .shutter = $0 { true } else { false } } == .shutter(isClosed: true)
    #expect(read == [isClosed ? 1 : 0])
  }

  @Test func soundComesByTheMillisecondAtTheRateThatWasChosen() async throws {
    try await USBHost.with(profile(microphone: MicrophoneProfile(rates: [16_000, 48_000]))) { host, webcam in
      for (rate, bytes) in [(16_000, [0x80, 0x3E, 0]), (48_000, [0x80, 0xBB, 0])] as [(Int, [UInt8])] {
        try host.control(
          SetupPacket(requestType: 0x22, request: 1, value: 0x0100, index: 0x84, length: 3), bytes)
        try host.select(3, 1)
        let answers = try (0..<3).map { _ in try host.submit(4, length: 980, packets: 10) }.map(host.answer)
        let counts = answers.flatMap { $0.packets.map(\.data.count) }
        #expect(counts == [Int](repeating: rate / 1000 * 2, count: 30))
        try host.select(3, 0)
      }
      let events = webcam.log.events
      #expect(events.contains(.soundStarted(rate: 16_000, opening: 1)))
      #expect(events.contains(.soundStarted(rate: 48_000, opening: 2)))
    }
  }

  @Test func aMicrophoneThatIsFastGivesMoreSamples() async throws {
    let microphone = MicrophoneProfile(clock: ClockQuality(driftPPM: 1000))
    try await USBHost.with(profile(microphone: microphone)) { host, _ in
      try host.select(3, 1)
      let answers = try (0..<10).map { _ in try host.submit(4, length: 980, packets: 10) }.map(host.answer)
      let total = answers.flatMap { $0.packets.map(\.data.count) }.reduce(0, +) / 2
      // 100 ms at 48 048 samples a second, from wherever they begin.
      #expect((4804...4805).contains(total))
    }
  }

  @Test func lookingAtTheRatesIsNoOpening() async throws {
    try await USBHost.with(profile(microphone: MicrophoneProfile())) { host, webcam in
      try host.select(3, 1)
      try host.select(3, 0)
      try host.select(3, 1)
      _ = try host.answer(to: try host.submit(4, length: 98, packets: 1))
      #expect(
        webcam.log.events.filter { if case .soundStarted = $0 { true } else { false } } == [
          .soundStarted(rate: 48_000, opening: 1)
        ])
    }
  }

  @Test func aMutedMicrophoneGivesZeros() async throws {
    try await USBHost.with(profile(microphone: MicrophoneProfile())) { host, _ in
      try host.select(3, 1)
      // The tone begins with the stream and with each second; who is late for one hears the next.
      let isLoud = try (0..<300).contains { _ in
        try host.answer(to: try host.submit(4, length: 980, packets: 10)).data.contains { $0 != 0 }
      }
      #expect(isLoud)
      try host.control(SetupPacket(requestType: 0x21, request: 1, value: 0x0100, index: 0x0202, length: 1), [1])
      let muted = try host.answer(to: try host.submit(4, length: 980, packets: 10)).data
      #expect(muted.count == 960)
      #expect(muted.allSatisfy { $0 == 0 })
    }
  }

  @Test func aSleepingMicrophoneIsSilentForItsLengthAndLosesWhatItDidNotGive() async throws {
    let microphone = MicrophoneProfile(faults: [Fault(.suspend, at: 1, count: 10)])
    try await USBHost.with(profile(microphone: microphone)) { host, webcam in
      let begin = Clocks.monotonic()
      try host.select(3, 1)
      let sent = try (0..<4).map { _ in try host.submit(4, length: 980, packets: 10) }
      _ = try host.answer(to: sent[0])
      _ = try host.answer(to: sent[1])
      #expect(await webcam.log.wait { $0.contains(.fault(.suspend, unit: 1)) })
      _ = try host.answer(to: sent[2])
      // The first unit's time, and that of ten.
      #expect(Clocks.monotonic() - begin >= 220_000_000)
      try host.select(3, 0)
      #expect(await webcam.log.wait { $0.contains { if case .soundStopped = $0 { true } else { false } } })
      // Given were 30 ms, but more than 200 have passed on the device's clock.
      let passed = webcam.log.events.compactMap { if case .soundStopped(let passed) = $0 { passed } else { nil } }
      #expect((passed.first ?? 0) > 200)
    }
  }

  @Test func aHostThatTalksNonsenseIsLetGo() async throws {
    try await USBHost.with(profile()) { host, webcam in
      #expect(throws: USBHost.Gone.self) {
        let sent = try host.submit(99, length: 8)
        _ = try host.answer(to: sent)
      }
      #expect(await webcam.log.wait { $0.contains(.detached) })
    }
  }

  @Test func anEndpointThatDoesNotExistStalls() async throws {
    try await USBHost.with(profile()) { host, _ in
      let unknown = try host.answer(to: try host.submit(7, length: 8))
      #expect(unknown.status == -32)
      #expect(try host.answer(to: try host.submit(1, isIn: false, length: 2, data: [1, 2])).status == -32)
    }
  }
}
