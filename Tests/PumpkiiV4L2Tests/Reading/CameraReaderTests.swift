import Dispatch
import Glibc
import PumpkiiCapture
import PumpkiiSystem
import PumpkiiV4L2
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct CameraReaderTests {
  /// Blocking waits of a test, off the cooperative pool.
  private func wait(_ body: @escaping @Sendable () -> Bool) async -> Bool {
    await DeviceThread.run(named: "test waits", body)
  }

  @Test("checklist 14: opening blocks for seconds, and nobody else's task waits for it")
  func slowOpening() async throws {
    // More of them than the pool has threads.
    let cameras = (0..<(sysconf(Int32(_SC_NPROCESSORS_ONLN)) + 4)).map { _ in FakeReaderCamera(isSlow: true) }
    let readers = cameras.map { CameraReader($0) }
    try await withThrowingTaskGroup(of: VideoFormat.self) { group in
      for reader in readers { group.addTask { try await reader.start() } }
      for camera in cameras { #expect(await wait { camera.waitForOpening() }) }
      // All are blocked now; on the pool this task would never come to run.
      #expect(await Task.detached { 1 + 1 }.value == 2)
      for camera in cameras { camera.letOpen() }
      for try await format in group { #expect(format.width == 320) }
    }
    for reader in readers { await reader.stop() }
  }

  @Test("the device is opened, asked and closed on one thread, which is no other's")
  func oneThread() async throws {
    let camera = FakeReaderCamera()
    let reader = CameraReader(camera)
    try await reader.start()
    var frames = reader.frames().makeAsyncIterator()
    camera.make(1)
    #expect(try await frames.next()?.sequence == 1)
    await reader.stop()
    #expect(camera.threads.withLock { $0.count } == 1)
    #expect(try await frames.next() == nil)
    #expect(camera.open.withLock { $0 } == 0)
  }

  @Test("the first iteration opens the device, and frames come in order")
  func opensWhenNeeded() async throws {
    let camera = FakeReaderCamera()
    let reader = CameraReader(camera)
    var frames = reader.frames(buffering: 10).makeAsyncIterator()
    #expect(await wait { camera.waitForOpening() })
    // Opened by now, as this runs behind it on the same thread.
    #expect(try await reader.start().height == 180)
    for number in 1...5 { camera.make(UInt32(number)) }
    for number in 1...5 { #expect(try await frames.next()?.sequence == UInt32(number)) }
    #expect(reader.dropped == 0)
    #expect(await reader.counters.delivered == 77)
    #expect(camera.openings.withLock { $0 } == 1)
  }

  @Test("a consumer that is slow gets the newest frames, and what went is counted")
  func newestWins() async throws {
    let camera = FakeReaderCamera()
    let reader = CameraReader(camera)
    try await reader.start()
    var slow = reader.frames(buffering: 2).makeAsyncIterator()
    var quick = reader.frames(buffering: 100).makeAsyncIterator()
    for number in 1...9 { camera.make(UInt32(number)) }
    for number in 1...9 { #expect(try await quick.next()?.sequence == UInt32(number)) }
    // The quick one may have been given the ninth first; this runs behind the whole round, on the same thread.
    _ = await reader.counters
    #expect(try await slow.next()?.sequence == 8)
    #expect(try await slow.next()?.sequence == 9)
    #expect(reader.dropped == 7)
    await reader.stop()
    #expect(reader.dropped == 7)
  }

  @Test("an error ends the sequence with it, and the device is closed")
  func errors() async throws {
    let camera = FakeReaderCamera()
    let reader = CameraReader(camera)
    try await reader.start()
    var frames = reader.frames().makeAsyncIterator()
    camera.make(1)
    camera.fail(CaptureError(.gone, "it went", advice: "Plug it in."))
    #expect(try await frames.next()?.sequence == 1)
    await #expect(throws: CaptureError(.gone, "", advice: "")) { _ = try await frames.next() }
    #expect(await wait { camera.waitForClosing() })
    // A sequence that begins afterwards ends in the same way, until the device is started again.
    var late = reader.frames().makeAsyncIterator()
    await #expect(throws: CaptureError(.gone, "", advice: "")) { _ = try await late.next() }
    try await reader.start()
    var again = reader.frames().makeAsyncIterator()
    camera.make(2)
    #expect(try await again.next()?.sequence == 2)
  }

  @Test("an opening that fails reaches whoever asked for it")
  func refusedOpening() async throws {
    let camera = FakeReaderCamera()
    camera.refuse(CaptureError(.busy, "in use", advice: "Close it."))
    let reader = CameraReader(camera)
    await #expect(throws: CaptureError(.busy, "", advice: "")) { try await reader.start() }
    await #expect(throws: CaptureError(.busy, "", advice: "")) { for try await _ in reader.frames() {} }
    camera.refuse(nil)
    #expect(try await reader.start().width == 320)
  }

  @Test("the last holder closes the device, be it the reader or a sequence")
  func lastHolder() async throws {
    for readerGoesFirst in [true, false] {
      let camera = FakeReaderCamera()
      var reader: CameraReader? = CameraReader(camera)
      try await reader?.start()
      var frames = reader?.frames().makeAsyncIterator()
      if readerGoesFirst {
        reader = nil
        camera.make(3)
        #expect(try await frames?.next()?.sequence == 3, "the sequence holds it open")
        frames = nil
      } else {
        frames = nil
        #expect(try await reader?.start().width == 320 && camera.open.withLock { $0 } == 1)
        reader = nil
      }
      #expect(await wait { camera.waitForClosing() })
      #expect(camera.open.withLock { $0 } == 0 && camera.openings.withLock { $0 } == 1)
    }
  }

  /// Threads of readers in this process.
  private static func readers() -> Int {
    let names = (try? DurableFile.list("/proc/self/task")) ?? []
    return names.count { name in
      let text = (try? DurableFile.read("/proc/self/task/\(name)/comm")).flatMap { $0 } ?? []
      return String(decoding: text, as: UTF8.self).hasPrefix("camera reader")
    }
  }

  @Test("a hundred readers leave no thread and no descriptor")
  func hundred() async throws {
    for _ in 0..<100 {
      let camera = FakeReaderCamera()
      let reader = CameraReader(camera)
      try await reader.start()
      await reader.stop()
    }
    // Other tests have a few of their own.
    #expect(
      await wait {
        for _ in 0..<24_000 where Self.readers() > 40 { usleep(5000) }
        return Self.readers() <= 40
      })
  }

  @Test("a consumer that is cancelled ends, and the others go on")
  func cancelled() async throws {
    let camera = FakeReaderCamera()
    let reader = CameraReader(camera)
    try await reader.start()
    let consumer = Task {
      var count = 0
      for try await _ in reader.frames() { count += 1 }
      return count
    }
    var other = reader.frames().makeAsyncIterator()
    camera.make(1)
    #expect(try await other.next()?.sequence == 1)
    consumer.cancel()
    #expect(try await consumer.value <= 1)
    camera.make(2)
    #expect(try await other.next()?.sequence == 2)
  }

  @Test("a lent buffer is copied before the device has it back")
  func lent() async throws {
    let camera = FakeReaderCamera()
    let reader = CameraReader(camera)
    try await reader.start()
    var frames = reader.frames().makeAsyncIterator()
    let buffer = FakeLentBuffer()
    camera.make(1, lent: buffer)
    let frame = try #require(try await frames.next())
    #expect(frame.bytes == [7, 7] && frame.lent == nil && buffer.copies.withLock { $0 } == 1)
  }

  @Test("jobs of the actor come in between, however long the device is silent")
  func jobs() async throws {
    let camera = FakeReaderCamera()
    let reader = CameraReader(camera)
    try await reader.start()
    for _ in 0..<50 { #expect(await reader.counters.delivered == 77) }
  }
}
