internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import ServiceLifecycle
internal import Synchronization

/// One response that lasts: it ends when its reader goes or the agent stops, whichever is first. A writer that is stuck
/// in a full socket then loses the socket after a moment.
struct PreviewStream: Sendable {
  /// How long a writer that was told to end may take to flush.
  private static let grace = TimeAmount.milliseconds(500)

  let desk: PreviewDesk
  let kind: PreviewWants.Kind
  let type: String

  /// A response whose body `write` makes with a place at the desk; 503 where all are taken.
  func response(
    to request: Request, _ context: PreviewContext,
    _ write: @escaping @Sendable (PreviewSeat, inout any ResponseBodyWriter) async throws -> Void
  ) -> Response {
    guard request.method != .head else { return Response(status: .ok, headers: [.contentType: type]) }
    guard let seat = desk.join(kind) else {
      return PreviewGuard.answer(.serviceUnavailable, "too many look at the preview already\n")
    }
    let place = Place(desk: desk, seat: seat)
    let channel = context.channel
    return Response(
      status: .ok, headers: [.contentType: type, .connection: "close"],
      body: ResponseBody { writer in
        defer { place.leave() }
        try await request.body.consumeWithInboundCloseHandler { _ in
          try await withGracefulShutdownHandler {
            try await write(seat, &writer)
          } onGracefulShutdown: {
            Self.end(place, channel)
          }
        } onInboundClosed: {
          Self.end(place, channel)
        }
        try await writer.finish(nil)
      })
  }

  private static func end(_ place: Place, _ channel: any Channel) {
    place.seat.end()
    channel.eventLoop.scheduleTask(in: grace) { if !place.hasLeft { channel.close(promise: nil) } }
  }

  /// Frees a seat when its response is over, or is dropped without ever being written.
  private final class Place: Sendable {
    let desk: PreviewDesk
    let seat: PreviewSeat
    private let left = Mutex(false)

    init(desk: PreviewDesk, seat: PreviewSeat) {
      self.desk = desk
      self.seat = seat
    }

    deinit { leave() }

    var hasLeft: Bool { left.withLock { $0 } }

    func leave() {
      left.withLock { $0 = true }
      desk.leave(seat)
    }
  }
}
