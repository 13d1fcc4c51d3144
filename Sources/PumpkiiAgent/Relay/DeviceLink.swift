internal import Logging
internal import PumpkiiChain
internal import PumpkiiSystem
package import PumpkiiTransport
package import PumpkiiVault
package import PumpkiiWire

/// The requests a device makes of its relay, as one vocabulary; every path stands here and nowhere else in the agent.
package struct DeviceLink: Sendable {
  package let connection: RelayConnection
  package let device: DeviceID

  package init(connection: RelayConnection, device: DeviceID) {
    self.connection = connection
    self.device = device
  }

  private var base: String { "/v1/cameras/\(device.hex)" }
  private static let listLimit = WireLimits.chainEntries * 1024
  /// An account's chain; a longer one is no household's.
  private static let chainLimit = 256 << 10

  /// - Throws: ``TransportError``.
  package func offer(roster entries: [UInt8]) async throws(TransportError) {
    _ = try await connection.send(.put, "\(base)/roster", body: entries)
  }

  /// Offers a chain the relay may lack; the relay takes any verified extension.
  /// - Throws: ``TransportError``.
  package func offer(chain entries: [UInt8], of account: AccountID) async throws(TransportError) {
    let list = (try? EntryList.decode(entries)) ?? []
    for start in stride(from: 0, to: list.count, by: WireLimits.entriesPerOffer) {
      let slice = Array(list[start..<min(start + WireLimits.entriesPerOffer, list.count)])
      _ = try await connection.send(.post, "/v1/accounts/\(account.hex)/chain", body: EntryList.encode(slice))
    }
  }

  /// An account's chain and sealing keys, each an ``EntryList``; nil when the relay does not know it.
  /// - Throws: ``TransportError``.
  package func account(_ account: AccountID) async throws(TransportError) -> (chain: [UInt8], keys: [UInt8])? {
    guard let chain = try await optional("/v1/accounts/\(account.hex)/chain", limit: Self.chainLimit) else {
      return nil
    }
    return (chain, try await optional("/v1/accounts/\(account.hex)/sealing-keys") ?? [])
  }

  /// What an account allows of its own; nil when there is nothing, or nothing that this camera may know.
  /// - Throws: ``TransportError``.
  package func accountPolicy(_ account: AccountID) async throws(TransportError) -> [UInt8]? {
    do throws(TransportError) {
      return try await optional("/v1/accounts/\(account.hex)/policy", limit: WireLimits.chainEntryBytes)
    } catch {
      if error.status == 403 { return nil }
      throw error
    }
  }

  /// Operations that wait for the device's answer.
  /// - Throws: ``TransportError``.
  package func operations() async throws(TransportError) -> [[UInt8]] {
    let bytes = try await connection.get("\(base)/operations", limit: Self.listLimit)
    do throws(WireError) {
      return try EntryList.decode(bytes)
    } catch {
      throw TransportError(error)
    }
  }

  /// The device has answered this operation.
  /// - Throws: ``TransportError``.
  package func answered(_ operation: [UInt8]) async throws(TransportError) {
    _ = try await connection.send(.delete, "\(base)/operations/\(Hashes.sha256(operation).hex)", body: [])
  }

  /// Gives the relay the policy that the roster names and that no owner's client has.
  /// - Throws: ``TransportError``.
  package func offer(policy document: [UInt8]) async throws(TransportError) {
    _ = try await connection.send(.put, "\(base)/policy", body: document)
  }

  /// The policy document that the owner put there.
  /// - Throws: ``TransportError``.
  package func policy() async throws(TransportError) -> [UInt8]? { try await optional("\(base)/policy") }

  /// Makes a key message durable at the relay; the same bytes again are no error.
  /// - Throws: ``TransportError``.
  package func put(_ message: KeyMessage) async throws(TransportError) {
    let body = message.items.flatMap(\.bytes)
    _ = try await connection.send(.put, "\(base)/keys/\(message.head.body.epoch)", body: body)
  }

  /// Tells the relay how the device is, where no line is open.
  /// - Throws: ``TransportError``.
  package func put(_ beacon: Signed<Beacon>) async throws(TransportError) {
    _ = try await connection.send(.put, "\(base)/beacon", body: beacon.bytes)
  }

  /// The newest key head the relay holds of this device; nil when it holds none or one that is not ours.
  /// - Throws: ``TransportError``.
  package func newestHead() async throws(TransportError) -> KeyHead? {
    guard let bytes = try await optional("\(base)/keys/newest") else { return nil }
    var parser = WireItemParser()
    parser.append(bytes)
    guard case .control(.keyHead, let head)? = try? parser.next() else { return nil }
    return (try? KeyHeadCheck.verify(head, device: device))?.body
  }

  /// Gives the relay a diagnostics report.
  /// - Throws: ``TransportError``.
  package func report(_ json: [UInt8]) async throws(TransportError) {
    try await connection.send(.post, "/v1/diagnostics", body: json, contentType: "application/json")
  }

  /// Has the relay delete every report of this device.
  /// - Throws: ``TransportError``.
  package func withdrawReports() async throws(TransportError) { try await connection.send(.delete, "/v1/diagnostics") }

  /// Stores a clip at the relay; answered once it is on the relay's disk. The same clip again is no error.
  /// - Throws: ``TransportError``.
  package func putClip(_ number: UInt64, body: FileBody) async throws(TransportError) {
    try await connection.send(.put, "\(base)/clips/\(number)", body: body)
  }

  private func optional(_ path: String, limit: Int = listLimit) async throws(TransportError) -> [UInt8]? {
    do throws(TransportError) {
      return try await connection.get(path, limit: limit)
    } catch {
      if error.status == 404 { return nil }
      throw error
    }
  }
}
