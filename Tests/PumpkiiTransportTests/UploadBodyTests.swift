import NIOCore
import PumpkiiTransport
import Testing

@Suite struct UploadBodyTests {
  @Test func goesFromHandToHandInOrder() async throws {
    let body = UploadBody()
    async let sending: Void = {
      for number in 0..<20 { try await body.send(ByteBuffer(integer: UInt8(number))) }
      body.finish()
    }()
    var taken: [UInt8] = []
    for try await buffer in body { taken += Array(buffer.readableBytesView) }
    try await sending
    #expect(taken == Array(0..<20))
    await #expect(throws: TransportError(.closed, "")) { try await body.send(ByteBuffer()) }
  }

  @Test func aBrokenBodyTellsBothSidesWhy() async throws {
    let body = UploadBody()
    async let sending: Void = body.send(ByteBuffer(integer: UInt8(1)))
    var iterator = body.makeAsyncIterator()
    let first = try await iterator.next()
    #expect(first?.readableBytes == 1)
    try await sending
    body.fail(TransportError(.silent, "nothing came"))
    await #expect(throws: TransportError(.silent, "")) { try await body.send(ByteBuffer()) }
    await #expect(throws: TransportError(.silent, "")) { try await iterator.next() }
  }

  /// A transport that gave up lets go of the body; who gives must not wait for it for ever.
  @Test func aTransportThatLetsGoEndsTheGiving() async throws {
    let body = UploadBody()
    do {
      var iterator: UploadBody.Iterator? = body.makeAsyncIterator()
      async let sending: Void = body.send(ByteBuffer(integer: UInt8(1)))
      _ = try await iterator?.next()
      try await sending
      iterator = nil
    }
    await #expect(throws: TransportError(.closed, "")) { try await body.send(ByteBuffer()) }
  }

  @Test func aCancelledGiverTakesItsBufferBack() async throws {
    let body = UploadBody()
    let giver = Task { try await body.send(ByteBuffer(integer: UInt8(1))) }
    giver.cancel()
    await #expect(throws: TransportError(.cancelled, "")) { try await giver.value }
    async let sending: Void = body.send(ByteBuffer(integer: UInt8(2)))
    var iterator = body.makeAsyncIterator()
    let taken = try await iterator.next()
    #expect(taken == ByteBuffer(integer: UInt8(2)))
    try await sending
  }
}
