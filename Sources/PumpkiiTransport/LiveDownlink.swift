internal import AsyncHTTPClient
internal import NIOCore
package import PumpkiiWire

/// A camera's items as a relay sends them. Nothing is read ahead beyond what the HTTP client holds back for (a few
/// buffers): a slow viewer slows its connection, and the relay then drops whole groups for it and says so.
package struct LiveDownlink: AsyncSequence, Sendable {
  /// What comes down.
  package typealias Element = WireItem

  let body: HTTPClientResponse.Body
  let address: RelayAddress

  /// Once only.
  package func makeAsyncIterator() -> Iterator { Iterator(bytes: body.makeAsyncIterator(), address: address) }

  /// One reading of the stream.
  package struct Iterator: AsyncIteratorProtocol {
    private var bytes: HTTPClientResponse.Body.AsyncIterator
    private let address: RelayAddress
    private var parser = WireItemParser()

    init(bytes: HTTPClientResponse.Body.AsyncIterator, address: RelayAddress) {
      self.bytes = bytes
      self.address = address
    }

    /// The next item, heartbeats and loss notices too; nil when the relay ended the stream between two items.
    /// - Throws: ``TransportError``: `relay-closed` in the middle of an item, `relay-silent` after 15 seconds without
    ///   a byte, `relay-malformed`.
    package mutating func next() async throws -> WireItem? {
      do {
        while true {
          if let item = try parser.next() { return item }
          guard let buffer = try await bytes.next() else {
            guard parser.pending == 0 else { throw TransportError(.closed, "the stream ended within an item") }
            return nil
          }
          parser.append(buffer.readableBytesView)
        }
      } catch {
        throw TransportError(network: error, address)
      }
    }
  }
}
