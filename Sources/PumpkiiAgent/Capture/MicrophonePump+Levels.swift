internal import PumpkiiCapture
internal import PumpkiiPolicy
internal import PumpkiiSystem
internal import PumpkiiWire

// Loudness: measured beside the stream where sound is wanted anyway, else by a session of which no sample leaves.
extension MicrophonePump {
  /// Loudness is all that is wanted and allowed: then no sample is to be had.
  var wantsLevelsAlone: Bool {
    context.detection != nil
      && context.gate.allowed(.audio, among: context.attendant.soundUses).uses == .detectSound
  }

  /// Adds a period to the level that is being measured, where loudness may be listened for.
  func measure(_ audio: CapturedAudio, _ format: AudioFormat, _ meter: inout LevelMeter?) {
    guard let detection = context.detection, context.attendant.soundUses.contains(.detectSound),
      context.gate.allowed(.audio, among: .detectSound).uses == .detectSound
    else { return }
    unsafe audio.samples.withUnsafeBufferPointer { samples in
      unsafe meter?.add(samples, at: audio.timestamp) { detection.hear($0) }
    }
  }

  /// How a session of levels ended.
  struct Outcome {
    let failure: CaptureError?
  }

  /// Runs a session of levels until something else is wanted or it is denied.
  /// - Returns: nil where the microphone gives nothing but sound.
  func runLevels(_ microphone: any Microphone) -> Outcome? {
    do throws(SensorLease<(any LevelSession)?>.Refusal) {
      let lease = try SensorLease<(any LevelSession)?>(
        gate: context.gate, sensor: .sensorMicrophone, open: context.open, base: Self.base,
        opening: { () throws(CaptureError) in
          try microphone.openLevels { context.report.happened(microphone.identity, $0) }
        })
      return listen(lease, microphone.identity)
    } catch {
      return Outcome(failure: error.failure)
    }
  }

  private static func base(_ session: (any LevelSession)?) -> any SensorSession {
    if let session { return session }
    return NoSession()
  }

  private func listen(
    _ lease: consuming SensorLease<(any LevelSession)?>, _ identity: SensorIdentity
  ) -> Outcome? {
    guard lease.withSession({ $0 != nil }) else { return nil }
    lease.withSession { session in
      context.attendant.microphone.attach(session)
      context.report.opened(identity)
    }
    let failure = lease.withSession { $0.flatMap { hear($0) } }
    context.attendant.microphone.attach(nil)
    let (made, counters) = lease.end()
    context.report.closed(identity, made: made, counters: counters)
    context.detection?.close(.sound)
    return Outcome(failure: failure)
  }

  private func hear(_ session: any LevelSession) -> CaptureError? {
    while context.attendant.microphone.isOn, context.gate.denial(.keepSensor, .sensorMicrophone) == nil,
      wantsLevelsAlone
    {
      do throws(CaptureError) {
        if let level = try session.next(timeout: .seconds(1)) { context.detection?.hear(level) }
      } catch {
        return error
      }
    }
    return nil
  }
}

/// Nothing was opened, so nothing is closed.
private final class NoSession: SensorSession {
  func interrupt() {}
  func close() -> UInt64 { 0 }
  var counters: CaptureCounters { CaptureCounters() }
}
