import Foundation
import Logging
import PumpkiiAgent
import PumpkiiMedia
import PumpkiiSystem
import ServiceLifecycle
import Testing

/// What players and people get over HTTP. One at a time: each starts a camera and players of its own.
@Suite(.serialized) struct PreviewServerTests {
  @Test(arguments: ["/stream.mjpeg", "/stream.mp4"]) func `ffmpeg reads the stream frame by frame`(_ path: String)
    async throws
  {
    try await PreviewHarness.run { preview in
      let frames = try await preview.frames(path, count: 20)
      #expect(frames.count == 20)
      for frame in frames { #expect(PreviewHarness.mean(frame) > 180) }
      #expect(Set(frames).count > 15)
      #expect(await preview.desk.wants.wait { $0.isEmpty })
    }
  }

  @Test(arguments: ["/stream.mjpeg", "/stream.mp4"]) func `mpv plays the stream`(_ path: String) async throws {
    try await PreviewHarness.run { preview in
      let ran = await PreviewHarness.program(
        "mpv",
        ["--no-config", "--vo=null", "--ao=null", "--frames=10", "--msg-level=all=error", "\(preview.address)\(path)"])
      #expect(ran.status == 0, "\(ran.errors) \(String(decoding: ran.output, as: UTF8.self))")
      #expect(preview.desk.counts.shown >= 10)
    }
  }

  @Test func `a film of JPEGs is read as well`() async throws {
    try await PreviewHarness.run(mode: .mjpeg) { preview in
      let frames = try await preview.frames("/stream.mp4", count: 10)
      #expect(frames.count == 10)
    }
  }

  @Test func `a live film begins at zero`() async throws {
    try await PreviewHarness.run { preview in
      let ran = await PreviewHarness.program(
        "ffprobe",
        [
          "-v", "error", "-show_entries", "packet=pts_time", "-of", "csv=p=0", "-read_intervals", "%+#10",
          "\(preview.address)/stream.mp4",
        ])
      let times = String(decoding: ran.output, as: UTF8.self).split(separator: "\n").compactMap {
        Double($0.filter { $0 != "," })
      }
      #expect(times.count == 10 && times.first == 0 && zip(times, times.dropFirst()).allSatisfy(<))
    }
  }

  @Test func `a snapshot is a JPEG, and nothing may keep it or show it elsewhere`() async throws {
    try await PreviewHarness.run { preview in
      let answer = await preview.get("/snapshot.jpg", ["-H", "Origin: http://evil.example"])
      #expect(answer.head.hasPrefix("http/1.1 200"))
      #expect(answer.head.contains("content-type: image/jpeg") && answer.head.contains("cache-control: no-store"))
      #expect(answer.head.contains("cross-origin-resource-policy: same-origin"))
      #expect(!answer.head.contains("access-control") && !answer.head.contains("server:"))
      let picture = try JPEGDecoder().decode(answer.body)
      #expect(PreviewHarness.mean(Array(picture.luma)) > 180)
      #expect(await preview.desk.wants.wait { $0.isEmpty })
      let page = await preview.get("/")
      #expect(page.head.contains("text/html") && page.head.contains("cache-control: no-store"))
    }
  }

  @Test func `while off, everybody gets the off picture and nothing of the camera, and the stream goes on after`()
    async throws
  {
    try await PreviewHarness.run(denied: true) { preview in
      let snapshot = await preview.get("/snapshot.jpg")
      let off = OffPicture.image(width: 320, height: 240, words: "off by policy")
      let shown = try JPEGDecoder().decode(snapshot.body)
      #expect(snapshot.head.hasPrefix("http/1.1 200"))
      #expect(shown.width == 320 && PreviewHarness.mean(Array(shown.luma)) == PreviewHarness.mean(Array(off.luma)))
      for path in ["/stream.mjpeg", "/stream.mp4"] {
        preview.isDenied.set(true)
        preview.desk.refresh()
        // Who looked before is gone, and takes nothing more.
        _ = await preview.desk.wants.wait { $0.isEmpty }
        let before = preview.desk.counts.shown
        try await withThrowingTaskGroup(of: [[UInt8]]?.self) { group in
          group.addTask { try await preview.frames(path, count: 24) }
          group.addTask {
            // Somebody looks, and a while of it is off; then it is allowed.
            _ = await preview.desk.wants.wait { !$0.isEmpty }
            // One off picture a second; a machine that stands still misses some.
            try await Task.sleep(for: .seconds(5))
            #expect(preview.desk.counts.shown == before)
            preview.isDenied.set(false)
            preview.desk.refresh()
            return nil
          }
          for try await frames in group {
            guard let frames else { continue }
            let means = frames.map(PreviewHarness.mean)
            #expect(frames.count == 24 && (means.first ?? 255) < 80 && (means.last ?? 0) > 180)
            let first = means.firstIndex { $0 > 180 } ?? 0
            #expect(first >= 2 && means[..<first].allSatisfy { $0 < 80 })
            #expect(means[first...].allSatisfy { $0 > 180 })
          }
        }
      }
    }
  }

  @Test func `a stream that is withdrawn turns to the off picture`() async throws {
    // The camera makes no sixtieth picture, however late it is withdrawn.
    try await PreviewHarness.run(pictures: 57) { preview in
      try await withThrowingTaskGroup(of: [[UInt8]]?.self) { group in
        group.addTask { try await preview.frames("/stream.mp4", count: 60) }
        group.addTask {
          while preview.desk.counts.shown < 54 { try await Task.sleep(for: .milliseconds(5)) }
          preview.isDenied.set(true)
          preview.desk.refresh()
          return nil
        }
        for try await frames in group {
          guard let frames else { continue }
          #expect(frames.count == 60 && PreviewHarness.mean(frames[0]) > 180 && PreviewHarness.mean(frames[59]) < 80)
        }
      }
    }
  }

  @Test func `only who asks for this very address is let in`() async throws {
    try await PreviewHarness.run { preview in
      for host in [
        "evil.example", "evil.example:\(preview.port)", "127.0.0.1.evil.example", "192.168.1.2", "localhost.",
        "[::1].x",
      ] {
        for path in ["/", "/snapshot.jpg", "/stream.mjpeg", "/stream.mp4", "/metrics", "/nothing"] {
          #expect(await preview.get(path, ["-H", "Host: \(host)"]).head.hasPrefix("http/1.1 421"), "\(host) \(path)")
        }
      }
      for host in ["localhost", "127.0.0.1", "[::1]:\(preview.port)", "127.0.0.1:1"] {
        #expect(await preview.get("/metrics", ["-H", "Host: \(host)"]).head.hasPrefix("http/1.1 200"), "\(host)")
      }
      #expect(await preview.get("/snapshot.jpg", ["-H", "Sec-Fetch-Site: cross-site"]).head.hasPrefix("http/1.1 403"))
      #expect(await preview.get("/snapshot.jpg", ["-H", "Sec-Fetch-Site: same-origin"]).head.hasPrefix("http/1.1 200"))
      #expect(await preview.get("/nothing").head.hasPrefix("http/1.1 404"))
    }
  }

  @Test func `an address that others can reach is refused unless the configuration names them`() throws {
    let desk = PreviewDesk { nil }
    for host in ["0.0.0.0", "192.168.1.2", "::", "fe80::1"] {
      #expect(throws: AgentError(.configuration, "", advice: "")) {
        try PreviewServer(
          settings: PreviewSettings(host: host), desk: desk, metrics: { "" }, logger: Logger(label: "test"))
      }
      _ = try PreviewServer(
        settings: PreviewSettings(host: host, isLAN: true), desk: desk, metrics: { "" }, logger: Logger(label: "test"))
    }
    for listen in ["127.0.0.1:80", "[::1]:8080", "localhost:0", "127.9.9.9:1"] {
      #expect(try #require(PreviewSettings(listen: listen)).isLoopback)
    }
    for listen in ["127.0.0.1", "camera.local:80", "127.0.0.1:99999", ":80", "", "[::1]", "[::1]x:1", "127.0.0.1:8o"] {
      #expect(PreviewSettings(listen: listen) == nil, "\(listen)")
    }
  }

