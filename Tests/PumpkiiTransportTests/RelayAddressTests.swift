import PumpkiiTransport
import PumpkiiWire
import Testing

@Suite struct RelayAddressTests {
  static let pin = String(repeating: "ab", count: 32)

  @Test(arguments: [
    ("https://relay.example:8443", "https://relay.example:8443"),
    ("https://Relay.Example:8443/", "https://relay.example:8443"),
    ("https://relay.example", "https://relay.example:443"),
    ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
    ("http://127.9.9.9:8080", "http://127.9.9.9:8080"),
    ("http://localhost", "http://localhost:80"),
    ("http://[::1]:8080", "http://[::1]:8080"),
    ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
  ]) func parses(text: String, origin: String) throws {
    #expect(try RelayAddress(text).origin == origin)
  }

  @Test(arguments: [
    "http://relay.example:80", "http://192.168.1.2", "http://128.0.0.1", "http://127.0.0.1.example.org",
    "http://localhost.example.org", "http://127.0.0", "http://[2001:db8::1]:80",
  ]) func refusesPlainToOthers(text: String) {
    #expect(throws: TransportError(.notLoopback, "")) { try RelayAddress(text) }
  }

  @Test(arguments: [
    "", "relay.example", "ftp://relay.example", "https://", "https://:443", "https://a:0", "https://a:65536",
    "https://a:b", "https://a/path", "https://user@a", "https://a?x", "https://a b", "https://[::1", "https://[a]:1",
    "http://127.0.0.1:1@evil.example",
  ]) func refusesWhatIsNoAddress(text: String) {
    let error = #expect(throws: TransportError.self) { try RelayAddress(text) }
    #expect(error?.code == .badAddress)
    #expect(error?.advice != nil)
  }

  @Test func pin() throws {
    let address = try RelayAddress("https://a:1", pinText: "AB:" + String(repeating: "ab", count: 31))
    #expect(address.pin?.hex == Self.pin)
    #expect(address.loginRelay == .pin(try Digest(hex: Self.pin)))
    #expect(try RelayAddress("https://a:1").loginRelay == .origin("https://a:1"))
    #expect(throws: TransportError(.badAddress, "")) { try RelayAddress("https://a:1", pinText: "abc") }
    #expect(throws: TransportError(.badAddress, "")) { try RelayAddress("http://localhost:1", pinText: Self.pin) }
  }
}
