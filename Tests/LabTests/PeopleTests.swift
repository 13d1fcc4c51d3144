import PumpkiiALSA
import PumpkiiV4L2
import Testing

/// What people type: their programs take the emulated webcam for a real one, and the kernel has nothing to complain.
@Suite(.serialized, .inTheLab, .timeLimit(.minutes(5))) struct PeopleTests {
  init() async throws { try await Webcam.loadDrivers() }

  @Test("v4l2-ctl lists and reads the webcam, and the kernel does not complain") func v4l2ctl() async throws {
    let webcam = try Webcam()
    let log = try KernelLog()
    try await webcam.plugged { device, _ in
      let formats = try await Shell.run("v4l2-ctl -d \(device.path) --list-formats-ext")
      #expect(formats.contains("MJPG") && formats.contains("YUYV") && formats.contains("320x240"), "\(formats)")
      #expect(try await Shell.run("v4l2-ctl -d \(device.path) -L").contains("brightness"))
      #expect(try await Shell.run("v4l2-ctl -d \(device.path) -L").contains("privacy"))
      let path = "\(Lab.kept)/v4l2-ctl.mjpeg"
      try await Shell.run(
        "v4l2-ctl -d \(device.path) --set-fmt-video=width=320,height=240,pixelformat=MJPG --stream-mmap --stream-count=20 --stream-to=\(path)"
      )
      #expect(
        try await Shell.run(
          "ffprobe -v error -count_frames -show_entries stream=nb_read_frames,width,height -of csv=p=0 \(path)"
        ).contains("320,240,20"))
      #expect(try await log.complaints == [])
    }
  }

  @Test("ffmpeg reads MJPEG and YUYV, and the kernel does not complain", arguments: ["mjpeg", "yuyv422"])
  func ffmpeg(format: String) async throws {
    let webcam = try Webcam()
    let log = try KernelLog()
    try await webcam.plugged { device, _ in
      let path = "\(Lab.kept)/ffmpeg-\(format).y4m"
      let said = try await Shell.run(
        "ffmpeg -nostdin -v warning -y -f v4l2 -input_format \(format) -video_size 320x240 -framerate 10 -i \(device.path) "
          + "-frames:v 15 -pix_fmt yuv420p -threads 1 \(path)")
      #expect(!said.lowercased().contains("error"), "\(said)")
      let frames = try await Shell.run(
        "ffprobe -v error -count_frames -show_entries stream=nb_read_frames -of csv=p=0 \(path)")
      #expect(frames.contains("15"), "\(frames)")
      #expect(try await log.complaints == [])
    }
  }

  @Test("arecord hears the webcam's microphone", arguments: [16_000, 48_000]) func arecord(rate: Int) async throws {
    let webcam = try Webcam()
    let log = try KernelLog()
    try await webcam.plugged { _, arrivals in
      let microphone = try await arrivals.microphone("LAB0001")
      let path = "\(Lab.kept)/arecord-\(rate).wav"
      try await Shell.run("arecord -q -D \(microphone.pcm) -f S16_LE -r \(rate) -c 1 -d 1 \(path)")
      let size = try await Shell.run("stat -c %s \(path)")
      #expect(Int(size.split(separator: "\n")[0]) == 44 + rate * 2, "\(size)")
      #expect(try await log.complaints == [])
    }
  }

  /// Its verdict is the kernel driver's as much as ours; what it said is kept.
  @Test("v4l2-compliance finds nothing wrong with the webcam's node") func compliance() async throws {
    let webcam = try Webcam()
    try await webcam.plugged { device, _ in
      let outcome = await Shell.outcome("v4l2-compliance -d \(device.path) | tee \(Lab.kept)/v4l2-compliance.txt")
      #expect(
        outcome.text.contains("Failed: 0,"),
        "\(outcome.text.split(separator: "\n").filter { $0.contains("FAIL") || $0.hasPrefix("Total") })")
    }
  }
}