  @Test func `on the LAN a literal address and a listed name are let in, and another name is not`() async throws {
    var settings = PreviewSettings(host: "127.0.0.1", isLAN: true)
    settings.names = ["camera.local"]
    try await PreviewHarness.run(settings: settings) { preview in
      for host in ["192.168.7.7:80", "camera.local", "Camera.Local:8080"] {
        #expect(await preview.get("/metrics", ["-H", "Host: \(host)"]).head.hasPrefix("http/1.1 200"), "\(host)")
      }
      for host in ["evil.example", "camera.local.evil.example", "camera.local."] {
        #expect(await preview.get("/metrics", ["-H", "Host: \(host)"]).head.hasPrefix("http/1.1 421"), "\(host)")
      }
    }
  }

  @Test func `no more than the places look at once`() async throws {
    var limits = PreviewDesk.Limits()
    limits.consumers = 1
    try await PreviewHarness.run(limits: limits) { preview in
      let seat = try #require(preview.desk.join(.film))
      for path in ["/stream.mjpeg", "/stream.mp4", "/snapshot.jpg"] {
        #expect(await preview.get(path).head.hasPrefix("http/1.1 503"))
      }
      preview.desk.leave(seat)
      #expect(await preview.get("/snapshot.jpg").head.hasPrefix("http/1.1 200"))
    }
  }

