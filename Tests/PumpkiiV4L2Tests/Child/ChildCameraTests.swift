import Foundation
import PumpkiiCapture
import PumpkiiV4L2
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct ChildCameraTests {
  private func expectGone(_ child: FakeChild, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(!child.isInProc, "it is still in /proc", sourceLocation: sourceLocation)
    #expect(child.heldPipes.isEmpty, "its pipes are still open", sourceLocation: sourceLocation)
  }

  private func failure(_ body: () throws -> Void) throws -> CaptureError {
    try #require(throws: CaptureError.self) { try body() }
  }

  @Test("checklist 15: pictures of a child come whole, in order, with our time, and nothing is left of it")
  func pictures() throws {
    let child = try FakeChild("cat $D/units; sleep 1000")
    let session = try child.camera(CameraWish(width: 1, height: 1, rate: 25)).open()
    #expect(session.format.width == 320 && session.format.height == 180 && session.format.pixels == .h264)
    #expect(session.format.fullRange && session.format.rate == VideoFormat.Ratio(25))
    for number in 0..<3 {
      let frame = try #require(try session.next(timeout: .seconds(60)))
      #expect(frame.bytes == FakeChild.pictures[number] && frame.sequence == UInt32(number))
      #expect(frame.isTimestampOurs && frame.timestamp > 0)
    }
    #expect(try session.next(timeout: .zero) == nil)
    #expect(child.isInProc && child.heldPipes.count == 2)
    #expect(session.close() == 3 && session.close() == 3)
    #expect(session.counters.delivered == 3 && session.counters.totalLost == 0)
    expectGone(child)
  }

  @Test("a child that ends gives its last picture, then its last words as an error")
  func ends() throws {
    let child = try FakeChild("cat $D/units; echo 'ERROR: Device or resource busy' >&2; exit 3")
    let session = try child.camera().open()
    for number in 0..<4 { #expect(try session.next(timeout: .seconds(60))?.bytes == FakeChild.pictures[number]) }
    #expect(try failure { _ = try session.next(timeout: .seconds(60)) } == CaptureError(.busy, "", advice: ""))
    #expect(session.close() == 4)
    expectGone(child)
  }

  @Test(
    "a child that gives no picture says why, and is reaped",
    arguments: [
      ("echo 'ERROR: *** no cameras available ***' >&2; exit 1", CaptureError.Code.gone, "no cameras available"),
      ("echo 'failed to acquire camera' >&2; exit 1", .busy, "failed to acquire"),
      ("exit 7", .sourceFailed, "status 7"), ("kill -SEGV $$", .sourceFailed, "signal 11"),
      ("exec >&-; exec 2>&-; sleep 1000", .sourceFailed, "signal 15"),
    ])
  func failsAtOnce(script: String, code: CaptureError.Code, words: String) throws {
    let child = try FakeChild(script)
    let error = try failure { _ = try child.camera().open() }
    #expect(error.code == code && error.reason.contains(words), "\(error)")
    expectGone(child)
  }

  @Test func aProgramThatIsNotThereIsAnErrorWithAdvice() throws {
    let identity = SensorIdentity(kind: .camera, id: "child-x", name: "x")
    let camera = ChildCamera(executable: "/nonexistent/rpicam-vid", arguments: [], identity: identity)
    #expect(try failure { _ = try camera.open() } == CaptureError(.sourceFailed, "", advice: ""))
    if ChildCamera.installedProgram == nil {
      let known = try #require(ChildCamera(program: "rpicam-vid", wish: CameraWish()))
      #expect(try failure { _ = try known.open() }.advice.contains("rpicam-apps"))
    }
  }

  @Test func programsAreFoundInAbsoluteFoldersOfThePathAlone() throws {
    let child = try FakeChild("")
    let path = child.folder + "/rpicam-vid"
    try Data("#!/bin/sh\n".utf8).write(to: URL(fileURLWithPath: path))
    #expect(ChildProgram.rpicam.find(path: "/nonexistent:\(child.folder)") == nil, "it cannot be run")
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
    #expect(ChildProgram.rpicam.find(path: "/nonexistent:\(child.folder)") == path)
    #expect(ChildProgram.libcamera.find(path: child.folder) == nil)
    #expect(ChildProgram.rpicam.find(path: "." + child.folder) == nil && ChildProgram.rpicam.find(path: "") == nil)
    try FileManager.default.createDirectory(atPath: child.folder + "/libcamera-vid", withIntermediateDirectories: true)
    #expect(ChildProgram.libcamera.find(path: child.folder) == nil, "a folder is no program")
  }

  @Test("a child that ignores SIGTERM is killed, and so is what it started")
  func ignoresTermination() throws {
    let child = try FakeChild(
      "trap '' TERM; sleep 1000 & echo $! > $D/grandchild; cat $D/units; while :; do sleep 1; done")
    let session = try child.camera(limits: ChildLimits(patience: .milliseconds(50))).open()
    let grandchild = child.text("grandchild").trimmed
    session.close()
    expectGone(child)
    #expect(!grandchild.isEmpty && FakeChild.wait { !Self.lives(grandchild) })
  }

  /// A zombie that another parent has to reap lives no longer.
  private static func lives(_ pid: String) -> Bool {
    let status = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
    return !status.isEmpty && !status.contains(") Z ")
  }

  @Test("a child that ends at SIGTERM is given the time to")
  func endsInOrder() throws {
    let child = try FakeChild("trap 'echo yes > $D/bye; exit 0' TERM; cat $D/units; while :; do sleep 0.01; done")
    let session = try child.camera(limits: ChildLimits(patience: .seconds(60))).open()
    session.close()
    #expect(child.text("bye").trimmed == "yes")
    expectGone(child)
  }

  @Test("a child that floods its standard error still delivers")
  func floods() throws {
    let child = try FakeChild("yes 'this is no error' >&2 & cat $D/units; wait")
    let session = try child.camera().open()
    for number in 0..<3 { #expect(try session.next(timeout: .seconds(60))?.bytes == FakeChild.pictures[number]) }
    session.close()
    expectGone(child)
  }

  @Test("checklist 24: a child that stalls is frozen after the time that was wished for")
  func stalls() throws {
    let child = try FakeChild("cat $D/units; sleep 1000")
    let session = try child.camera(CameraWish(frozenAfter: 30_000_000)).open()
    for _ in 0..<3 { #expect(try session.next(timeout: .seconds(60)) != nil) }
    #expect(try failure { _ = try session.next(timeout: .seconds(60)) } == CaptureError(.frozen, "", advice: ""))
    session.close()
    expectGone(child)
  }

  @Test("a reader that was away longer than a stall may last finds the pictures that wait, and no stall")
  func lateReader() throws {
    let child = try FakeChild(
      "cat $D/units; while [ ! -e $D/go ]; do sleep 0.01; done; cat $D/units; echo x > $D/done; sleep 1000")
    let session = try child.camera(CameraWish(frozenAfter: 300_000_000)).open()
    for number in 0..<3 { #expect(try session.next(timeout: .seconds(60))?.bytes == FakeChild.pictures[number]) }
    try Data().write(to: URL(fileURLWithPath: child.folder + "/go"))
    try #require(child.waits(for: "done"))
    usleep(400_000)
    for number in [3, 0, 1, 2] {
      #expect(try session.next(timeout: .zero)?.bytes == FakeChild.pictures[number], "picture \(number)")
    }
    session.close()
    expectGone(child)
  }

  @Test func aChildThatNeverBeginsIsNotWaitedForForEver() throws {
    let child = try FakeChild("echo begun > $D/begun; sleep 1000")
    let error = try failure { _ = try child.camera(limits: ChildLimits(start: .milliseconds(30))).open() }
    #expect(error.code == .frozen)
    #expect(child.text("pid").isEmpty || !child.isInProc)
  }

  @Test func anInterruptionEndsAWait() throws {
    let child = try FakeChild("cat $D/units; sleep 1000")
    let session = try child.camera(CameraWish(frozenAfter: 3_600_000_000_000)).open()
    for _ in 0..<3 { _ = try session.next(timeout: .seconds(60)) }
    Thread { session.interrupt() }.start()
    #expect(try session.next(timeout: .seconds(3600)) == nil)
    session.close()
    session.interrupt()
  }

  @Test("a session that is let go without closing leaves nothing behind")
  func forgotten() throws {
    let child = try FakeChild("cat $D/units; sleep 1000")
    do { _ = try child.camera().open() }
    expectGone(child)
  }

  @Test("a child sees nothing of ours: no descriptor, no variable, no folder")
  func sees() throws {
    unsafe setenv("PUMPKII_TEST_SECRET", "hush", 1)
    var leak: [Int32] = [-1, -1]
    try #require(unsafe pipe(&leak) == 0)
    defer { leak.forEach { _ = close($0) } }
    let child = try FakeChild(
      "env > $D/env; ls /proc/self/fd > $D/descriptors; pwd > $D/folder; I=$(readlink /proc/$$/fd/0); echo \"$I\" > $D/input; cat $D/units; sleep 1000"
    )
    let session = try child.camera().open()
    session.close()
    let names = child.text("env").split(separator: "\n").map { $0.prefix { $0 != "=" } }
    #expect(Set(names).isSubset(of: ["PATH", "LANG", "PWD", "OLDPWD", "_", "SHLVL"]), "\(names)")
    #expect(child.text("descriptors").split(separator: "\n").map(String.init) == ["0", "1", "2", "3"], "3 is ls's own")
    #expect(child.text("folder").trimmed == "/" && child.text("input").trimmed == "/dev/null")
  }

  @Test("an orphan of a child ends by the broken pipe, although we ignore SIGPIPE")
  func orphan() throws {
    _ = signal(SIGPIPE, SIG_IGN)
    let child = try FakeChild(
      "setsid sh -c \"while :; do cat $D/units || { echo \\$? > $D/status; exit; }; done\" & while :; do sleep 1; done")
    let session = try child.camera().open()
    session.close()
    #expect(child.waits(for: "status"))
    #expect(child.text("status").trimmed == "141")
  }

  @Test func whatCannotBeDecodedYetAndWhatIsTooLargeIsCountedAsLost() throws {
    let stream =
      CodedUnits.other(8) + CodedUnits.other(9) + CodedUnits.key(0) + CodedUnits.other(1, size: 300_000)
      + CodedUnits.key(2) + CodedUnits.other(3)
    let child = try FakeChild("cat $D/units; sleep 1000", units: stream)
    let session = try child.camera(limits: ChildLimits(unit: 100_000)).open()
    let first = try #require(try session.next(timeout: .seconds(60)))
    #expect(first.bytes == CodedUnits.key(0))
    let second = try #require(try session.next(timeout: .seconds(60)))
    #expect(second.bytes == CodedUnits.key(2) && second.sequence == 4)
    #expect(session.counters.lost == [.damaged: 3] && session.counters.delivered == 2)
    #expect(session.close() == 5)
  }

  @Test("a program that codes by software is told what to write, once, and only then")
  func softwareEncoder() throws {
    let script = """
      echo "$0" >> $D/starts
      [ "$0" = --libav-format ] || { echo 'ERROR: *** cannot allocate output context, try setting with --libav-format ***' >&2; exit 255; }
      cat $D/units; sleep 1000
      """
    let child = try FakeChild(script)
    let notes = Mutex<[SensorEvent]>([])
    let session = try child.camera(fallback: ChildProgram.softwareEncoder).open { event in
      notes.withLock { $0.append(event) }
    }
    #expect(try session.next(timeout: .seconds(60))?.bytes == FakeChild.pictures[0])
    session.close()
    #expect(child.text("starts").split(separator: "\n").count == 2)
    #expect(notes.withLock { $0 } == [.note("sh codes by software: --libav-format h264 --profile baseline")])
    expectGone(child)
    let deaf = try FakeChild("echo x >> $D/starts; echo 'cannot allocate output context' >&2; exit 1")
    #expect(try failure { _ = try deaf.camera(fallback: ["x"]).open() }.code == .sourceFailed)
    #expect(deaf.text("starts") == "x\nx\n")
    let busy = try FakeChild("echo x >> $D/starts; echo 'failed to acquire camera' >&2; exit 1")
    #expect(try failure { _ = try busy.camera(fallback: ["x"]).open() }.code == .busy)
    #expect(busy.text("starts") == "x\n")
  }

  @Test func controlsAreSaidToBeLeftOut() throws {
    let child = try FakeChild("cat $D/units; sleep 1000")
    let notes = Mutex<[SensorEvent]>([])
    let session = try child.camera(CameraWish(controls: ["brightness": 3])).open { event in
      notes.withLock { $0.append(event) }
    }
    session.close()
    #expect(notes.withLock { $0 } == [.note("sh sets no V4L2 controls: brightness left out")])
  }
}
