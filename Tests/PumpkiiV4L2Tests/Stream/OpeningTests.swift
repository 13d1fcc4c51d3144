import CPumpkiiV4L2
import Glibc
import PumpkiiCapture
import PumpkiiV4L2
import Testing

@Suite struct OpeningTests {
  private func refusal(_ bench: ScriptedBench, _ wish: CameraWish = CameraWish()) -> CaptureError? {
    do {
      let session = try bench.open(wish)
      session.close()
      return nil
    } catch { return error as? CaptureError }
  }

  @Test("checklist 1: device_caps decide, not the capabilities of the whole device") func deviceCaps() {
    let bench = ScriptedBench()
    bench.node.deviceCaps = UInt32(V4L2_CAP_META_CAPTURE) | UInt32(V4L2_CAP_STREAMING)
    #expect(refusal(bench)?.code == .notCapture)
    bench.node.hasDeviceCaps = false
    #expect(refusal(bench) == nil)
    bench.kernel.expectBalance()
  }

  @Test(
    "checklist 2: memory-to-memory, output and idle nodes are no cameras",
    arguments: [
      UInt32(V4L2_CAP_VIDEO_M2M), UInt32(V4L2_CAP_VIDEO_M2M_MPLANE), UInt32(V4L2_CAP_VIDEO_OUTPUT),
      UInt32(V4L2_CAP_VIDEO_CAPTURE) | UInt32(V4L2_CAP_VIDEO_OUTPUT),
    ])
  func roles(caps: UInt32) {
    let bench = ScriptedBench()
    bench.node.deviceCaps = caps | UInt32(V4L2_CAP_STREAMING)
    #expect(refusal(bench)?.code == .notCapture)
    bench.node.deviceCaps = UInt32(V4L2_CAP_VIDEO_CAPTURE)
    #expect(refusal(bench)?.code == .notCapture)
    bench.kernel.expectBalance()
  }

  @Test("checklist 3: the camera is found by its identity at each opening, whatever its number") func identity() throws
  {
    let bench = ScriptedBench()
    let camera = try bench.camera()
    bench.kernel.nodes = ["/dev/video7": bench.node]
    let session = try camera.open()
    #expect(try session.next(timeout: .seconds(1)) != nil)
    bench.finish(session)
    bench.directory.capabilities = "other"
    let known = V4L2Camera(
      try #require(bench.directory.list().first), wish: CameraWish(), kernel: bench.kernel, directory: bench.directory,
      resetter: bench.resetter)
    bench.directory.capabilities = "another"
    #expect(throws: CaptureError(.stranger, "", advice: "")) { try known.open() }
    bench.kernel.expectBalance()
  }

  @Test("checklist 4: after ENODEV the descriptor is closed at once, as it holds the node's name") func closesDead()
    throws
  {
    let bench = ScriptedBench()
    bench.node.faults = [2: [.unplug]]
    let session = try bench.open()
    #expect(throws: CaptureError(.gone, "", advice: "")) { try bench.frames(session, 5) }
    // The waker alone is left.
    #expect(bench.kernel.openDescriptors == 1)
    #expect(throws: CaptureError(.gone, "", advice: "")) { try session.next(timeout: .seconds(1)) }
    bench.finish(session)
  }

  @Test("checklist 5: a node is opened for reading and writing, without blocking") func flags() throws {
    let bench = ScriptedBench()
    bench.finish(try bench.open())
    #expect(bench.kernel.flags == [O_RDWR | O_NONBLOCK])
  }

  @Test("checklist 6: what times out is tried again, but not for ever") func retries() throws {
    let bench = ScriptedBench()
    bench.node.failures[PK_VIDIOC_S_FMT] = [EINTR, ETIMEDOUT, EAGAIN, EINTR]
    let session = try bench.open()
    #expect(try session.next(timeout: .seconds(1)) != nil)
    bench.finish(session)
    bench.node.refusals[PK_VIDIOC_QUERYCAP] = EINTR
    #expect(refusal(bench)?.code == .failed)
    bench.node.log = []
    bench.node.refusals[PK_VIDIOC_QUERYCAP] = ETIMEDOUT
    #expect(refusal(bench)?.code == .failed)
    #expect(bench.node.log.count { $0 == "QUERYCAP" } <= 4)
    bench.kernel.expectBalance()
  }

  @Test("checklist 7: a note is said once, however often the stream is started") func notesOnce() throws {
    let bench = ScriptedBench()
    bench.node.faults = [3: [.fatal], 6: [.fatal]]
    let session = try bench.open(CameraWish(controls: ["no_such_control": 1]))
    _ = try bench.frames(session, 12)
    #expect(bench.notes.count { $0.contains("no_such_control") } == 1)
    #expect(Set(bench.notes).count == bench.notes.count)
    bench.finish(session)
  }

  @Test("checklist 12: S_INPUT is asked of single-planar nodes alone") func inputs() throws {
    let bench = ScriptedBench(ScriptedNode([.of(PK_FOURCC_NV12M, [.init(320, 180)])]))
    bench.node.beMultiplanar()
    bench.finish(try bench.open())
    #expect(!bench.node.log.contains("S_INPUT"))
    let single = ScriptedBench()
    single.finish(try single.open())
    #expect(single.node.log.contains("S_INPUT"))
    single.node.hasInputs = false
    single.finish(try single.open())
  }

