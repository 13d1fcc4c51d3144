internal import Hummingbird
internal import NIOCore
internal import PumpkiiWire

/// `/v1/events`, `/v1/pairing` and `/healthz`.
struct EventRoutes {
  private struct FailureAnswer: Encodable {
    let left: Int
  }

  let desk: Desk

  func add(to book: inout RouteBook) {
    book.on(.get, "/v1/events", events)
    book.on(.put, "/v1/pairing/:mailbox/:slot", putMessage)
    book.on(.get, "/v1/pairing/:mailbox/:slot", message)
    book.on(.post, "/v1/pairing/:mailbox/failure", failure)
    book.on(.get, "/healthz") { _, _ in
      Response(
        status: .ok, headers: [.contentType: "text/plain"], body: ResponseBody(byteBuffer: ByteBuffer(string: "ok")))
    }
  }

  @Sendable
  private func events(_ request: Request, _ context: RelayContext) async throws -> Response {
    let relay = desk.relay
    let identity = try desk.identity(request, context)
    return LongResponse.response(to: request, context, type: "text/event-stream") { response, _, writer in
      let number = relay.events.open(identity, response)
      defer { relay.events.close(number) }
      var last: ClassMask?
      while await response.wait() {
        for beat in relay.events.take(number) {
          guard let text = Self.text(beat, identity, relay, &last) else { continue }
          try await writer.write(ByteBuffer(string: text))
        }
      }
    }
  }

  /// An event as it is sent. What a device is wanted for is always told as it is now, once: two changes that cross
  /// each other on their way could else end with the older one.
  private static func text(
    _ beat: EventHub.Beat, _ identity: Identity, _ relay: Relay, _ last: inout ClassMask?
  ) -> String? {
    switch (beat, identity) {
    case (.heartbeat, _):
      return RelayEvent.heartbeat
    case (.event(.ready), .device(let device, _)):
      let wanted = relay.live.wanted(device)
      last = wanted
      return RelayEvent.ready.text + RelayEvent.wanted(wanted).text
    case (.event(.wanted), .device(let device, _)):
      let wanted = relay.live.wanted(device)
      guard wanted != last else { return nil }
      last = wanted
      return RelayEvent.wanted(wanted).text
    case (.event(let event), _):
      return event.text
    }
  }

  @Sendable
  private func putMessage(_ request: Request, _ context: RelayContext) async throws -> Response {
    try desk.admit(context)
    let (mailbox, slot) = try (context.identifier("mailbox", as: MailboxID.self), slot(context))
    let bytes = try await desk.reading.bytes(request, limit: PairingOffice.messageBytes)
    try desk.relay.pairing.put(bytes, slot, mailbox, from: context.origin)
    return Answers.empty
  }

  @Sendable
  private func message(_ request: Request, _ context: RelayContext) async throws -> Response {
    try desk.admit(context)
    let (mailbox, slot) = try (context.identifier("mailbox", as: MailboxID.self), slot(context))
    let wait = request.uri.queryParameters["wait"].map { Int($0) } ?? 0
    guard let wait, wait >= 0 else { throw Problem.bad("bad-wait", "wait is a number of seconds") }
    let bytes = try await desk.relay.pairing.message(slot, mailbox, seconds: wait, from: context.origin)
    return bytes.map(Answers.octets) ?? Answers.empty
  }

  @Sendable
  private func failure(_ request: Request, _ context: RelayContext) async throws -> Response {
    try desk.admit(context)
    return try Answers.json(FailureAnswer(left: desk.relay.pairing.fail(context.identifier("mailbox"))))
  }

  private func slot(_ context: RelayContext) throws(Problem) -> PairingOffice.Slot {
    guard let slot = context.parameters.get("slot").flatMap(PairingOffice.Slot.init(rawValue:)) else {
      throw .unknown("pairing-slot", "the slots are offer, answer, confirm and done")
    }
    return slot
  }
}
