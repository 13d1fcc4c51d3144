internal import HTTPTypes
internal import Hummingbird
internal import PumpkiiWire
internal import Synchronization

/// What every resource needs: who asks, how often, and the parts of the request.
struct Desk: Sendable {
  let relay: Relay
  let reading: RequestReading

  init(_ relay: Relay) {
    self.relay = relay
    reading = RequestReading(timeout: relay.configuration.limits.bodyTimeout)
  }

  var bodyLimit: Int { relay.configuration.limits.bodyBytes }

  /// Counts a request of somebody unknown, or as many signatures as it asks to have checked.
  func admit(_ context: RelayContext, count: Int = 1) throws(Problem) {
    try take("address \(context.origin)", relay.configuration.limits.unauthenticated, count)
  }

  /// Counts signatures that a device asks to have checked.
  func admit(_ device: DeviceID, count: Int) throws(Problem) {
    try take("device \(device.hex)", relay.configuration.limits.authenticated, count)
  }

  /// The holder of the request's token.
  func identity(_ request: Request, _ context: RelayContext) throws(Problem) -> Identity {
    let header = request.headers[.authorization] ?? ""
    let token = header.hasPrefix("Bearer ") ? Base64URL.decode(String(header.dropFirst(7))) : nil
    let identity = token.flatMap { token in relay.logins.withLock { $0.identity(token, now: Relay.uptime) } }
    guard let identity else {
      try admit(context)
      throw Problem(.unauthorized, "token", "log in: the token is missing, unknown or has run out")
    }
    try take(identity.rateKey, relay.configuration.limits.authenticated, 1)
    return identity
  }

  /// The device that the path names, by its own token.
  func device(_ request: Request, _ context: RelayContext) throws(Problem) -> DeviceID {
    let named: DeviceID = try context.identifier("device")
    guard case .device(named, _) = try identity(request, context) else {
      throw .forbidden("not-the-device", "only the camera itself may do this")
    }
    return named
  }

  func client(_ request: Request, _ context: RelayContext) throws(Problem) -> ClientIdentity {
    guard case .client(let client, let account, let key) = try identity(request, context) else {
      throw .forbidden("not-a-client", "only a client of an account may do this")
    }
    return ClientIdentity(client: client, account: account, key: key)
  }

  private func take(_ key: String, _ rate: RelayConfiguration.Rate, _ count: Int) throws(Problem) {
    if let wait = relay.limiter.take(key, rate, count: count) { throw .tooMany(retryAfter: wait) }
  }
}
