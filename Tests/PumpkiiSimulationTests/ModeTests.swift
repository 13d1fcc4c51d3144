import PumpkiiCapture
import PumpkiiMedia
import PumpkiiSimulation
import Testing

@Suite struct ModeTests {
  private func profile(_ modes: [CameraMode], still: [CameraMode] = []) -> CameraProfile {
    CameraProfile(modes: modes, stillModes: still)
  }

  @Test func theFirstModeAtItsHighestRateIsTheDefault() throws {
    let modes = [
      CameraMode(format: .yuyv, width: 320, height: 240, rates: [5, 30, 15, 15]),
      CameraMode(format: .mjpeg, width: 1280, height: 720, rates: [30]),
    ]
    let camera = profile(modes)
    #expect(camera.modes == modes)
    #expect(modes[0].rates == [30, 15, 5])
    #expect((camera.format, camera.width, camera.height, camera.fps) == (.yuyv, 320, 240, 30))
    let fake = try #require(try device(camera: camera, clock: ManualClock()).camera)
    #expect(fake.format.pixels == .yuyv && fake.format.rate == VideoFormat.Ratio(30))
  }

  @Test func aCameraWithoutModesHasTheOneItStates() {
    let camera = smallCamera(fps: 12.5)
    #expect(camera.modes == [CameraMode(format: .grey, width: 320, height: 240, rates: [12.5])])
    var changed = profile([CameraMode(format: .mjpeg, width: 640, height: 480, rates: [30, 15])])
    changed.width = 800
    #expect(changed.modes.first?.width == 800)
  }

  @Test func everyModeGivesPicturesOfItsOwn() throws {
    let modes = [
      CameraMode(format: .mjpeg, width: 320, height: 240, rates: [30]),
      CameraMode(format: .yuyv, width: 640, height: 480, rates: [15]),
      CameraMode(format: .nv12, width: 160, height: 90, rates: [30]),
    ]
    let device = DeviceProfile(name: "x", camera: profile(modes))
    let plan = try CameraPlan(try #require(device.camera), of: device)
    let mark = FrameMark(number: 41, milliseconds: 1234)
    for mode in modes {
      let bytes = try #require(try plan.open(mode: mode, at: 0).frame(41, marks: { _ in mark }))
      if mode.format == .mjpeg {
        let check = try JPEGCheck(bytes)
        #expect((check.width, check.height) == (mode.width, mode.height))
      } else {
        #expect(bytes.count == mode.area * (mode.format == .yuyv ? 4 : 3) / 2)
      }
    }
    let small = try plan.open(mode: modes[2], at: 0).frame(41, marks: { _ in mark })
    #expect(PatternReader(width: 160, height: 90).read(try #require(small)[..<(160 * 90)]) == mark)
  }

  @Test func aPhotoOfTheLargestModeCostsACountedGap() throws {
    let clock = ManualClock()
    let camera = profile(
      [CameraMode(format: .yuyv, width: 320, height: 240, rates: [10])],
      still: [
        CameraMode(format: .yuyv, width: 640, height: 480, rates: []),
        CameraMode(format: .mjpeg, width: 640, height: 480, rates: []),
        CameraMode(format: .h264, width: 1280, height: 720, rates: []),
      ])
    let session = try #require(try device(camera: camera, clock: clock).camera).open()
    #expect(try collect(session, 3).map(\.sequence) == [0, 1, 2])
    let before = clock.now()
    let still = try #require(try session.takeStill())
    #expect(clock.now() > before)
    #expect(still.format.pixels == .mjpeg && still.format.width == 640)
    #expect(still.frame.sequence == 3)
    let picture = try JPEGDecoder().decode(still.frame.bytes)
    #expect(PatternReader(width: 640, height: 480).read(picture.luma)?.number == 3)
    #expect(try collect(session, 2).map(\.sequence) == [7, 8])
    #expect(session.counters.lost == [.still: 4])
    let made = session.close()
    #expect(session.counters.delivered + session.counters.totalLost == made)
  }

  @Test func aCameraWithNothingLargerTakesNoPhotoOfItsOwn() throws {
    let session = try #require(try device(camera: smallCamera(), clock: ManualClock()).camera).open()
    #expect(try session.takeStill() == nil)
    #expect(session.counters.lost.isEmpty)
  }

  @Test func aCameraThatGoesDuringAPhotoIsGone() throws {
    let clock = ManualClock()
    var camera = profile(
      [CameraMode(format: .yuyv, width: 320, height: 240, rates: [10])],
      still: [CameraMode(format: .mjpeg, width: 640, height: 480, rates: [])])
    camera.faults = [Fault(.unplug, at: 2)]
    let session = try #require(try device(camera: camera, clock: clock).camera).open()
    _ = try collect(session, 1)
    #expect(captureError { () throws(CaptureError) in try session.takeStill() }?.code == .gone)
    #expect(session.close() == 2)
  }

  @Test(arguments: [("logitech-c920", 2304), ("generic-05a3", 0), ("hdmi-stick-ms2109", 0)])
  func realCamerasStreamAsFakesAndTakeTheirLargestPhoto(name: String, width: Int) throws {
    let profile = try DeviceProfile.load(path: "\(repository)/devices/\(name).yaml")
    let camera = try #require(try SimulatedDevice(profile, clock: ManualClock()).camera)
    let session = try camera.open()
    for frame in try collect(session, 2) {
      #expect(try JPEGCheck(frame.bytes).width == profile.camera?.modes.first?.width)
    }
    #expect(try session.takeStill()?.format.width ?? 0 == width)
  }
}
