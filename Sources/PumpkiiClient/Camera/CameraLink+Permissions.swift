internal import PumpkiiPolicy
internal import PumpkiiWire

extension CameraLink {
  /// The flags that exist.
  public static var permissionFlags: [String] { Flag.allCases.map(\.rawValue) }

  /// The policy document that the camera goes by, verified.
  /// - Throws: ``ClientError``: `client-rolled-back` when the relay has another one than the roster names.
  public func permissions() async throws(ClientError) -> Permissions {
    let roster = try await ownedRoster()
    return Permissions(try await document(roster), roster)
  }

  /// Sets flags and leaves the others as they are; the camera takes it as a whole or not at all.
  /// - Parameters:
  ///   - changes: flag to allow or deny.
  ///   - waiting: how long to wait for the camera.
  /// - Throws: ``ClientError``: `client-usage` for an unknown flag, `client-refused` with the camera's reason.
  public func setPermissions(
    _ changes: [String: Bool], waiting: Duration = .seconds(20)
  ) async throws(ClientError) -> (permissions: Permissions, confirmation: Confirmation) {
    for flag in changes.keys where Flag(rawValue: flag) == nil {
      throw ClientError(
        .usage, "there is no flag \(flag)", advice: "the flags are \(Self.permissionFlags.joined(separator: ", "))")
    }
    return try await set(PolicyChange(flags: { $0.merge(changes) { $1 } }), waiting: waiting)
  }

  /// Denies one flag at once, whatever else is on its way. Owners may, and guests whose share includes control.
  /// - Throws: ``ClientError``: `client-usage` for an unknown flag, `client-refused` with the camera's reason.
  public func narrow(_ flag: String, waiting: Duration = .seconds(20)) async throws(ClientError) -> Confirmation {
    guard Flag(rawValue: flag) != nil else {
      throw ClientError(
        .usage, "there is no flag \(flag)", advice: "the flags are \(Self.permissionFlags.joined(separator: ", "))")
    }
    return try await submit(.narrow(flag: flag), waiting: waiting, byOwner: false).confirmation
  }

  /// Denies everything until ``resume(waiting:)``; the flags stay what they are.
  /// - Throws: ``ClientError``, `client-refused` with the camera's reason.
  public func pause(waiting: Duration = .seconds(20)) async throws(ClientError) -> Confirmation {
    try await set(PolicyChange(conditions: { $0.isPaused = true }), waiting: waiting).confirmation
  }

  /// Ends a pause: what was allowed before it is allowed again, and nothing else.
  /// - Throws: ``ClientError``, `client-refused` with the camera's reason.
  public func resume(waiting: Duration = .seconds(20)) async throws(ClientError) -> Confirmation {
    try await set(PolicyChange(conditions: { $0.isPaused = false }), waiting: waiting).confirmation
  }

  /// Sets the times at which flags hold; a flag that no window names holds at all times. No windows end the schedule.
  /// - Throws: ``ClientError``: `client-usage` for a window that is none or a zone that this machine's database lacks,
  ///   `client-refused` with the camera's reason.
  public func setSchedule(
    _ windows: [Permissions.Window], zone: String, waiting: Duration = .seconds(20)
  ) async throws(ClientError) -> Confirmation {
    for window in windows { try window.check() }
    guard windows.isEmpty || !zone.isEmpty else {
      throw ClientError(.usage, "a schedule needs a zone", advice: "name one, as Europe/Berlin")
    }
    // A camera denies what it cannot tell the time of: a mistyped zone would be noticed when it is too late.
    let zones = ZoneBook()
    guard windows.isEmpty || !zones.isThere || zones.has(zone) else {
      throw ClientError(
        .usage, "there is no time zone \(zone)",
        advice: "name one as Europe/Berlin; `timedatectl list-timezones` lists them")
    }
    let change = PolicyChange(conditions: { conditions in
      conditions.windows = windows.map(\.onTheWire)
      conditions.zone = windows.isEmpty ? "" : zone
    })
    return try await set(change, waiting: waiting).confirmation
  }

  /// Confirms the camera or microphone with this fingerprint (64 hexadecimal digits, `pumpkii devices` on the board):
  /// from now on another one in its place is denied.
  /// - Throws: ``ClientError``: `client-usage` for a fingerprint that is none, `client-refused` with the camera's
  ///   reason.
  public func confirm(
    _ sensor: Permissions.Sensor, fingerprint: String, waiting: Duration = .seconds(20)
  ) async throws(ClientError) -> Confirmation {
    guard let digest = try? Digest(hex: fingerprint) else {
      throw ClientError(
        .usage, "a fingerprint has 64 hexadecimal digits", advice: "copy it from `pumpkii devices` on the board")
    }
    let change = PolicyChange(conditions: { conditions in
      conditions.devices.removeAll { $0.sensor == sensor.number }
      conditions.devices.append(PolicyConditions.Device(sensor: sensor.number, fingerprint: digest))
      conditions.devices.sort { $0.sensor < $1.sensor }
    })
    return try await set(change, waiting: waiting).confirmation
  }
}
