internal import PumpkiiDocument
internal import PumpkiiSystem

extension RelayConfiguration {
  /// The configuration of a home: defaults, then `relay.yaml` (or `file`), then the environment. Flags come after.
  ///
  /// Keys of the file: `listen` (`HOST:PORT`), `plain`, `origins`, `port_file`, `ledger`, `log_level`, and under
  /// `limits`: `body_bytes`, `header_bytes`, `object_bytes`, `viewer_queue_bytes`, `viewer_hard_bytes`,
  /// `group_cache_bytes`, `all_caches_bytes`, `viewers_per_camera`, `operations_per_camera`, `key_messages_per_camera`,
  /// `accounts`, `cameras`, `connections`, `decoded_bytes`, `clip_bytes`, `clip_bytes_per_camera`, `all_clips_bytes`,
  /// `clip_days`, `clip_uploads_per_camera`, `unauthenticated` and `authenticated` and `commands` and `nonces` and `hints` and
  /// `diagnostics` (each `burst`, `per_second`), `idle_timeout`, `body_timeout`, `handshake_timeout`, `heartbeat`.
  /// Environment: `PUMPKII_RELAY_LISTEN`, `_PLAIN`, `_ORIGINS` (commas between them), `_PORT_FILE`, `_LEDGER`,
  /// `_LOG_LEVEL`.
  /// - Throws: ``RelayError`` with every problem of the file, one a line, by file, line, column and key.
  public static func read(
    home: String, file: String? = nil, environment: [String: String] = [:]
  ) throws(RelayError) -> RelayConfiguration {
    var configuration = RelayConfiguration(home: home)
    let path = file ?? "\(home)/relay.yaml"
    if let bytes = try contents(path, isRequired: file != nil) {
      let problems = DocumentReader.problems(bytes, file: path) { reader throws(DocumentError) in
        var scratch = RelayConfiguration(home: home)
        try scratch.take(reader)
      }
      guard problems.isEmpty else {
        throw RelayError(.configuration, problems.map(\.description).joined(separator: "\n"))
      }
      do throws(DocumentError) {
        let start = configuration
        configuration = try DocumentReader.read(bytes, file: path) { reader throws(DocumentError) in
          var filled = start
          try filled.take(reader)
          return filled
        }
      } catch {
        throw RelayError(.configuration, error.description)
      }
    }
    try configuration.take(environment: environment)
    return configuration
  }

  /// Sets host and port from `HOST:PORT`; an IPv6 address stands in brackets.
  /// - Throws: ``RelayError``.
  public mutating func setListen(_ text: String) throws(RelayError) {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
      throw RelayError(.configuration, "listen: write HOST:PORT, as 127.0.0.1:8443 or [::1]:8443")
    }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    guard !host.isEmpty else { throw RelayError(.configuration, "listen: the host before the colon is missing") }
    (self.host, self.port) = (host, Int(port))
  }

  private static func contents(_ path: String, isRequired: Bool) throws(RelayError) -> [UInt8]? {
    do {
      let bytes = try DurableFile.read(path, limit: 1 << 20)
      if bytes == nil, isRequired { throw RelayError(.configuration, "\(path): there is no such file") }
      return bytes
    } catch let error as RelayError {
      throw error
    } catch {
      throw RelayError(.configuration, "\(error)")
    }
  }

  private mutating func take(_ reader: DocumentReader) throws(DocumentError) {
    if let listen = try reader.string("listen") {
      do throws(RelayError) { try setListen(listen) } catch { try reader.refuse("listen", error.detail) }
    }
    plain = try reader.bool("plain") ?? plain
    origins = try reader.strings("origins", limit: 16) ?? origins
    portFile = try reader.string("port_file") ?? portFile
    ledger = try reader.string("ledger") ?? ledger
    logLevel = try reader.enumeration("log_level") ?? logLevel
    if let inner = try reader.map("limits") { try limits.take(inner) }
  }

  private mutating func take(environment: [String: String]) throws(RelayError) {
    if let listen = environment["PUMPKII_RELAY_LISTEN"] { try setListen(listen) }
    if let text = environment["PUMPKII_RELAY_PLAIN"] {
      guard text == "true" || text == "false" else {
        throw RelayError(.configuration, "PUMPKII_RELAY_PLAIN must be true or false")
      }
      plain = text == "true"
    }
    if let text = environment["PUMPKII_RELAY_ORIGINS"] { origins = text.split(separator: ",").map(String.init) }
    portFile = environment["PUMPKII_RELAY_PORT_FILE"] ?? portFile
    ledger = environment["PUMPKII_RELAY_LEDGER"] ?? ledger
    if let text = environment["PUMPKII_RELAY_LOG_LEVEL"] {
      guard let level = LogLevel(rawValue: text) else {
        let all = LogLevel.allCases.map(\.rawValue).joined(separator: ", ")
        throw RelayError(.configuration, "PUMPKII_RELAY_LOG_LEVEL must be one of \(all)")
      }
      logLevel = level
    }
  }
}

