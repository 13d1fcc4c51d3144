import PumpkiiCapture
import PumpkiiV4L2
import Testing

@Suite struct ChildFailureTests {
  @Test(arguments: [
    (["[0:01] INFO Camera libcamera v0.5", "ERROR: *** no cameras available ***"], CaptureError.Code.gone, "cable"),
    (["Pipeline handler in use by another process", "ERROR: *** failed to acquire camera X ***"], .busy, "fuser"),
    (["ERROR RPI: Device or resource busy"], .busy, "fuser"),
    (["Could not open any dma-buf provider: Permission denied"], .noPermission, "usermod -aG video"),
    (["ERROR: *** unrecognised option '--flush' ***"], .sourceFailed, "Update"),
    (["ERROR: *** Unable to find an appropriate H.264 codec ***"], .sourceFailed, "rpicam-apps"),
    (["rpicam-vid: error while loading shared libraries: libcamera.so.0.5"], .sourceFailed, "reinstall"),
    (["ERROR RPI: Camera frontend has timed out!"], .frozen, "cable"),
    (["something new"], .sourceFailed, "rpicam-vid -t 5000"), ([], .sourceFailed, "rpicam-vid -t 5000"),
  ])
  func lastWordsBecomeErrorsWithAdvice(lines: [String], code: CaptureError.Code, advice: String) {
    let error = ChildFailure.error("rpicam-vid", .exit(255), lines: lines)
    #expect(error.code == code && error.advice.contains(advice) && error.reason.contains("rpicam-vid"))
    #expect(!error.reason.contains("\n") && !error.advice.contains("\n"))
  }

  @Test func howItEndedIsSaidWhereItSaidNothing() {
    #expect(ChildFailure.error("rpicam-vid", .exit(3), lines: []).reason == "rpicam-vid ended with status 3")
    #expect(ChildFailure.error("rpicam-vid", .signal(9), lines: ["x"]).reason == "rpicam-vid was ended by signal 9: x")
    #expect(ChildEnd(waitStatus: 0x0300) == .exit(3) && ChildEnd(waitStatus: 9) == .signal(9))
    #expect(ChildEnd(waitStatus: 0x8B) == .signal(11), "with a core dump")
  }

  @Test func theProgramsAreAClosedList() {
    #expect(ChildCamera.programs == ["rpicam-vid", "libcamera-vid"])
    for name in ["sh", "/bin/sh", "../rpicam-vid", "rpicam-vid -o x", "", "RPICAM-VID"] {
      #expect(ChildCamera(program: name, wish: CameraWish()) == nil)
    }
    #expect(ChildCamera(program: "rpicam-vid", wish: CameraWish())?.identity.id == "child-rpicam-vid")
  }

  @Test func theWishBecomesArguments() {
    let arguments = ChildProgram.rpicam.arguments(CameraWish(width: 1920, height: 1080, rate: 29.97))
    #expect(
      arguments.joined(separator: " ")
        == "--codec h264 --inline --flush -t 0 -n --width 1920 --height 1080 --framerate 29.97 --intra 30 -o -")
    #expect(ChildProgram.libcamera.arguments(CameraWish()).contains("1280"))
  }
}
