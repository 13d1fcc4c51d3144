import PumpkiiCapture
import PumpkiiMedia
import Synchronization
import Testing

@Suite struct EncoderChainTests {
  private let bench = FakeBench()
  private let format = Material.format(.nv12, 160, 120)

  private func chain(
    _ candidates: [EncoderCandidate], format: VideoFormat? = nil, memory: EncoderMemory = EncoderMemory()
  ) -> EncoderChain {
    EncoderChain(
      format: format ?? self.format, settings: VideoSettings(), candidates: candidates, memory: memory,
      clock: { bench.now }, note: bench.note)
  }

  private func frames(_ count: Int, lent: Bool = false) throws -> [CapturedFrame] {
    try Material.raw("nv12", width: 160, height: 120, frames: count).enumerated().map { number, bytes in
      var frame = Material.frame(lent ? [] : bytes, number)
      if lent { frame.lent = FakeLent(bytes) }
      return frame
    }
  }

  /// Encodes and says for each frame whether an IDR came out, nil for none.
  private func run(_ chain: EncoderChain, _ frames: [CapturedFrame]) throws -> [Bool?] {
    let desk = try FrameDesk(format: format)
    return try frames.enumerated().map { number, frame in
      let output = try chain.encode(desk.frame(frame), milliseconds: Int64(number * 40), forceIDR: false)
      guard case .unit(_, let idr) = output else { return nil }
      return idr
    }
  }

  @Test func `the first candidate that works does all the work`() throws {
    let chain = chain([bench.candidate("dmabuf", lent: true), bench.candidate("mmap")])
    #expect(chain.current == nil)
    #expect(try run(chain, frames(3, lent: true)) == [true, false, false])
    #expect(chain.current == "dmabuf" && chain.failures.isEmpty && chain.generation == 1)
    #expect(bench.events == ["dmabuf opens", "dmabuf 0 idr", "dmabuf 1", "dmabuf 2"])
    #expect(bench.notes.withLock { $0 } == ["H.264 is encoded by dmabuf"])
  }