extension RelayConfiguration.Limits {
  mutating func take(_ reader: DocumentReader) throws(DocumentError) {
    bodyBytes = try reader.int("body_bytes", in: 64 << 10...64 << 20) ?? bodyBytes
    headerBytes = try reader.int("header_bytes", in: 1 << 10...1 << 20) ?? headerBytes
    objectBytes = try reader.int("object_bytes", in: 1 << 10...16 << 20) ?? objectBytes
    viewerQueueBytes = try reader.int("viewer_queue_bytes", in: 64 << 10...64 << 20) ?? viewerQueueBytes
    viewerHardBytes = try reader.int("viewer_hard_bytes", in: 1 << 20...256 << 20) ?? viewerHardBytes
    groupCacheBytes = try reader.int("group_cache_bytes", in: 64 << 10...64 << 20) ?? groupCacheBytes
    allCachesBytes = try reader.int("all_caches_bytes", in: 1 << 20...64 << 30) ?? allCachesBytes
    viewersPerCamera = try reader.int("viewers_per_camera", in: 1...10_000) ?? viewersPerCamera
    operationsPerCamera = try reader.int("operations_per_camera", in: 1...4096) ?? operationsPerCamera
    keyMessagesPerCamera = try reader.int("key_messages_per_camera", in: 16...1 << 20) ?? keyMessagesPerCamera
    accounts = try reader.int("accounts", in: 1...100_000_000) ?? accounts
    cameras = try reader.int("cameras", in: 1...100_000_000) ?? cameras
    connections = try reader.int("connections", in: 8...1_000_000) ?? connections
    if let rate = try reader.map("unauthenticated") { try unauthenticated.take(rate) }
    if let rate = try reader.map("authenticated") { try authenticated.take(rate) }
    decodedBytes = try reader.int("decoded_bytes", in: 1 << 20...64 << 30) ?? decodedBytes
    if let rate = try reader.map("commands") { try commands.take(rate) }
    if let rate = try reader.map("nonces") { try nonces.take(rate) }
    if let rate = try reader.map("hints") { try hints.take(rate) }
    if let rate = try reader.map("diagnostics") { try diagnostics.take(rate) }
    try takeClips(reader)
    idleTimeout = try reader.duration("idle_timeout", in: .seconds(6)...(.seconds(600))) ?? idleTimeout
    bodyTimeout = try reader.duration("body_timeout", in: .seconds(1)...(.seconds(600))) ?? bodyTimeout
    handshakeTimeout = try reader.duration("handshake_timeout", in: .seconds(1)...(.seconds(60))) ?? handshakeTimeout
    heartbeat = try reader.duration("heartbeat", in: .milliseconds(100)...(.seconds(60))) ?? heartbeat
  }
}

extension RelayConfiguration.Limits {
  private mutating func takeClips(_ reader: DocumentReader) throws(DocumentError) {
    clipBytes = try reader.int("clip_bytes", in: 1 << 20...4 << 30) ?? clipBytes
    clipBytesPerCamera = try reader.int("clip_bytes_per_camera", in: 1 << 20...1 << 50) ?? clipBytesPerCamera
    allClipsBytes = try reader.int("all_clips_bytes", in: 1 << 20...1 << 60) ?? allClipsBytes
    clipDays = try reader.int("clip_days", in: 1...36_500) ?? clipDays
    clipUploadsPerCamera = try reader.int("clip_uploads_per_camera", in: 1...64) ?? clipUploadsPerCamera
  }
}

extension RelayConfiguration.Rate {
  fileprivate mutating func take(_ reader: DocumentReader) throws(DocumentError) {
    burst = try reader.double("burst", in: 1...1e9) ?? burst
    perSecond = try reader.double("per_second", in: 0.001...1e9) ?? perSecond
  }
}
