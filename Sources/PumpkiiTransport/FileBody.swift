internal import PumpkiiSystem

/// A request body made of parts of files and of bytes, read a piece at a time while it is sent: never whole in
/// memory.
package struct FileBody: Sendable {
  /// One part.
  package enum Part: Sendable {
    case bytes([UInt8])
    case file(path: String, from: Int, count: Int)

    var byteCount: Int {
      switch self {
      case .bytes(let bytes): bytes.count
      case .file(_, _, let count): count
      }
    }
  }

  /// Bytes read at once.
  static let piece = 512 << 10
  let parts: [Part]

  package init(_ parts: [Part]) { self.parts = parts }

  package var byteCount: Int { parts.reduce(0) { $0 + $1.byteCount } }
}

extension FileBody: AsyncSequence {
  package typealias Element = [UInt8]

  /// May be called again: a request that is made anew reads anew.
  package func makeAsyncIterator() -> Iterator { Iterator(rest: parts) }

  package struct Iterator: AsyncIteratorProtocol {
    fileprivate var rest: [Part]

    /// The next piece, read on a thread of its own.
    /// - Throws: ``TransportError`` `relay-closed` when the file is shorter than it was, or cannot be read.
    package mutating func next() async throws -> [UInt8]? {
      try Task.checkCancellation()
      guard let part = rest.first else { return nil }
      switch part {
      case .bytes(let bytes):
        rest.removeFirst()
        return bytes
      case .file(let path, let offset, let count):
        let wanted = Swift.min(count, FileBody.piece)
        rest[0] = .file(path: path, from: offset + wanted, count: count - wanted)
        if wanted == count { rest.removeFirst() }
        let bytes = await DeviceThread.run(named: "upload") {
          try? DurableFile.read(path, from: offset, count: wanted)
        }
        guard let bytes, bytes.count == wanted else {
          throw TransportError(.closed, "the file that was being sent changed")
        }
        return bytes
      }
    }
  }
}