  @Test(
    "checklist 12: an HDMI input without a usable signal says which kind",
    arguments: [(ENOLINK, "no cable"), (ENOLCK, "not stable"), (ERANGE, "outside")])
  func noSignal(errno: Int32, words: String) {
    let bench = ScriptedBench(ScriptedNode([.yuyv()]), isUSB: false)
    bench.node.timings = .absent(errno)
    let error = refusal(bench)
    #expect(error?.code == .noSignal)
    #expect(error?.reason.contains(words) == true)
    bench.kernel.expectBalance()
  }

  @Test(
    "checklist 14: what STREAMON refuses has its own words: bandwidth, pipeline, somebody else",
    arguments: [
      (ENOSPC, CaptureError.Code.noBandwidth, "MJPEG"), (EPIPE, .failed, "media-ctl"), (ENOLINK, .failed, "media-ctl"),
      (EBUSY, .busy, "ffmpeg (pid 4711)"), (EACCES, .noPermission, "usermod -aG video"), (ENOMEM, .failed, "memory"),
      (ENODEV, .gone, "Plug"),
    ])
  func streamOn(errno: Int32, code: CaptureError.Code, words: String) {
    let bench = ScriptedBench()
    bench.directory.holders = ["ffmpeg (pid 4711)"]
    bench.node.refusals[PK_VIDIOC_STREAMON] = errno
    let error = refusal(bench)
    #expect(error?.code == code)
    #expect(error?.advice.contains(words) == true, "\(error?.advice ?? "")")
    bench.kernel.expectBalance()
  }

  @Test("checklist 14: a second program gets EBUSY from S_FMT, and is told who has the camera") func busy() throws {
    let bench = ScriptedBench()
    let first = try bench.open()
    bench.directory.holders = ["cheese (pid 12)"]
    let error = refusal(bench)
    #expect(error?.code == .busy)
    #expect(error?.reason.contains("cheese (pid 12)") == true)
    bench.finish(first)
  }

  @Test(
    "checklist 14: opening says what is wrong in words of its own",
    arguments: [
      (EACCES, CaptureError.Code.noPermission), (EBUSY, .busy), (ENOENT, .gone), (ENXIO, .gone), (EMFILE, .failed),
    ])
  func openErrors(errno: Int32, code: CaptureError.Code) {
    let bench = ScriptedBench()
    bench.kernel.openErrors["/dev/video0"] = errno
    #expect(refusal(bench)?.code == code)
    bench.kernel.expectBalance()
  }

  @Test(
    "checklist 14: EIO after five seconds at S_FMT or STREAMON is a dead camera, whose port is reset, no bad format")
  func silence() throws {
    for request in [PK_VIDIOC_S_FMT, PK_VIDIOC_STREAMON] {
      let bench = ScriptedBench()
      bench.node.delays[request] = 5_080_000_000
      bench.node.failures[request] = [EIO]
      let session = try bench.open()
      #expect(bench.resetter.calls == ["reset"])
      #expect(session.counters.recoveries == ["reset": 1])
      bench.node.delays = [:]
      #expect(try session.next(timeout: .seconds(1)) != nil)
      bench.finish(session)
    }
  }

  @Test("checklist 14: a camera that stays silent fails with its own words, after both hard rungs") func staysSilent() {
    let bench = ScriptedBench()
    bench.node.refusals[PK_VIDIOC_S_FMT] = EIO
    let error = refusal(bench)
    #expect(error?.code == .failed)
    #expect(bench.resetter.calls == ["reset", "reauthorize"])
    let other = ScriptedBench(isUSB: false)
    other.node.refusals[PK_VIDIOC_S_FMT] = EIO
    #expect(refusal(other)?.code == .failed)
    #expect(other.resetter.calls.isEmpty)
    bench.kernel.expectBalance()
    other.kernel.expectBalance()
  }

  @Test("checklist 14: a silent camera that a reset does not bring back is still a silent one") func lostByReset() {
    let bench = ScriptedBench()
    bench.node.refusals[PK_VIDIOC_STREAMON] = EIO
    bench.resetter.reappearsAfter = 60_000_000_000
    let error = refusal(bench)
    #expect(error?.code == .failed)
    #expect(error?.reason.contains("does not answer") == true)
    bench.kernel.expectBalance()
  }

  @Test("checklist 15: a bare sensor is refused with the way that works") func rawSensor() {
    let bench = ScriptedBench(isUSB: false)
    bench.directory.kind = .rawSensor(advice: "use rpicam")
    #expect(refusal(bench)?.code == .notCapture)
    #expect(refusal(bench)?.advice == "use rpicam")
    bench.kernel.expectBalance()
  }

  @Test("controls are set after STREAMON, and again after each restart") func controls() throws {
    let bench = ScriptedBench()
    let brightness = UInt32(0x0098_0900)
    bench.node.controls = [ScriptedControl(id: brightness, name: "Brightness")]
    bench.node.faults = [3: [.fatal]]
    let session = try bench.open(CameraWish(controls: ["brightness": 200]))
    let start = try #require(bench.node.log.firstIndex(of: "STREAMON"))
    let set = try #require(bench.node.log.firstIndex(of: "S_CTRL"))
    #expect(start < set)
    bench.node.setControl(brightness, 3)
    _ = try bench.frames(session, 6)
    #expect(bench.node.controls[0].value == 200)
    #expect(bench.node.log.count { $0 == "S_CTRL" } == 2)
    bench.finish(session)
  }
}
