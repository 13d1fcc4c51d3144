internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import PumpkiiSystem
internal import ServiceLifecycle
internal import Synchronization

/// One response that lasts. It ends when its client goes, when the relay cuts it or when the relay stops, whichever is
/// first, and at once: whoever ends it rings the bell that its writer waits on, and a writer that is stuck in a full
/// socket loses the socket after a moment.
final class LongResponse: Sendable {
  /// How long a writer that was told to end may take to flush.
  private static let grace = TimeAmount.milliseconds(500)

  private let bell = Mailbox<Void>(capacity: 1)
  private let channel: any Channel
  private let hasFinished = Mutex(false)

  init(channel: any Channel) { self.channel = channel }

  /// Something waits to be written.
  func ring() { bell.put(()) }

  /// Waits for ``ring()``; false when the response is to end.
  func wait() async -> Bool { await bell.next() != nil }

  func end() {
    bell.finish()
    channel.eventLoop.scheduleTask(in: Self.grace) { [self] in
      if !hasFinished.withLock({ $0 }) { channel.close(promise: nil) }
    }
  }

  private func finish() { hasFinished.withLock { $0 = true } }

  /// A response whose body `write` makes, with the request's body beside it, for as long as nobody ends it.
  static func response(
    to request: Request, _ context: RelayContext, type: String,
    _ write: @escaping @Sendable (LongResponse, RequestBody, inout any ResponseBodyWriter) async throws -> Void
  ) -> Response {
    var headers: HTTPFields = [.contentType: type, .cacheControl: "no-store"]
    let channel = context.channel
    // Its connection ends with it, and the client must not put another request on that. A stream has no such header.
    if !context.isStream { headers[.connection] = "close" }
    return Response(
      status: .ok, headers: headers,
      body: ResponseBody { writer in
        let response = LongResponse(channel: channel)
        defer { response.finish() }
        try await request.body.consumeWithInboundCloseHandler { body in
          try await withGracefulShutdownHandler {
            try await write(response, body, &writer)
          } onGracefulShutdown: {
            response.end()
          }
        } onInboundClosed: {
          response.end()
        }
        try await writer.finish(nil)
      })
  }
}
