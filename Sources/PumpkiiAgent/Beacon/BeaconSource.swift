package import PumpkiiCapture
internal import PumpkiiPolicy
package import PumpkiiSystem
internal import PumpkiiWire

/// Looks up what a beacon's states follow from: the gate, the sensors, and who wants what.
package struct BeaconSource: Sendable {
  package var gate: Gate
  package var standing: Published<Standing>
  package var attendant: Attendant
  package var report: SensorReport
  /// The sensors that the agent was given.
  package var sensors: Set<SensorIdentity.Kind>
  /// Whether what depends on the time can be decided.
  package var isClockTrusted: @Sendable () -> Bool

  package init(
    gate: Gate, standing: Published<Standing>, attendant: Attendant, report: SensorReport,
    sensors: Set<SensorIdentity.Kind>, isClockTrusted: @escaping @Sendable () -> Bool
  ) {
    self.gate = gate
    self.standing = standing
    self.attendant = attendant
    self.report = report
    self.sensors = sensors
    self.isClockTrusted = isClockTrusted
  }

  /// The states now.
  package var states: BeaconState.Pair {
    let wanted = attendant.wanted
    let picture: MediaClass? = wanted.contains(.video) ? .video : wanted.contains(.photo) ? .photo : nil
    return BeaconState.Pair(
      camera: state(.camera, .sensorCamera, picture),
      microphone: state(.microphone, .sensorMicrophone, wanted.contains(.audio) ? .audio : nil))
  }

  /// - Parameter wanted: the class that somebody wants of the sensor, which may be denied though the sensor is not.
  private func state(_ kind: SensorIdentity.Kind, _ sensor: Flag, _ wanted: MediaClass?) -> Beacon.State {
    let denial =
      gate.denial(.keepSensor, sensor)
      ?? wanted.flatMap { gate.allowed($0, among: $0 == .photo ? .photo : .live).denial }
    let hardware = gate.facts.hardware
    return BeaconState.of(
      BeaconState.Facts(
        barrier: BeaconState.Barrier(
          denial, obstacles: kind == .camera ? hardware.camera : hardware.microphone, isClockTrusted: isClockTrusted()),
        isPresent: sensors.contains(kind), isWanted: wanted != nil, situation: report.situations.value[kind]))
  }
}
