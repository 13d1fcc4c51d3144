internal import NIOCore
internal import Synchronization

/// A device's long request at a relay: items go up in its body, acknowledgements come down on its answer.
///
/// It has a connection of its own, without the HTTP client that everything else uses: a frame is one buffer and one
/// change of threads on the way to the socket. The socket and the network hide megabytes behind it, so whoever owns the
/// cargo bounds what is not acknowledged.
package final class Uplink: Sendable {
  /// An object that the relay has taken.
  package typealias Acknowledgement = (kid: UInt64, index: UInt32)

  private let channel: any Channel
  private let handler: NIOLoopBound<UplinkHandler>
  private let link: UplinkLink
  private let isWoken = Atomic(false)

  init(channel: any Channel, handler: NIOLoopBound<UplinkHandler>, link: UplinkLink) {
    self.channel = channel
    self.handler = handler
    self.link = link
  }

  deinit { close() }

  /// The cargo has something, from any thread; many calls before the connection looks are one.
  package func wake() {
    guard !isWoken.exchange(true, ordering: .acquiringAndReleasing) else { return }
    channel.eventLoop.execute { [self] in
      isWoken.store(false, ordering: .releasing)
      handler.value.pump()
    }
  }

  /// Gives the bytes of one or several whole items to the socket and waits until it has taken them.
  /// - Throws: ``TransportError``; the uplink is over then.
  package func send(_ bytes: [UInt8]) async throws(TransportError) {
    if let end = link.end { throw end }
    let promise = channel.eventLoop.makePromise(of: Void.self)
    channel.eventLoop.execute { [handler] in handler.value.send(bytes, promise: promise) }
    do {
      try await promise.futureResult.get()
    } catch {
      throw link.end ?? error as? TransportError ?? TransportError(.closed, "the uplink broke")
    }
  }

  /// Ends the request body; the relay then ends the acknowledgements.
  package func close() {
    channel.eventLoop.execute { [handler] in handler.value.finish() }
  }

  /// Breaks the connection off; nothing that is on its way is waited for.
  package func abandon() {
    link.ended(TransportError(.closed, "the uplink was broken off"))
    channel.close(promise: nil)
  }

  /// What the relay has taken, in its order, where no cargo hears it. Once only; ends when the relay ends its answer,
  /// with an error when the connection breaks or stays silent for 15 seconds.
  package var acknowledgements: Acknowledgements { Acknowledgements(link: link) }

  /// The relay's acknowledgements as they come.
  package struct Acknowledgements: AsyncSequence, Sendable {
    /// What comes down.
    package typealias Element = Acknowledgement

    let link: UplinkLink

    /// Once only.
    package func makeAsyncIterator() -> Iterator { Iterator(link: link) }

    /// One reading of them.
    package struct Iterator: AsyncIteratorProtocol {
      private let link: UplinkLink

      init(link: UplinkLink) { self.link = link }

      /// - Throws: ``TransportError``.
      package mutating func next() async throws -> Acknowledgement? { try await link.next() }
    }
  }
}
