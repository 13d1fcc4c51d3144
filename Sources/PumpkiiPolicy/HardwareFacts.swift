/// What is known against the sensors themselves. Nothing is, unless somebody looked and saw it.
package struct HardwareFacts: Sendable, Equatable {
  /// What stands against the camera.
  package var camera: SensorObstacles
  /// What stands against the microphone.
  package var microphone: SensorObstacles

  /// Facts about both sensors.
  package init(camera: SensorObstacles = [], microphone: SensorObstacles = []) {
    self.camera = camera
    self.microphone = microphone
  }

  /// The facts for what was recorded before: a sensor that was unplugged or exchanged since is not used for it, while a
  /// shutter or a kill switch is somebody's "off".
  package var ofRecordings: HardwareFacts {
    let off: SensorObstacles = [.killSwitch, .shutterClosed]
    return HardwareFacts(camera: camera.intersection(off), microphone: microphone.intersection(off))
  }

  /// What stands against the sensor behind a flag; nothing for a flag without one.
  func obstacles(of flag: Flag) -> SensorObstacles {
    switch flag.sensor {
    case .sensorCamera: camera
    case .sensorMicrophone: microphone
    default: []
    }
  }
}

/// Reasons in the hardware not to use a sensor.
package struct SensorObstacles: OptionSet, Sendable, Hashable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The kill switch is thrown.
  package static let killSwitch = SensorObstacles(rawValue: 1)
  /// No such device is there.
  package static let missing = SensorObstacles(rawValue: 2)
  /// The device is not the one that consent was given for.
  package static let stranger = SensorObstacles(rawValue: 4)
  /// The privacy shutter is closed.
  package static let shutterClosed = SensorObstacles(rawValue: 8)
}
