import PumpkiiCapture
import PumpkiiMedia
import PumpkiiSystem
import Testing

@Suite struct MotionDetectorTests {
  private func cross(_ scene: inout MotionScene, _ number: Int) { scene.square = (20 + 8 * number, 80) }

  @Test func `something that moves begins an event, goes on, and ends after the quiet time`() throws {
    var scene = MotionScene()
    var watch = Watchman()
    scene.noise = 3
    try watch.look(&scene, times: 20)
    #expect(watch.reports.isEmpty)
    try watch.look(&scene, times: 15, step: cross)
    #expect(watch.stages.first == .began && watch.stages.dropFirst().allSatisfy { $0 == .goesOn })
    let first = try required(watch.reports.first)
    #expect(first.score > 0.005 && first.score < 0.1)
    let last = watch.now
    scene.square = nil
    try watch.look(&scene, times: 40)
    #expect(watch.stages.last == .ended && !watch.detector.isInEvent)
    let end = try required(watch.reports.last)
    #expect(end.time >= last + 5_000_000_000 && end.time < last + 7_000_000_000)
    #expect(end.score >= first.score && end.duration > 2_000_000_000)
    #expect(watch.stages.filter { $0 == .began }.count == 1)
  }

  @Test(arguments: ["coffee", "chelsea", "rocket"])
  func `a square that moves over a photograph is seen, a still photograph is not`(_ name: String) throws {
    var scene = MotionScene(background: try MotionScene.still(name))
    scene.noise = 4
    var watch = Watchman()
    try watch.look(&scene, times: 40)
    #expect(watch.reports.isEmpty)
    try watch.look(&scene, times: 10, step: cross)
    #expect(watch.stages.first == .began)
  }

  @Test(arguments: ["coffee", "chelsea", "rocket"]) func `a photograph that is panned is motion`(_ name: String) throws
  {
    var watch = Watchman()
    for x in [0, 0, 0, 0, 0, 0, 0, 4, 8, 12, 16, 20] {
      var scene = MotionScene(background: try MotionScene.still(name, x: x))
      try watch.look(&scene)
    }
    #expect(watch.stages.contains(.began))
  }

  @Test(arguments: [2, 6, 12]) func `noise alone is never motion`(_ noise: Int) throws {
    for sensitivity in [0, 0.5, 0.8] {
      var scene = MotionScene()
      scene.noise = noise
      var watch = Watchman(MotionSettings(sensitivity: sensitivity))
      try watch.look(&scene, times: 150)
      #expect(watch.reports.isEmpty)
    }
  }

  @Test(arguments: ["coffee", "chelsea", "rocket"])
  func `a change of all light is no motion, at once or slowly`(_ name: String) throws {
    var scene = MotionScene(background: try MotionScene.still(name))
    scene.noise = 3
    var watch = Watchman()
    try watch.look(&scene, times: 20)
    for (gain, offset) in [(1.3, 0.0), (0.7, 0), (1, 25), (1, -20), (0.4, 0), (1.6, 10)] {
      for (gain, offset) in [(gain, offset), (1, 0)] {
        scene.gain = gain
        scene.offset = offset
        try watch.look(&scene, times: 8)
        #expect(watch.reports.isEmpty, "gain \(gain), offset \(offset)")
      }
    }
    try watch.look(&scene, times: 50) { scene, number in scene.gain = 1 + Double(number) * 0.01 }
    #expect(watch.reports.isEmpty)
    try watch.look(&scene, times: 10, step: cross)
    #expect(watch.stages.first == .began)
  }

  @Test func `motion is seen while the light changes`() throws {
    var scene = MotionScene()
    var watch = Watchman()
    try watch.look(&scene, times: 20)
    try watch.look(&scene, times: 10) { scene, number in
      scene.gain = 1 + Double(number) * 0.004
      cross(&scene, number)
    }
    #expect(watch.stages.first == .began)
  }

  @Test func `zones decide where motion counts and are named`() throws {
    let left = try required(PictureArea(left: 0, top: 0, width: 500, height: 1000))
    let right = try required(PictureArea(left: 500, top: 0, width: 500, height: 1000))
    let door = DetectionZone(name: "door", area: right)
    for (zones, names) in [
      ([door], []), ([DetectionZone(name: "bed", area: left), door], ["bed"]),
      ([DetectionZone(name: "hidden", kind: .exclude, area: left)], nil),
      ([DetectionZone(name: "all", area: left), DetectionZone(name: "hidden", kind: .exclude, area: left)], nil),
    ] as [([DetectionZone], [String]?)] {
      var scene = MotionScene()
      var watch = Watchman(MotionSettings(zones: zones))
      try watch.look(&scene, times: 10)
      // Stays within the left half.
      try watch.look(&scene, times: 8) { scene, number in scene.square = (20 + 8 * number, 80) }
      if let names, !names.isEmpty {
        #expect(watch.reports.first?.zones == names)
      } else {
        #expect(watch.reports.isEmpty)
      }
    }
  }

  @Test func `sensitivity and the least area decide what counts`() throws {
    func seen(_ settings: MotionSettings, _ light: Double) throws -> Bool {
      var scene = MotionScene(background: [UInt8](repeating: 100, count: MotionScene.width * MotionScene.height))
      var watch = Watchman(settings)
      try watch.look(&scene, times: 10)
      // A grey square that stands out by little.
      for number in 0..<6 {
        var background = scene.background
        for y in 60..<84 {
          for x in 0..<24 { background[y * MotionScene.width + 40 + 10 * number + x] = UInt8(100 + light) }
        }
        var moved = MotionScene(background: background)
        try watch.look(&moved)
      }
      return watch.stages.first == .began
    }
    #expect(try seen(MotionSettings(sensitivity: 0.9), 12))
    #expect(try !seen(MotionSettings(sensitivity: 0.2), 12))
    #expect(try seen(MotionSettings(sensitivity: 0.2), 60))
    #expect(try !seen(MotionSettings(sensitivity: 0.9, minimumArea: 0.05), 60))
  }

