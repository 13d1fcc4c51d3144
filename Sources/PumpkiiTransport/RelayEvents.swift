internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1

/// The relay's event stream. Iterating it connects; it never ends well: a closed or silent connection is an error, and
/// who iterates decides with ``Backoff`` when to begin again.
package struct RelayEvents: AsyncSequence, Sendable {
  /// What comes.
  package typealias Element = RelayEvent

  let connection: RelayConnection

  /// A connection of its own for each.
  package func makeAsyncIterator() -> Iterator { Iterator(connection: connection) }

  /// One connection.
  package struct Iterator: AsyncIteratorProtocol {
    private let connection: RelayConnection
    private var bytes: HTTPClientResponse.Body.AsyncIterator?
    private var parser = ServerSentEventParser()
    private var waiting: [ServerSentEvent] = []

    init(connection: RelayConnection) { self.connection = connection }

    /// The next event, comments and heartbeats left out.
    /// - Throws: ``TransportError``; the stream is over then.
    package mutating func next() async throws -> RelayEvent? {
      do {
        if bytes == nil {
          let outgoing = Outgoing(.GET, "/v1/events", accept: "text/event-stream")
          bytes = try await connection.open(outgoing, over: .events).body.makeAsyncIterator()
        }
        while waiting.isEmpty {
          guard let buffer = try await bytes?.next() else {
            throw TransportError(.closed, "\(connection.address.origin) ended the event stream")
          }
          waiting = try parser.append(buffer.readableBytesView)
        }
        return try RelayEvent(waiting.removeFirst())
      } catch {
        throw TransportError(network: error, connection.address)
      }
    }
  }
}
