internal import PumpkiiCapture
internal import PumpkiiMedia
internal import PumpkiiPolicy
internal import PumpkiiSystem
internal import PumpkiiWire
internal import ServiceLifecycle

// The two sensors' services; a sensor that is not there has none.
extension AgentCore {
  /// - Parameter ports: what must be listened on before a sensor opens.
  func sensorServices(_ parts: Agent.Parts, after ports: [Published<Int?>]) -> [any Service] {
    var list: [any Service] = []
    if let camera = parts.camera {
      list.append(LateService(ports: ports, service: cameraService(camera, parts)))
      list.append(
        ShutterWatch(camera: camera, surroundings: surroundings, closings: shutterClosings) { [gate] in
          gate.waitsForShutter()
        })
    }
    if let microphone = parts.microphone {
      list.append(LateService(ports: ports, service: microphoneService(microphone, parts)))
    }
    if let hotplug = parts.hotplug {
      let sensors = [parts.camera.map { _ in Flag.sensorCamera }, parts.microphone.map { _ in .sensorMicrophone }]
      list.append(
        AbsenceWatch(arrivals: hotplug.arrivals, surroundings: surroundings, sensors: sensors.compactMap { $0 }))
      list.append(hotplug)
    }
    return list
  }

  /// What shows that a sensor is open, and what people close them with; before the sensors, to end after them.
  func hardwareServices(_ parts: Agent.Parts) -> [any Service] {
    let decisions = audit.decisions
    let indicator = Indicator(
      sensors: openSensors, outputs: parts.configuration.indicator.outputs, logger: parts.logger,
      note: { decisions.record($0) })
    let configured = parts.configuration.killSwitch.map { KillSwitch($0, logger: parts.logger) }
    guard let killSwitch = parts.killSwitch ?? configured else { return [indicator] }
    return [
      indicator, killSwitch,
      KillSwitchWatch(killSwitch: killSwitch, surroundings: surroundings) {
        decisions.record(.killSwitch(isThrown: $0))
      },
    ]
  }

  private func cameraService(_ camera: any Camera, _ parts: Agent.Parts) -> SensorService {
    let pump = CameraPump(
      camera: camera,
      context: CameraPump.Context(
        gate: gate, desk: desk, attendant: attendant, account: video, photos: photos, anchor: anchor, report: report,
        open: openSensors, detection: detection, preview: preview, mode: parts.configuration.video.mode,
        processor: processor(parts)))
    return SensorService(
      identity: camera.identity, directive: attendant.directive, isWanted: { $0.camera }, sensor: attendant.camera,
      report: report, arrivals: parts.hotplug?.arrivals, pump: pump.run)
  }

  private func microphoneService(
    _ microphone: any Microphone, _ parts: Agent.Parts
  ) -> SensorService {
    let pump = MicrophonePump(
      microphone: microphone,
      context: MicrophonePump.Context(
        gate: gate, desk: desk, attendant: attendant, account: audio, anchor: anchor,
        settings: parts.configuration.audio, report: report, open: openSensors, detection: detection))
    return SensorService(
      identity: microphone.identity, directive: attendant.directive, isWanted: { $0.microphone },
      sensor: attendant.microphone, report: report, arrivals: parts.hotplug?.arrivals, pump: pump.run)
  }

  /// Encoders of the machine are looked for when a camera opens, on its thread: nodes move.
  private func processor(_ parts: Agent.Parts) -> @Sendable (VideoFormat) throws(MediaError) -> VideoProcessor {
    let (settings, memory, report, camera) = (parts.configuration.video, EncoderMemory(), report, parts.camera)
    let isReal = parts.hotplug != nil
    return { (format) throws(MediaError) in
      let encodes = settings.mode == .h264 && format.pixels != .h264
      return try VideoProcessor(
        format: format, settings: settings, encoders: isReal && encodes ? HardwareEncoders.candidates() : [],
        memory: memory
      ) { note in if let camera { report.happened(camera.identity, .note(note)) } }
    }
  }
}
