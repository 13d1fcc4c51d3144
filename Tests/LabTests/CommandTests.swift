import PumpkiiCapture
import PumpkiiSystem
import PumpkiiV4L2
import Testing

/// What people type of ours, on the machine's own devices.
@Suite(.serialized, .inTheLab, .timeLimit(.minutes(5))) struct CommandTests {
  init() async throws { try await Webcam.loadDrivers() }

  @Test("pumpkii devices says what there is, what would be chosen and why, and who holds it")
  func devices() async throws {
    let webcam = try Webcam()
    try await webcam.plugged { device, _ in
      let text = try await Shell.run("pumpkii devices")
      for word in [device.identity.id, device.path, "MJPG", "YUYV", "choice", "LAB0001", "hw:CARD="] {
        #expect(text.contains(word), "\(word): \(text)")
      }
      #expect(!text.contains("in use"))
      let camera = Webcam.modestCamera(device)
      let opened = await DeviceThread.run(named: "camera") { Result { try camera.open() } }
      let session = try opened.get()
      let held = try await Shell.run("pumpkii devices --json")
      await DeviceThread.run(named: "camera") { _ = session.close() }
      #expect(held.contains(#""held_by":["pumpkii"#), "\(held)")
    }
  }

  @Test("what devices record writes of a camera, devices check finds right") func record() async throws {
    let webcam = try Webcam()
    try await webcam.plugged { _, _ in
      try await Lab.withFolder { folder in
        try await Shell.run("pumpkii devices record --name mine > \(folder)/mine.yaml")
        let profile = try await Shell.run("cat \(folder)/mine.yaml")
        #expect(profile.contains("brightness") && profile.contains("320") && !profile.contains("LAB0001"), "\(profile)")
        #expect(try await Shell.run("pumpkii devices check \(folder)/mine.yaml").contains("no problem found"))
      }
    }
  }

  @Test("the doctor looks at each thing and says what to do, and its status is the worst of it")
  func doctor() async throws {
    let webcam = try Webcam()
    try await webcam.plugged { device, _ in
      let outcome = await Shell.outcome("pumpkii doctor --home /tmp/doctor")
      for word in [
        "ok       camera: ", "ok       camera access: \(device.path)", "ok       camera use", "ok       USB speed",
        "ok       USB bandwidth", "ok       microphone", "groups", "udev", "clock", "disk", "warning  relay",
      ] { #expect(outcome.text.contains(word), "\(word): \(outcome.text)") }
      #expect(outcome.status == 1, "no relay is a warning")
    }
  }

  @Test("simulate webcam plugs a profile in until it is told to end, for any program") func webcam() async throws {
    try await Lab.withFolder { folder in
      let profile = """
        name: mine
        camera:
          name: Mine
          format: mjpeg
          width: 320
          height: 240
          fps: 10
          source: { kind: pattern }
          usb: { serial: MINE01, transfer: bulk }
        """
      try await Shell.run("cat > \(folder)/mine.yaml <<'YAML'\n\(profile)\nYAML")
      try await Arrivals.with { arrivals in
        let command = "exec pumpkii simulate webcam --profile \(folder)/mine.yaml --port 3"
        let plugged = Task { await Shell.outcome(command) }
        do {
          try await use(try await arrivals.camera("uvcvideo", "MINE01"), folder)
        } catch {
          _ = await Shell.outcome("pkill -INT -f 'simulate webcam --profile'")
          throw Lab.Obstacle("\(error); simulate webcam said: \(await plugged.value.text)")
        }
        try await arrivals.noDevice("MINE01")
        #expect(await plugged.value.text.contains("/dev/video"))
      }
    }
  }

  private func use(_ device: V4L2Device, _ folder: String) async throws {
    #expect(try await Shell.run("pumpkii simulate webcam --list").contains("port 3: "))
    try await Shell.run("v4l2-ctl -d \(device.path) --stream-mmap --stream-count=5 --stream-to=\(folder)/five")
    try await Shell.run("pumpkii simulate webcam --detach 3")
  }
}
