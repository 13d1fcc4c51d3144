internal import NIOCore
internal import NIOHTTP1
internal import PumpkiiSystem
internal import PumpkiiWire

/// The end of an uplink's pipeline: one long HTTP/1.1 request whose body goes up in chunks, and the answer that comes
/// down beside it. Everything here happens on the connection's event loop.
final class UplinkHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  /// What is written before the kernel takes it; the cargo waits beyond that.
  static let highWater = 256 << 10
  /// Acknowledgements are collected so often, together: reading each as it comes would wake the thread twice a frame
  /// and cost as much as sending the frame.
  private static let pause = TimeAmount.milliseconds(100)

  private let head: HTTPRequestHead
  private let link: UplinkLink
  private let cargo: (any UplinkCargo)?
  private let address: RelayAddress
  private var context: ChannelHandlerContext?
  /// Before the HTTP encoder: chunks are framed here, in one buffer a frame, not in three.
  private var raw: ChannelHandlerContext?
  private var refusal: (status: Int, body: [UInt8])?
  private var parser = WireItemParser()
  private var heard = NIODeadline.now()
  private var collected = NIODeadline.now()
  private var isAnswered = false
  private var isFinished = false
  private var watch: Scheduled<Void>?

  init(head: HTTPRequestHead, link: UplinkLink, cargo: (any UplinkCargo)?, address: RelayAddress) {
    self.head = head
    self.link = link
    self.cargo = cargo
    self.address = address
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    raw = try? context.pipeline.syncOperations.context(handlerType: HTTPRequestEncoder.self)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    raw = nil
  }

  func channelActive(context: ChannelHandlerContext) {
    context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    heard = .now()
    lookAgain(context)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    heard = .now()
    switch unwrapInboundIn(data) {
    case .head(let head): begin(head, context)
    case .body(let buffer): read(buffer, context)
    case .end: ended(context)
    }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) { pump() }

  func channelInactive(context: ChannelHandlerContext) {
    end(TransportError(.closed, "the connection to \(address.origin) ended"), context)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    end(TransportError(network: error, address), context)
  }

  /// Writes what the cargo holds, as far as the socket takes it.
  func pump() {
    guard isAnswered, !isFinished, let cargo, let raw else { return }
    var isWritten = false
    while raw.channel.isWritable, let bytes = cargo.take() {
      raw.write(NIOAny(chunk(bytes, raw)), promise: nil)
      isWritten = true
    }
    guard isWritten else { return }
    raw.flush()
    collect()
  }

  /// Writes one item that is not the cargo's.
  func send(_ bytes: [UInt8], promise: EventLoopPromise<Void>) {
    guard !isFinished, let raw else { return promise.fail(TransportError(.closed, "the uplink was closed")) }
    raw.writeAndFlush(NIOAny(chunk(bytes, raw)), promise: promise)
  }

  /// Ends the request; the relay then ends its answer.
  func finish() {
    guard !isFinished, let context else { return }
    isFinished = true
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }

  private func chunk(_ bytes: [UInt8], _ raw: ChannelHandlerContext) -> ByteBuffer {
    let count = String(bytes.count, radix: 16)
    var buffer = raw.channel.allocator.buffer(capacity: bytes.count + count.utf8.count + 4)
    buffer.writeString(count)
    buffer.writeStaticString("\r\n")
    buffer.writeBytes(bytes)
    buffer.writeStaticString("\r\n")
    return buffer
  }

  private func begin(_ head: HTTPResponseHead, _ context: ChannelHandlerContext) {
    guard (200..<300).contains(head.status.code) else { return refusal = (Int(head.status.code), []) }
    isAnswered = true
    // From here on the answer is read when we say so.
    if cargo != nil { _ = try? context.channel.syncOptions?.setOption(.autoRead, value: false) }
    link.opened()
    pump()
  }

  private func read(_ buffer: ByteBuffer, _ context: ChannelHandlerContext) {
    if refusal != nil {
      let room = ProblemDocument.limit - (refusal?.body.count ?? 0)
      refusal?.body += buffer.readableBytesView.prefix(room)
      return
    }
    parser.append(buffer.readableBytesView)
    do throws(WireError) {
      while let item = try parser.next() {
        switch item {
        case .control(.acknowledgement, let body): try acknowledge(body)
        case .control(.challenge, let body): cargo?.challenge(try Digest(body))
        default: continue
        }
      }
    } catch {
      end(TransportError(error), context)
    }
  }

  private func acknowledge(_ body: [UInt8]) throws(WireError) {
    var reader = ByteReader(body)
    let kid: UInt64 = try reader.read("KID")
    let index: UInt32 = try reader.read("index")
    if let cargo { cargo.acknowledge(kid: kid, index: index) } else { link.acknowledged(kid, index) }
  }

  private func ended(_ context: ChannelHandlerContext) {
    if let refusal { return end(ProblemDocument.error(status: refusal.status, body: refusal.body), context) }
    end(parser.pending == 0 ? nil : TransportError(.closed, "the stream ended within an item"), context)
  }

  /// The first reason counts.
  private func end(_ error: TransportError?, _ context: ChannelHandlerContext) {
    isFinished = true
    watch?.cancel()
    watch = nil
    link.ended(error)
    context.close(promise: nil)
  }

  /// Reads what the relay has said since the last time.
  private func collect() {
    let now = NIODeadline.now()
    guard isAnswered, cargo != nil, collected + Self.pause <= now else { return }
    collected = now
    context?.read()
  }

  /// Ends the uplink when nothing came for too long. It looks from time to time instead of moving a timer with every
  /// acknowledgement.
  private func look() {
    guard let context else { return }
    let patience = TimeAmount.seconds(isAnswered ? RelayConnection.silenceSeconds : RelayConnection.answerSeconds)
    if heard + patience <= .now() { return end(silence(), context) }
    collect()
    lookAgain(context)
  }

  private func lookAgain(_ context: ChannelHandlerContext) {
    watch = context.eventLoop.assumeIsolated().scheduleTask(in: Self.pause * 3) { [weak self] in self?.look() }
  }

  private func silence() -> TransportError {
    isAnswered
      ? TransportError(.silent, "nothing came from \(address.origin) for \(RelayConnection.silenceSeconds) seconds")
      : TransportError(
        .unreachable, "no connection to \(address.origin) (no answer in time)",
        advice: "check the address, the network, and that the relay runs")
  }
}
