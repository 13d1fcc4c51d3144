import Foundation
import Logging
import PumpkiiAgent
import PumpkiiCapture
import PumpkiiMedia
import PumpkiiSystem
import ServiceLifecycle

/// A preview on loopback before a camera that draws its frames, as the agent would run it.
struct PreviewHarness: Sendable {
  static let (width, height) = (320, 240)

  let desk: PreviewDesk
  let isDenied: Published<Bool>
  let port: Int
  var address: String { "http://127.0.0.1:\(port)" }

  static func run(
    mode: VideoSettings.Mode = .h264, denied: Bool = false, settings: PreviewSettings? = nil,
    limits: PreviewDesk.Limits = PreviewDesk.Limits(), pictures: Int = .max,
    _ body: @escaping @Sendable (PreviewHarness) async throws -> Void
  ) async throws {
    let isDenied = Published(denied)
    let desk = PreviewDesk(mode: mode, rate: 25, limits: limits) { isDenied.value ? PreviewDenial.byPolicy : nil }
    let metrics = Metrics()
    metrics.add(desk)
    let server = try PreviewServer(
      settings: settings ?? PreviewSettings(host: "127.0.0.1"), desk: desk, metrics: { metrics.text },
      logger: Logger(label: "test"))
    let group = ServiceGroup(services: [server], logger: Logger(label: "test"))
    let isOver = Published(false)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      tasks.addTask { await camera(desk, mode, pictures, isOver) }
      _ = await server.port.wait { $0 != nil }
      let harness = PreviewHarness(desk: desk, isDenied: isDenied, port: server.port.value.flatMap { $0 } ?? 0)
      let result: Result<Void, any Error>
      do { result = .success(try await body(harness)) } catch { result = .failure(error) }
      isOver.set(true)
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
      try result.get()
    }
  }

  /// Frames at 25 a second for whoever looks, so many at most; the camera closes while it is denied.
  private static func camera(
    _ desk: PreviewDesk, _ mode: VideoSettings.Mode, _ pictures: Int, _ isOver: Published<Bool>
  ) async {
    await DeviceThread.run(named: "camera") {
      let format = VideoFormat(pixels: .yuv420, width: width, height: height, rate: .init(25), fullRange: true)
      guard let processor = try? VideoProcessor(format: format, settings: VideoSettings(mode: mode, bitrate: 2_000_000))
      else { return }
      desk.opened(width: width, height: height, mode: mode)
      var number: UInt32 = 0
      while !isOver.value {
        Thread.sleep(forTimeInterval: 0.04)
        let wants = desk.wants.value
        guard !wants.isEmpty, number < pictures, desk.currentDenial == nil else { continue }
        let frame = CapturedFrame(sequence: number, timestamp: Clocks.monotonic(), bytes: picture(number))
        number += 1
        let time = Clocks.unixMicroseconds() * 1000
        if wants.wantsFilm,
          case .chunk(let chunk)? = try? processor.process(frame, at: time, randomAccess: desk.needsRandomAccess)
        {
          desk.offer(chunk: chunk, initialization: processor.initialization ?? [])
        }
        if desk.takesPicture(now: Clocks.monotonic()), let jpeg = try? processor.preview(frame) ?? nil {
          desk.offer(jpeg: jpeg)
        }
      }
    }
  }

  /// Bright, with two bars that move and say the number, so that no two of a thousand are alike; an off picture is dark.
  private static func picture(_ number: UInt32) -> [UInt8] {
    var image = PlanarImage(width: width, height: height, fullRange: true)
    let (column, row) = (Int(number) % (width / 8), Int(number) / (width / 8) % (height / 8))
    var bytes = image.bytes
    for at in 0..<width * height { bytes[at] = at % width / 8 == column || at / width / 8 == row ? 120 : 230 }
    image.bytes = bytes
    return image.bytes
  }

  /// Standard output and status of a program, run beside the pool.
  static func program(_ name: String, _ arguments: [String]) async -> (output: [UInt8], errors: String, status: Int32) {
    await DeviceThread.run(named: "program") {
      let folder = FileManager.default.temporaryDirectory.appendingPathComponent("preview-\(UUID().uuidString)")
      try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      let (output, errors) = (folder.appendingPathComponent("out"), folder.appendingPathComponent("err"))
      for file in [output, errors] { try? Data().write(to: file) }
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = ["timeout", "240", name] + arguments
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = try? FileHandle(forWritingTo: output)
      process.standardError = try? FileHandle(forWritingTo: errors)
      do { try process.run() } catch { return ([], "\(error)", -1) }
      process.waitUntilExit()
      let bytes = [UInt8]((try? Data(contentsOf: output)) ?? Data())
      let text = String(decoding: (try? Data(contentsOf: errors)) ?? Data(), as: UTF8.self)
      return (bytes, text, process.terminationStatus)
    }
  }

  /// Luma of the frames that ffmpeg decodes of one of our addresses.
  func frames(_ path: String, count: Int) async throws -> [[UInt8]] {
    let words =
      "-v error -nostdin -i \(address)\(path) -frames:v \(count) -fps_mode passthrough -s 320x240 -pix_fmt gray -f rawvideo -"
    let ran = await Self.program("ffmpeg", words.split(separator: " ").map(String.init))
    guard ran.status == 0 else { throw Failure(ran.errors) }
    let size = Self.width * Self.height
    return (0..<ran.output.count / size).map { Array(ran.output[$0 * size..<($0 + 1) * size]) }
  }

  /// Head and body of an answer, by curl.
  func get(_ path: String, _ more: [String] = []) async -> (head: String, body: [UInt8]) {
    let ran = await Self.program("curl", ["-s", "-i", "--max-time", "120", "\(address)\(path)"] + more)
    let mark = Array("\r\n\r\n".utf8)
    var at = 0
    while at + 4 <= ran.output.count, Array(ran.output[at..<at + 4]) != mark { at += 1 }
    return (
      String(decoding: ran.output[..<min(at, ran.output.count)], as: UTF8.self).lowercased(),
      Array(ran.output.dropFirst(at + 4))
    )
  }

  static func mean(_ luma: [UInt8]) -> Int { luma.reduce(0) { $0 + Int($1) } / max(luma.count, 1) }

  struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ text: String) { description = text }
  }
}