  @Test func `DMABUF, MMAP, OpenH264: the failed picture goes to the next one as an IDR, and none is lost`() throws {
    bench.faults.withLock { $0 = ["dmabuf 2": .fails, "mmap 2": .fails] }
    let chain = chain([bench.candidate("dmabuf", lent: true), bench.candidate("mmap")])
    #expect(try run(chain, frames(7, lent: true)) == [true, false, true, false, true, false, false])
    #expect(chain.current == "OpenH264" && chain.failures == ["dmabuf": 1, "mmap": 1] && chain.generation == 3)
    #expect(
      bench.events == [
        "dmabuf opens", "dmabuf 0 idr", "dmabuf 1", "dmabuf 2", "dmabuf closed", "mmap opens", "mmap 2 idr", "mmap 3",
        "mmap 4", "mmap closed",
      ])
    #expect(
      bench.notes.withLock { $0 } == [
        "H.264 is encoded by dmabuf", "dmabuf gave up: it broke", "H.264 is encoded by mmap",
        "mmap gave up: it broke", "H.264 is encoded by OpenH264",
      ])
  }

  @Test func `one that does not open costs no picture`() throws {
    bench.refused.withLock { $0 = ["a"] }
    let chain = chain([bench.candidate("a"), bench.candidate("b")])
    #expect(try run(chain, frames(2)) == [true, false])
    #expect(chain.current == "b" && chain.failures == ["a": 1])
  }

  @Test func `one that opens or encodes too slowly is not used again, but its picture is`() throws {
    bench.slow.withLock { $0 = ["a": 2_100_000_000] }
    bench.faults.withLock { $0 = ["b 0": .late, "b 2": .late] }
    let chain = chain([bench.candidate("a"), bench.candidate("b")])
    // The first picture of an encoder may take longer.
    #expect(try run(chain, frames(4)) == [true, false, false, true])
    #expect(chain.failures == ["a": 1, "b": 1] && chain.current == "OpenH264")
    #expect(bench.events.contains("a closed") && bench.events.contains("b closed"))
    #expect(bench.notes.withLock { $0 }.contains("b gave up: a picture took 600 ms, 500 ms are allowed"))
  }

  @Test func `DMABUF is passed over, not blamed, where the camera lends nothing`() throws {
    let memory = EncoderMemory()
    let chain = chain([bench.candidate("dmabuf", lent: true), bench.candidate("mmap")], memory: memory)
    #expect(try run(chain, frames(1)) == [true])
    #expect(chain.current == "mmap" && chain.failures.isEmpty && memory.failures.isEmpty)
  }

  @Test func `a camera that stops lending in mid-stream goes on by MMAP`() throws {
    let memory = EncoderMemory()
    let chain = chain([bench.candidate("dmabuf", lent: true), bench.candidate("mmap")], memory: memory)
    #expect(try run(chain, frames(2, lent: true) + frames(4)[2...]) == [true, false, true, false])
    #expect(chain.current == "mmap" && memory.failures.isEmpty)
  }

  @Test func `a failure is remembered for a time that grows`() throws {
    let memory = EncoderMemory(pause: 60_000_000_000)
    bench.refused.withLock { $0 = ["a"] }
    for wait: UInt64 in [0, 59, 2, 118, 3] {
      bench.clock.add(wait * 1_000_000_000, ordering: .relaxed)
      _ = try run(chain([bench.candidate("a")], memory: memory), frames(1))
    }
    // Tried at 0, 61 and 182 seconds; the pauses between are 60 and 120.
    #expect(bench.events == ["a opens", "a opens", "a opens"] && memory.failures == ["a": 3])
  }

  @Test func `an asked IDR is owed until it comes`() throws {
    bench.faults.withLock { $0 = ["a 1": .skips, "a 2": .noIDR] }
    let chain = chain([bench.candidate("a")])
    let desk = try FrameDesk(format: format)
    let kinds = try frames(5).enumerated().map { number, frame -> Bool? in
      guard case .unit(_, let idr) = try chain.encode(desk.frame(frame), milliseconds: 0, forceIDR: number == 1) else {
        return nil
      }
      return idr
    }
    #expect(kinds == [true, nil, false, true, false])
  }

  /// What a camera sends, what an encoder takes, and what it is to get.
  struct Feed: Sendable {
    var pixels = VideoFormat.Pixels.nv12
    var name = "nv12"
    var layouts: Set<VideoFormat.Pixels>
    var wanted: VideoFormat.Pixels
  }

  @Test(arguments: [
    Feed(layouts: [.nv12], wanted: .nv12), Feed(layouts: [.yuv420], wanted: .yuv420),
    Feed(layouts: [.yuyv, .yuv420], wanted: .yuv420),
  ])
  func `a layout that is taken goes in as it is, others by planes`(feed: Feed) throws {
    let (layouts, wanted) = (feed.layouts, feed.wanted)
    let desk = try FrameDesk(format: format)
    let chain = chain([bench.candidate("a", layouts)])
    for frame in try frames(3) { _ = try chain.encode(desk.frame(frame), milliseconds: 0, forceIDR: false) }
    #expect(bench.formats.withLock { $0 }.map(\.pixels) == [wanted] && chain.current == "a")
    #expect(desk.decodes == (wanted == .nv12 ? 0 : 3))
  }

  @Test func `an encoder without a layout of ours is passed over`() throws {
    let chain = chain([bench.candidate("a", [.grey])])
    #expect(try run(chain, frames(1)) == [true])
    #expect(chain.current == "OpenH264" && chain.failures.isEmpty)
  }

  @Test func `a frame that is cut short is its own loss, not the encoder's failure`() throws {
    let chain = chain([bench.candidate("a")])
    let desk = try FrameDesk(format: format)
    var frame = try frames(1)[0]
    frame.bytes.removeLast()
    #expect(throws: MediaError(.badPicture, "", advice: "")) {
      _ = try chain.encode(desk.frame(frame), milliseconds: 0, forceIDR: false)
    }
    #expect(chain.failures.isEmpty)
  }

  @Test(arguments: [
    Feed(pixels: .yuyv, name: "yuyv422", layouts: [.yuyv, .nv12], wanted: .yuyv),
    Feed(pixels: .yuyv, name: "yuyv422", layouts: [.nv12], wanted: .nv12),
    Feed(layouts: [.nv12], wanted: .nv12), Feed(layouts: [.yuv420], wanted: .yuv420),
  ])
  func `film by hardware`(feed: Feed) throws {
    let (pixels, name, layouts, wanted) = (feed.pixels, feed.name, feed.layouts, feed.wanted)
    let frames = try Material.raw(name, width: 160, height: 120, frames: 6)
    let processor = try VideoProcessor(
      format: Material.format(pixels, 160, 120), settings: VideoSettings(groupSeconds: 1),
      encoders: [bench.candidate("a", layouts)])
    let (film, results) = try Material.film(processor, frames)
    #expect(results.allSatisfy { $0.drop == nil } && processor.encoder == "a")
    #expect(bench.formats.withLock { $0 }.map(\.pixels) == [wanted])
    #expect(bench.orders.withLock { $0 } == [EncoderOrder(bitrate: 300_000, groupPictures: 25)])
    let converter = try PixelConverter(format: Material.format(pixels, 160, 120))
    let back = try Material.decoded(film, width: 160, height: 120)
    for (frame, picture) in zip(frames, back) {
      #expect(try Material.psnr(converter.convert(frame).bytes, picture) > 28)
    }
    #expect(back.count == 6)
  }

  @Test func `JPEGs by hardware keep their range`() throws {
    let jpegs = try Material.jpegs("yuvj422p", width: 160, height: 120, frames: 3)
    let processor = try VideoProcessor(
      format: Material.format(.mjpeg, 160, 120, fullRange: true), settings: VideoSettings(),
      encoders: [bench.candidate("dmabuf", lent: true), bench.candidate("a", [.nv12])])
    let (film, _) = try Material.film(processor, jpegs)
    #expect(processor.encoder == "a" && bench.formats.withLock { $0 }.first?.fullRange == true)
    #expect(try Tool.ffprobe("-show_streams", input: film).first?["color_range"] == "pc")
    #expect(try Material.decoded(film, pixels: "yuvj420p", width: 160, height: 120).count == 3)
    #expect(processor.desk.decodes == 3)
  }

  @Test func `a stream that nobody can decode, or an encoder that breaks, costs no frame`() throws {
    for fault in [FakeHardware.Fault.garbage, .fails] {
      bench.faults.withLock { $0 = ["a 2": fault] }
      let processor = try VideoProcessor(
        format: format, settings: VideoSettings(), encoders: [bench.candidate("a")])
      let frames = try Material.raw("nv12", width: 160, height: 120, frames: 5)
      let (film, results) = try Material.film(processor, frames)
      #expect(results.map { $0.chunk?.randomAccess } == [true, false, true, false, false])
      #expect(processor.encoder == "OpenH264" && processor.encoderFailures == ["a": 1])
      #expect(processor.dropped.isEmpty)
      #expect(try Material.decoded(film, width: 160, height: 120).count == 5)
    }
  }

  @Test func `an encoder is closed with the processor`() throws {
    do {
      let processor = try VideoProcessor(format: format, settings: VideoSettings(), encoders: [bench.candidate("a")])
      _ = try Material.film(processor, Material.raw("nv12", width: 160, height: 120, frames: 1))
    }
    #expect(bench.events.last == "a closed")
  }
}
