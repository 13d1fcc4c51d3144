internal import AsyncHTTPClient
internal import NIOCore
internal import PumpkiiWire

/// A device's long request at a relay: items go up in its body, acknowledgements come down on its answer.
///
/// ``send(_:)`` waits only for this machine's transport; the socket and the network hide megabytes behind it. Who sends
/// bounds what is not acknowledged, and so somebody must read ``acknowledgements`` while it stands.
package final class Uplink: Sendable {
  /// An object that the relay has taken.
  package typealias Acknowledgement = (kid: UInt64, index: UInt32)

  private let upload: UploadBody
  private let response: HTTPClientResponse.Body
  private let address: RelayAddress
  private let watch: SilenceWatch

  init(upload: UploadBody, response: HTTPClientResponse.Body, address: RelayAddress) {
    self.upload = upload
    self.response = response
    self.address = address
    let origin = address.origin
    watch = SilenceWatch {
      upload.fail(TransportError(.silent, "nothing came from \(origin) for \(RelayConnection.silenceSeconds) seconds"))
    }
  }

  deinit { upload.finish() }

  /// Gives the bytes of one or several whole items to the transport and waits until it has taken them.
  /// - Throws: ``TransportError``; the uplink is over then.
  package func send(_ bytes: [UInt8]) async throws(TransportError) {
    try await upload.send(ByteBuffer(bytes: bytes))
  }

  /// Ends the request body; the relay then ends the acknowledgements.
  package func close() { upload.finish() }

  /// What the relay has taken, in its order. Once only; ends when the relay ends its answer, with an error when the
  /// connection breaks or stays silent for 15 seconds.
  package var acknowledgements: Acknowledgements {
    Acknowledgements(upload: upload, items: LiveDownlink(body: response, address: address), watch: watch)
  }

  /// The relay's acknowledgements as they come.
  package struct Acknowledgements: AsyncSequence, Sendable {
    /// What comes down.
    package typealias Element = Acknowledgement

    let upload: UploadBody
    let items: LiveDownlink
    let watch: SilenceWatch

    /// Once only.
    package func makeAsyncIterator() -> Iterator {
      Iterator(upload: upload, items: items.makeAsyncIterator(), watch: watch)
    }

    /// One reading of them.
    package struct Iterator: AsyncIteratorProtocol {
      private let upload: UploadBody
      private var items: LiveDownlink.Iterator
      private let watch: SilenceWatch

      init(upload: UploadBody, items: LiveDownlink.Iterator, watch: SilenceWatch) {
        self.upload = upload
        self.items = items
        self.watch = watch
      }

      /// - Throws: ``TransportError``.
      package mutating func next() async throws -> Acknowledgement? {
        do {
          while let item = try await items.next() {
            watch.touch()
            guard case .control(.acknowledgement, let body) = item else { continue }
            var reader = ByteReader(body)
            let kid: UInt64 = try reader.read("KID")
            return (kid, try reader.read("index"))
          }
          watch.stop()
          upload.fail(TransportError(.closed, "the relay ended the uplink"))
          return nil
        } catch {
          watch.stop()
          let failure = error as? TransportError ?? (error as? WireError).map { TransportError($0) }
          upload.fail(failure ?? TransportError(.closed, "the uplink broke"))
          throw failure ?? error
        }
      }
    }
  }
}
