internal import PumpkiiChain
internal import PumpkiiSystem
internal import PumpkiiTransport
internal import PumpkiiWire

extension CameraLink {
  /// What the camera said of itself last; nil when it said nothing since the relay started. Whether that is how it is
  /// now, only ``watch(classes:keep:)`` can tell.
  /// - Throws: ``ClientError``: a chain's code when what the relay gave was not signed by this camera.
  public func reportedState() async throws(ClientError) -> ReportedState? {
    try await account.reportedState(id(), key: try account.knownRoster(id())?.deviceKey)
  }
}

extension Account {
  /// - Throws: ``ClientError``.
  func reportedState(_ device: DeviceID, key: SigningKey?) async throws(ClientError) -> ReportedState? {
    guard let beacon = try await newestBeacon(device, key: key) else { return nil }
    return ReportedState(
      picture: SensorState(beacon.camera).code, sound: SensorState(beacon.microphone).code, time: beacon.time)
  }

  /// The newest beacon that the relay holds, verified; nil for none, and without a key to verify it by.
  /// - Throws: ``ClientError``.
  func newestBeacon(_ device: DeviceID, key: SigningKey?) async throws(ClientError) -> Beacon? {
    guard let key, let bytes = try await newestBeacon(device) else { return nil }
    return try ClientError.translating {
      var parser = WireItemParser()
      parser.append(bytes)
      guard case .control(.beacon, let body)? = try parser.next(), parser.pending == 0 else {
        throw WireError(.unknownType, "beacon")
      }
      return try BeaconCheck.verify(body, device: device, key: key).body
    }
  }

  private func newestBeacon(_ device: DeviceID) async throws(ClientError) -> [UInt8]? {
    let path = "/v1/cameras/\(device.hex)/beacon"
    return try await ask { () async throws(TransportError) -> [UInt8]? in
      do throws(TransportError) {
        return try await connection.get(path, limit: WireLimits.controlBytes)
      } catch {
        if error.status == 404 { return nil }
        throw error
      }
    }
  }
}
