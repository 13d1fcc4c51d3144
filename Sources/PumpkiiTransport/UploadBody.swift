package import NIOCore
internal import Synchronization

/// A request body that is written while it is sent: one buffer at a time goes from hand to hand, and who gives waits
/// until the transport has taken it. So at most one buffer for each giving task is held here.
package final class UploadBody: AsyncSequence, Sendable {
  /// What is sent.
  package typealias Element = ByteBuffer

  private enum End {
    case finished
    case failed(TransportError)
  }

  private struct Offer {
    let id: UInt64
    let buffer: ByteBuffer
    let giver: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var offers: [Offer] = []
    var taker: CheckedContinuation<ByteBuffer?, any Error>?
    var end: End?
    var lastID: UInt64 = 0
  }

  private let state = Mutex(State())

  /// A body that nobody takes yet.
  package init() {}

  /// Gives one buffer and waits until it is taken.
  /// - Throws: ``TransportError``: why the body ended, or `cancelled`.
  package func send(_ buffer: ByteBuffer) async throws(TransportError) {
    let id = state.withLock { state in
      state.lastID += 1
      return state.lastID
    }
    do {
      try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { offer(Offer(id: id, buffer: buffer, giver: $0)) }
      } onCancel: {
        withdraw(id)
      }
    } catch {
      throw error as? TransportError ?? TransportError(.cancelled, "cancelled")
    }
  }

  /// No buffer follows; the request ends well.
  package func finish() { end(.finished) }

  /// The request is broken off.
  package func fail(_ error: TransportError) { end(.failed(error)) }

  private func offer(_ offer: Offer) {
    let (taker, refusal) = state.withLock { state -> (CheckedContinuation<ByteBuffer?, any Error>?, TransportError?) in
      if let end = state.end { return (nil, Self.refusal(end)) }
      if Task.isCancelled { return (nil, TransportError(.cancelled, "cancelled")) }
      guard let taker = state.taker else {
        state.offers.append(offer)
        return (nil, nil)
      }
      state.taker = nil
      return (taker, nil)
    }
    if let refusal { offer.giver.resume(throwing: refusal) }
    if let taker {
      taker.resume(returning: offer.buffer)
      offer.giver.resume()
    }
  }

  private func withdraw(_ id: UInt64) {
    let offer = state.withLock { state -> Offer? in
      guard let at = state.offers.firstIndex(where: { $0.id == id }) else { return nil }
      return state.offers.remove(at: at)
    }
    offer?.giver.resume(throwing: CancellationError())
  }

  private func end(_ end: End) {
    let (offers, taker) = state.withLock { state -> ([Offer], CheckedContinuation<ByteBuffer?, any Error>?) in
      guard state.end == nil else { return ([], nil) }
      state.end = end
      defer {
        state.offers = []
        state.taker = nil
      }
      return (state.offers, state.taker)
    }
    for offer in offers { offer.giver.resume(throwing: Self.refusal(end)) }
    switch end {
    case .finished: taker?.resume(returning: nil)
    case .failed(let error): taker?.resume(throwing: error)
    }
  }

  private static func refusal(_ end: End) -> TransportError {
    if case .failed(let error) = end { error } else { TransportError(.closed, "the uplink was closed") }
  }

  private func take() async throws -> ByteBuffer? {
    try await withCheckedThrowingContinuation { continuation in
      let (offer, end) = state.withLock { state -> (Offer?, End?) in
        if let end = state.end { return (nil, end) }
        if !state.offers.isEmpty { return (state.offers.removeFirst(), nil) }
        state.taker = continuation
        return (nil, nil)
      }
      if let offer {
        continuation.resume(returning: offer.buffer)
        offer.giver.resume()
      }
      switch end {
      case .finished: continuation.resume(returning: nil)
      case .failed(let error): continuation.resume(throwing: error)
      case nil: break
      }
    }
  }

  /// For the transport, once only.
  package func makeAsyncIterator() -> Iterator { Iterator(body: self) }

  /// The transport's hand.
  package struct Iterator: AsyncIteratorProtocol {
    private let taking: Taking

    init(body: UploadBody) { taking = Taking(body: body) }

    /// The next buffer, waiting for one; nil at the end.
    /// - Throws: ``TransportError``: why the body was broken off.
    package mutating func next() async throws -> ByteBuffer? { try await taking.body.take() }
  }

  /// When the transport lets go of the iterator nobody takes any more: givers must not wait for ever.
  private final class Taking: Sendable {
    let body: UploadBody
    init(body: UploadBody) { self.body = body }
    deinit { body.fail(TransportError(.closed, "the relay ended the uplink")) }
  }
}
