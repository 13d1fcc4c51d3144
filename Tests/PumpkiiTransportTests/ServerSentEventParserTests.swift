import PumpkiiTransport
import PumpkiiWire
import Testing

@Suite struct ServerSentEventParserTests {
  static let stream =
    ": heartbeat\n\nevent: wanted\ndata: {\"classes\":[\"video\"]}\n\n:\n\ndata:a\r\ndata: b\r\n\r\n"
    + "event:ready\rdata: {}\r\rid: 3\nretry: 9\n\n"
  static let expected = [
    ServerSentEvent(name: "wanted", data: #"{"classes":["video"]}"#),
    ServerSentEvent(name: "message", data: "a\nb"),
    ServerSentEvent(name: "ready", data: "{}"),
  ]

  /// However the network cuts the stream, the same events come out.
  @Test func everySplit() throws {
    let bytes = Array(Self.stream.utf8)
    for cut in 0...bytes.count {
      var parser = ServerSentEventParser()
      let events = try parser.append(bytes[..<cut]) + parser.append(bytes[cut...])
      #expect(events == Self.expected, "cut at \(cut)")
    }
    var parser = ServerSentEventParser()
    #expect(try bytes.flatMap { try parser.append([$0]) } == Self.expected)
  }

  @Test func anEndlessEventIsRefused() throws {
    var parser = ServerSentEventParser()
    _ = try parser.append(Array(repeating: UInt8(ascii: "x"), count: ServerSentEventParser.limit))
    #expect(throws: TransportError(.malformed, "")) { try parser.append([UInt8(ascii: "x")]) }
    var lines = ServerSentEventParser()
    #expect(throws: TransportError(.malformed, "")) {
      for _ in 0..<70 { _ = try lines.append(Array(("data:" + String(repeating: "x", count: 1000) + "\n").utf8)) }
    }
  }

  @Test func events() throws {
    let id = String(repeating: "0f", count: 16)
    func event(_ name: String, _ data: String) throws -> RelayEvent {
      try RelayEvent(ServerSentEvent(name: name, data: data))
    }
    #expect(try event("ready", "{}") == .ready)
    let both = RelayEvent.wanted(ClassMask(classes: [.video, .audio]))
    #expect(try event("wanted", #"{"classes":["audio","video","smell"]}"#) == both)
    #expect(try event("wanted", #"{"classes":[]}"#) == .wanted([]))
    #expect(try event("policy", #"{"version":7}"#) == .policy(version: 7))
    #expect(try event("command", #"{"bytes":"_-8"}"#) == .command([0xFF, 0xEF]))
    #expect(try event("roster", #"{"device":"\#(id)","version":3}"#) == .roster(DeviceID(hex: id), version: 3))
    #expect(try event("keys", #"{"device":"\#(id)","epoch":9}"#) == .keys(DeviceID(hex: id), epoch: 9))
    #expect(try event("cut", #"{"device":"\#(id)"}"#) == .cut(DeviceID(hex: id)))
    let account = try AccountID(hex: id + id)
    #expect(try event("account", #"{"account":"\#(id)\#(id)"}"#) == .account(account))
    #expect(try event("newer", "what?") == .unknown("newer"))
    for name in ["wanted", "operation", "policy", "command", "account", "roster", "keys", "cut"] {
      for data in ["{}", "", "[", #"{"device":"0f","hash":1}"#] {
        #expect(throws: TransportError(.malformed, ""), "\(name) \(data)") { try event(name, data) }
      }
    }
  }
}
