import PumpkiiALSA
import PumpkiiAgent
import PumpkiiCapture
import PumpkiiV4L2
import Testing

@Suite struct DoctorTests {
  @Test func aRawStreamTakesEightTimesTheBusOfACodedOne() {
    let jpeg = BandwidthCheck.megabits(.mjpeg, width: 1280, height: 720, rate: 30)
    let raw = BandwidthCheck.megabits(.yuyv, width: 1280, height: 720, rate: 30)
    #expect(raw / jpeg == 8)
    #expect(abs(raw - 442.4) < 0.1, "1280 × 720 × 16 bit × 30, more than USB 2.0 carries")
  }

  @Test func aClockThatIsNotSetIsAProblemAndAnUnkeptOneAWarning() {
    #expect(ClockCheck.finding(unixMicroseconds: 0, isSynchronized: true).level == .problem)
    #expect(ClockCheck.finding(unixMicroseconds: 1_795_000_000_000_000, isSynchronized: false).level == .warning)
    #expect(ClockCheck.finding(unixMicroseconds: 1_795_000_000_000_000, isSynchronized: true).level == .ok)
  }

  @Test func aFullDiskIsAProblem() {
    #expect(DiskCheck.finding("/home", free: 1 << 20).level == .problem)
    #expect(DiskCheck.finding("/home", free: 1 << 28).level == .warning)
    #expect(DiskCheck.finding("/home", free: 1 << 34).level == .ok)
  }

  @Test func everythingThatIsNotWellSaysWhatToDo() {
    let doctor = Doctor(
      cameras: V4L2Directory(root: "/nowhere", kernel: LinuxKernel()), microphones: ALSADirectory(),
      home: "/nowhere/at/all", relay: nil)
    let findings = doctor.examineMachine()
    #expect(findings.contains { $0.topic == "camera" && $0.level == .problem })
    #expect(findings.contains { $0.topic == "disk" })
    for finding in findings where finding.level != .ok { #expect(!finding.advice.isEmpty, "\(finding.topic)") }
  }

  @Test func withoutARelayTheDoctorSaysHowToNameOne() async {
    let findings = await Doctor(home: "/tmp", relay: nil).examineRelay()
    #expect(findings.map(\.level) == [.warning])
  }
}
