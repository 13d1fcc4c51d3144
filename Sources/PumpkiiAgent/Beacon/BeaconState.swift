internal import PumpkiiCapture
package import PumpkiiPolicy
package import PumpkiiWire

/// What a beacon says of a sensor, from everything that is known of it: one pure function.
package enum BeaconState {
  /// What stands between a sensor and its viewers.
  package enum Barrier: Sendable, Equatable {
    case none
    /// The owner, whoever runs the board, terms or a time: somebody's decision.
    case policy
    /// The device itself: shutter, switch, or another device than the one that was confirmed. It was closed for that,
    /// so its session says nothing of it any more.
    case hardware(SensorObstacles)
    /// It would depend on the time, and the clock is not trusted.
    case clock

    /// The barrier that a denial is.
    /// - Parameter obstacles: what is known against the device.
    package init(_ denial: Decision?, obstacles: SensorObstacles, isClockTrusted: Bool) {
      switch denial?.layer {
      case nil: self = denial == nil ? .none : .policy
      case .hardware: self = .hardware(obstacles)
      case .schedule: self = isClockTrusted ? .policy : .clock
      case .ceiling, .terms, .owner, .grant: self = .policy
      }
    }
  }

  /// What is known.
  package struct Facts: Sendable, Equatable {
    /// What a decision says against it.
    package var barrier: Barrier
    /// The agent has such a sensor.
    package var isPresent: Bool
    /// Somebody wants what it gives, and it is allowed.
    package var isWanted: Bool
    /// What its device told.
    package var situation: SensorSituation

    package init(barrier: Barrier, isPresent: Bool, isWanted: Bool, situation: SensorSituation) {
      self.barrier = barrier
      self.isPresent = isPresent
      self.isWanted = isWanted
      self.situation = situation
    }
  }

  /// The states of both sensors.
  package struct Pair: Sendable, Equatable {
    package var camera: Beacon.State
    package var microphone: Beacon.State

    package init(camera: Beacon.State, microphone: Beacon.State) {
      self.camera = camera
      self.microphone = microphone
    }
  }

  /// A decision comes first, since it holds whatever the device does; then the device; then whether anybody wants it.
  package static func of(_ facts: Facts) -> Beacon.State {
    let situation = facts.situation
    switch facts.barrier {
    case .policy: return .offByPolicy
    case .clock: return .clock
    case .hardware(let obstacles): return state(obstacles)
    case .none: break
    }
    guard facts.isPresent else { return .noSensor }
    if let failure = situation.failure { return state(failure) }
    guard situation.isOpen else { return facts.isWanted ? .starting : .idle }
    if situation.isShutterClosed { return .shutter }
    if situation.isRecovering { return .frozen }
    if !situation.hasSignal || situation.isSilent { return .noSignal }
    return facts.isWanted ? .live : .idle
  }

  /// Whoever threw the switch decided.
  private static func state(_ obstacles: SensorObstacles) -> Beacon.State {
    if obstacles.contains(.killSwitch) { return .offByPolicy }
    if !obstacles.isDisjoint(with: [.missing, .stranger]) { return .noSensor }
    return obstacles.contains(.shutterClosed) ? .shutter : .offByPolicy
  }

  private static func state(_ failure: CaptureError.Code) -> Beacon.State {
    switch failure {
    case .gone, .stranger: .noSensor
    case .noSignal: .noSignal
    case .frozen: .frozen
    case .busy, .noPermission, .noBandwidth, .notCapture, .unsupported, .unreadable, .failed, .sourceFailed: .unusable
    }
  }
}