  @Test func `who does not read loses whole groups, costs bounded memory, and holds up no end`() async throws {
    var limits = PreviewDesk.Limits()
    limits.objects = 20
    limits.bytes = 1 << 20
    try await PreviewHarness.run(limits: limits) { preview in
      let reader = try Deaf(port: preview.port, path: "/stream.mjpeg")
      _ = await preview.desk.wants.wait { $0[.mjpeg] == 1 }
      let jpeg = [UInt8](repeating: 7, count: 200_000)
      let clock = ContinuousClock()
      let end = clock.now + .seconds(120)
      while preview.desk.counts.lost == 0, clock.now < end {
        preview.desk.offer(jpeg: jpeg)
        #expect(preview.desk.waiting <= 20)
        try await Task.sleep(for: .milliseconds(1))
      }
      #expect(preview.desk.counts.lost > 0)
      withExtendedLifetime(reader) {}
    }
  }

  @Test func `the numbers are for programs on this machine, whatever the LAN may see`() async throws {
    for peer in ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"] { #expect(PreviewGuard.isHere(peer), "\(peer)") }
    for peer in ["192.168.7.7", "10.0.0.1", "fe80::1", "::ffff:192.168.7.7", "::", "1127.0.0.1", "", nil] {
      #expect(!PreviewGuard.isHere(peer), "\(peer ?? "no address")")
    }
    let addresses = await PreviewHarness.program("hostname", ["-I"])
    let words = String(decoding: addresses.output, as: UTF8.self).split { $0 == " " || $0 == "\n" }
    guard let own = words.first(where: { $0.contains(".") && !$0.hasPrefix("127.") }) else { return }
    try await PreviewHarness.run(settings: PreviewSettings(host: "0.0.0.0", isLAN: true)) { preview in
      let asked = await PreviewHarness.program("curl", ["-s", "-i", "http://\(own):\(preview.port)/metrics"])
      #expect(String(decoding: asked.output, as: UTF8.self).hasPrefix("HTTP/1.1 403"))
      let page = await PreviewHarness.program("curl", ["-s", "-i", "http://\(own):\(preview.port)/"])
      #expect(String(decoding: page.output, as: UTF8.self).hasPrefix("HTTP/1.1 200"))
      #expect(await preview.get("/metrics").head.hasPrefix("http/1.1 200"))
    }
  }

  @Test func `the numbers need no preview`() async throws {
    let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let metrics = Metrics()
    metrics.add("test", "A test.", .gauge) { [Metrics.Sample([:], 7 as UInt64)] }
    let settings = try #require(PreviewSettings(listen: "127.0.0.1:0"))
    let server = try #require(try MetricsServer(settings: settings, metrics: { metrics.text }, logger: quiet))
    #expect(try MetricsServer(settings: PreviewSettings(), metrics: { "" }, logger: quiet) == nil)
    #expect(throws: AgentError(.configuration, "", advice: "")) {
      _ = try MetricsServer(settings: PreviewSettings(host: "0.0.0.0", isLAN: true), metrics: { "" }, logger: quiet)
    }
    let group = ServiceGroup(services: [server], logger: quiet)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      _ = await server.port.wait { $0 != nil }
      let place = "http://127.0.0.1:\(server.port.value ?? 0)"
      let text = await PreviewHarness.program("curl", ["-s", "\(place)/metrics"])
      #expect(String(decoding: text.output, as: UTF8.self).hasSuffix("pumpkii_test 7\n"))
      let other = await PreviewHarness.program("curl", ["-s", "-i", "\(place)/snapshot.jpg"])
      #expect(String(decoding: other.output, as: UTF8.self).hasPrefix("HTTP/1.1 404"))
      let rebound = await PreviewHarness.program("curl", ["-s", "-i", "-H", "Host: evil.example", "\(place)/metrics"])
      #expect(String(decoding: rebound.output, as: UTF8.self).hasPrefix("HTTP/1.1 421"))
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
    }
  }

  @Test func `the numbers are shown and no one is named in them`() async throws {
    try await PreviewHarness.run { preview in
      _ = await preview.get("/snapshot.jpg")
      let answer = await preview.get("/metrics")
      #expect(answer.head.contains("content-type: text/plain; version=0.0.4"))
      let text = String(decoding: answer.body, as: UTF8.self)
      #expect(text.contains("pumpkii_preview_objects_total{outcome=\"shown\"} 1"))
      let parsed = try MetricsText(text)
      #expect(parsed.isWellFormed)
    }
  }
}
