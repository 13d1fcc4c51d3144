internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import PumpkiiMedia
internal import PumpkiiPolicy
internal import PumpkiiSystem
internal import ServiceLifecycle

/// The preview's five addresses.
struct PreviewRoutes: Sendable {
  private static let boundary = "pumpkii-frame"
  /// From one off picture to the next.
  private static let pause = Duration.seconds(1)
  /// How long a snapshot waits for a camera to open.
  private static let patience = Duration.seconds(8)

  let desk: PreviewDesk
  let studio = OffStudio()
  let metrics: @Sendable () -> String

  func add(to router: Router<PreviewContext>) {
    router.get("/") { _, _ in PreviewGuard.answer(.ok, PreviewPage.text, type: "text/html; charset=utf-8") }
    router.get("/snapshot.jpg") { _, _ in try await snapshot() }
    router.get("/stream.mjpeg") { request, context in
      let type = "multipart/x-mixed-replace; boundary=\(Self.boundary)"
      return PreviewStream(desk: desk, kind: .mjpeg, type: type).response(to: request, context) { seat, writer in
        try await pictures(seat, &writer)
      }
    }
    router.get("/stream.mp4") { request, context in
      PreviewStream(desk: desk, kind: .film, type: "video/mp4").response(to: request, context) { seat, writer in
        try await film(seat, &writer)
      }
    }
    MetricsRoute(text: metrics).add(to: router)
  }

  private func snapshot() async throws -> Response {
    guard let seat = desk.join(.snapshot) else {
      return PreviewGuard.answer(.serviceUnavailable, "too many look at the preview already\n")
    }
    defer { desk.leave(seat) }
    let end = ContinuousClock.now + Self.patience
    let shown = await withTaskGroup(of: Shown?.self) { group in
      group.addTask {
        await withGracefulShutdownHandler {
          await next(seat)
        } onGracefulShutdown: {
          seat.end()
        }
      }
      group.addTask {
        try? await Task.sleep(until: end, clock: .continuous)
        return nil
      }
      let first = await group.next() ?? nil
      seat.end()
      group.cancelAll()
      return first
    }
    switch shown {
    case .item(let item): return Self.jpeg(item.bytes)
    case .off(let decision): return Self.jpeg(try await studio.film(desk.shape, decision).jpeg)
    case nil: break
    }
    return PreviewGuard.answer(.serviceUnavailable, "the camera gives no picture; `pumpkii status` says why\n")
  }

  private static func jpeg(_ bytes: [UInt8]) -> Response {
    Response(
      status: .ok, headers: [.contentType: "image/jpeg"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  private func pictures(_ seat: PreviewSeat, _ writer: inout any ResponseBodyWriter) async throws {
    while let shown = await next(seat) {
      switch shown {
      case .item(let item): try await writer.write(Self.part(item.bytes))
      case .off(let decision): try await writer.write(Self.part(studio.film(desk.shape, decision).jpeg))
      }
    }
  }

  private static func part(_ jpeg: [UInt8]) -> ByteBuffer {
    var buffer = ByteBuffer()
    buffer.reserveCapacity(jpeg.count + 96)
    buffer.writeString("--\(boundary)\r\nContent-Type: image/jpeg\r\nContent-Length: \(jpeg.count)\r\n\r\n")
    buffer.writeBytes(jpeg)
    buffer.writeString("\r\n")
    return buffer
  }

  /// Ends without an error where the coding changes: the player connects anew.
  private func film(_ seat: PreviewSeat, _ writer: inout any ResponseBodyWriter) async throws {
    var film = ContinuousFilm()
    var turn = 0
    do {
      while let shown = await next(seat) {
        let bytes: [UInt8]
        switch shown {
        case .item(let item): bytes = try film.take(item.bytes, initialization: item.initialization)
        case .off(let decision):
          let off = try await studio.film(desk.shape, decision)
          turn += 1
          let time = MediaTime.ticks(nanoseconds: Clocks.unixMicroseconds() * 1000, timescale: MediaTime.video)
          bytes = try film.take(off.chunks[turn % off.chunks.count], initialization: off.initialization, at: time)
        }
        if !bytes.isEmpty { try await writer.write(ByteBuffer(bytes: bytes)) }
      }
    } catch let error as MediaError where error.code == .changed {
      return
    }
  }

  private enum Shown {
    case item(PreviewItem)
    case off(Decision)
  }

  /// What a consumer is shown next, the off picture once a second while it is denied; nil when nobody reads any more.
  private func next(_ seat: PreviewSeat) async -> Shown? {
    while !seat.isOver, !Task.isCancelled {
      switch desk.next(seat) {
      case .item(let item): return .item(item)
      case .denied(let decision):
        if seat.isOffDue(after: Self.pause) { return .off(decision) }
        await seat.wait(atMost: Self.pause)
      case .nothing: await seat.wait(atMost: Self.pause)
      }
    }
    return nil
  }
}
