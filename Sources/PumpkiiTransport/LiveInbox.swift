internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import PumpkiiSystem
internal import Synchronization

/// The body of a long answer as it comes, held until it is taken: beyond a bound the connection is not read on, so that
/// a slow reader slows it. Unlike the library's own sequence it can be waited for with an end to the wait.
final class LiveInbox: HTTPClientResponseDelegate {
  typealias Response = Void

  /// What there is to take.
  enum Step {
    case bytes(ByteBuffer)
    /// Wait.
    case nothing
    case end
    case failed(any Error)
  }

  /// Bytes held before the connection is not read on.
  private static let bound = 256 << 10

  private struct State {
    var status: Int?
    var buffers: [ByteBuffer] = []
    var bytes = 0
    /// Kept until there is room.
    var room: EventLoopPromise<Void>?
    var hasEnded = false
    var failure: (any Error)?
  }

  private let state = Mutex(State())
  private let bell = Mailbox<Void>(capacity: 1)

  deinit { makeRoom { _ in } }

  /// The answer's status; nil while there is none.
  var status: Int? { state.withLock { $0.status } }

  /// What came first and has not been taken.
  func take() -> Step {
    let (step, room) = state.withLock { state -> (Step, EventLoopPromise<Void>?) in
      guard !state.buffers.isEmpty else {
        return (state.failure.map { .failed($0) } ?? (state.hasEnded ? .end : .nothing), nil)
      }
      let buffer = state.buffers.removeFirst()
      state.bytes -= buffer.readableBytes
      guard state.bytes <= Self.bound / 2 else { return (.bytes(buffer), nil) }
      defer { state.room = nil }
      return (.bytes(buffer), state.room)
    }
    room?.succeed()
    return step
  }

  /// Waits until there may be something, at most for `limit`; returns at once when the task is cancelled.
  func wait(atMost limit: Duration?) async {
    guard let limit else {
      _ = await bell.next()
      return
    }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { _ = await self.bell.next() }
      group.addTask { try? await Task.sleep(for: limit) }
      await group.next()
      group.cancelAll()
    }
  }

  func didReceiveHead(task: HTTPClient.Task<Void>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
    state.withLock { $0.status = Int(head.status.code) }
    bell.put(())
    return task.eventLoop.makeSucceededVoidFuture()
  }

  func didReceiveBodyPart(task: HTTPClient.Task<Void>, _ buffer: ByteBuffer) -> EventLoopFuture<Void> {
    let room = state.withLock { state -> EventLoopPromise<Void>? in
      state.buffers.append(buffer)
      state.bytes += buffer.readableBytes
      guard state.bytes > Self.bound else { return nil }
      let room = task.eventLoop.makePromise(of: Void.self)
      state.room = room
      return room
    }
    bell.put(())
    return room?.futureResult ?? task.eventLoop.makeSucceededVoidFuture()
  }

  func didReceiveError(task: HTTPClient.Task<Void>, _ error: any Error) { makeRoom { $0.failure = error } }

  func didFinishRequest(task: HTTPClient.Task<Void>) { makeRoom { $0.hasEnded = true } }

  private func makeRoom(_ change: (inout State) -> Void) {
    let room = state.withLock { state in
      change(&state)
      defer { state.room = nil }
      return state.room
    }
    room?.succeed()
    bell.put(())
  }
}

/// A long answer under way; it is broken off when nobody holds this any more.
final class LiveSource: Sendable {
  let inbox: LiveInbox
  private let task: HTTPClient.Task<Void>

  init(_ inbox: LiveInbox, _ task: HTTPClient.Task<Void>) {
    self.inbox = inbox
    self.task = task
  }

  deinit { task.cancel() }

  /// Waits for the head of the answer.
  /// - Throws: ``TransportError``, also for an answer that is no success.
  func waitUntilAnswered(_ address: RelayAddress) async throws(TransportError) {
    while inbox.status == nil {
      if case .failed(let error) = inbox.take() { throw TransportError(network: error, address) }
      guard !Task.isCancelled else { throw TransportError(.cancelled, "cancelled") }
      await inbox.wait(atMost: nil)
    }
    guard let status = inbox.status, !(200..<300).contains(status) else { return }
    var body: [UInt8] = []
    while !Task.isCancelled, body.count < ProblemDocument.limit {
      switch inbox.take() {
      case .bytes(let buffer): body += buffer.readableBytesView
      case .nothing: await inbox.wait(atMost: nil)
      case .end, .failed: throw ProblemDocument.error(status: status, body: body)
      }
    }
    throw ProblemDocument.error(status: status, body: body)
  }
}
