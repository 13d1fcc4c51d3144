internal import NIOCore
package import PumpkiiWire

/// A camera's items as a relay sends them. Nothing is read ahead beyond a quarter of a megabyte: a slow viewer slows
/// its connection, and the relay then drops whole groups for it and says so.
package struct LiveDownlink: AsyncSequence, Sendable {
  /// What comes down.
  package typealias Element = WireItem

  let source: LiveSource
  let address: RelayAddress

  /// Once only.
  package func makeAsyncIterator() -> Iterator { Iterator(source: source, address: address) }

  /// What a wait came to.
  package enum Arrival: Sendable, Equatable {
    case item(WireItem)
    /// The time was over first.
    case nothing
    /// The relay ended the stream between two items.
    case end
  }

  /// One reading of the stream.
  package struct Iterator: AsyncIteratorProtocol {
    private let source: LiveSource
    private let address: RelayAddress
    private var parser = WireItemParser()

    init(source: LiveSource, address: RelayAddress) {
      self.source = source
      self.address = address
    }

    /// The next item, heartbeats and loss notices too; nil when the relay ended the stream between two items.
    /// - Throws: ``TransportError``: `relay-closed` in the middle of an item, `relay-silent` after 15 seconds without
    ///   a byte, `relay-malformed`.
    package mutating func next() async throws -> WireItem? {
      while true {
        switch try await next(within: nil) {
        case .item(let item): return item
        case .nothing: continue
        case .end: return nil
        }
      }
    }

    /// As ``next()``, but waits for `limit` at most; nothing is lost by that.
    /// - Throws: as ``next()``.
    package mutating func next(within limit: Duration?) async throws -> Arrival {
      do {
        var hasWaited = false
        while true {
          if let item = try parser.next() { return .item(item) }
          switch source.inbox.take() {
          case .bytes(let buffer): parser.append(buffer.readableBytesView)
          case .failed(let error): throw error
          case .end:
            guard parser.pending == 0 else { throw TransportError(.closed, "the stream ended within an item") }
            return .end
          case .nothing:
            try Task.checkCancellation()
            if hasWaited, limit != nil { return .nothing }
            await source.inbox.wait(atMost: limit)
            hasWaited = true
          }
        }
      } catch {
        throw TransportError(network: error, address)
      }
    }
  }
}