  @Test func `none begins in the hold-off, and a thing that stays is believed`() throws {
    var scene = MotionScene()
    var watch = Watchman(MotionSettings(quiet: 1_000_000_000, holdOff: 20_000_000_000))
    try watch.look(&scene, times: 10)
    try watch.look(&scene, times: 5, step: cross)
    scene.square = nil
    try watch.look(&scene, times: 20)
    #expect(watch.stages.last == .ended)
    try watch.look(&scene, times: 10, step: cross)
    #expect(watch.stages.last == .ended)
    watch = Watchman(MotionSettings(quiet: 1_000_000_000))
    try watch.look(&scene, times: 10)
    scene.square = (200, 100)
    // Two minutes.
    try watch.look(&scene, times: 600)
    #expect(watch.stages.first == .began && watch.stages.last == .ended)
  }

  @Test func `looks are limited to their rate, and a long pause is learned over`() throws {
    var detector = MotionDetector(settings: MotionSettings(looks: 5))
    var scene = MotionScene()
    var looks = 0
    for frame in 0..<300 where detector.isDue(at: UInt64(frame) * 33_333_333) {
      _ = detector.look(try scene.grid(), at: UInt64(frame) * 33_333_333)
      looks += 1
    }
    #expect((48...56).contains(looks))
    // A minute later the furniture stands elsewhere.
    scene.background.reverse()
    var now: UInt64 = 70_000_000_000
    for _ in 0..<20 {
      now += 200_000_000
      #expect(detector.look(try scene.grid(), at: now) == nil)
    }
  }

  @Test func `a camera that closes ends what goes on`() throws {
    var scene = MotionScene()
    var watch = Watchman()
    try watch.look(&scene, times: 10)
    #expect(watch.detector.close(at: watch.now) == nil)
    try watch.look(&scene, times: 10)
    try watch.look(&scene, times: 5, step: cross)
    #expect(watch.detector.close(at: watch.now)?.stage == .ended)
    #expect(!watch.detector.isInEvent)
  }

  @Test func `a JPEG that is only passed through is looked at an eighth of its size, once a look`() throws {
    let jpegs = try Material.jpegs("yuvj422p", width: 640, height: 360, frames: 2)
    let format = Material.format(.mjpeg, 640, 360, fullRange: true)
    let passing = try VideoProcessor(format: format, settings: VideoSettings(mode: .mjpeg))
    let frame = Material.frame(jpegs[0], 0)
    _ = try passing.process(frame, at: 0, randomAccess: false)
    let coarse = try required(passing.glance(frame))
    #expect(passing.desk.decodes == 0 && passing.desk.glances == 1)
    let encoding = try VideoProcessor(format: format, settings: VideoSettings())
    _ = try encoding.process(frame, at: 0, randomAccess: false)
    let fine = try required(encoding.glance(frame))
    #expect(encoding.desk.decodes == 1 && encoding.desk.glances == 0)
    let differences = zip(coarse.cells, fine.cells).map { abs(Int($0) - Int($1)) }
    #expect(differences.reduce(0, +) / differences.count < 6 * 16)
  }

  @Test func `a camera's own H.264 is looked at once a group`() throws {
    let stream = try Tool.ffmpeg(
      "-f lavfi -i testsrc2=s=160x120:r=10 -frames:v 12 -pix_fmt yuv420p -c:v libx264 -profile:v baseline -bf 0 -g 5 "
        + "-x264-params keyint=5:scenecut=0:aud=1 -f h264 -")
    let units = AnnexBAccessUnits.all(of: stream)
    let processor = try VideoProcessor(format: Material.format(.h264, 160, 120), settings: VideoSettings())
    var looks = 0
    for (number, unit) in units.enumerated() {
      let frame = Material.frame(unit, number)
      _ = try processor.process(frame, at: UInt64(number) * 100_000_000, randomAccess: false)
      if try processor.glance(frame) != nil { looks += 1 }
    }
    #expect(looks == 3 && processor.desk.decodes == 3)
  }

  @Test func `what a look costs`() throws {
    var scene = MotionScene()
    var detector = MotionDetector()
    let grid = try scene.grid()
    var number: UInt64 = 0
    let look = Self.cost {
      _ = detector.look(grid, at: number * 200_000_000)
      number += 1
    }
    let image = PlanarImage(width: 1280, height: 720, fullRange: true)
    let reduce = Self.cost { _ = LumaGrid(image) }
    let jpeg = try required(Material.jpegs("yuvj422p", width: 1280, height: 720, frames: 1).first)
    let decoder = try JPEGDecoder()
    let glance = try Self.cost { _ = try decoder.glance(jpeg) }
    print("motion: \(look) µs a look, \(reduce) µs for the cells of 1280×720, \(glance) µs for a glance at its JPEG")
    #expect(look < 50_000 && reduce < 50_000 && glance < 100_000)
  }

  /// µs of one time, as most of fifty say: a machine that stands still costs one of them.
  private static func cost(_ body: () throws -> Void) rethrows -> UInt64 {
    let times = try (0..<50).map { _ in
      let began = Clocks.monotonic()
      try body()
      return (Clocks.monotonic() - began) / 1000
    }
    return times.sorted()[times.count / 2]
  }
}
