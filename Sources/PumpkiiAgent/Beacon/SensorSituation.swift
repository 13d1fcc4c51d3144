package import PumpkiiCapture

/// What is known of one sensor's device, from what its session and its failures told: a pure machine.
package struct SensorSituation: Sendable, Equatable {
  package var isOpen = false
  /// Why it could not be opened, or stopped; nil once it has opened.
  package var failure: CaptureError.Code?
  package var isShutterClosed = false
  /// False for an HDMI source that is off.
  package var hasSignal = true
  /// It stopped giving frames and is being brought back.
  package var isRecovering = false
  /// A microphone that gives nothing but zeros.
  package var isSilent = false

  package init() {}

  /// What a device says while it opens comes before this.
  package mutating func opened() {
    isOpen = true
    failure = nil
  }

  /// What its device told goes with it, but not why it failed.
  package mutating func closed() { self = SensorSituation(failure: failure) }

  /// It could not be opened, or stopped.
  package mutating func failed(_ code: CaptureError.Code) { self = SensorSituation(failure: code) }

  /// The device told something while it was open.
  package mutating func happened(_ event: SensorEvent) {
    switch event {
    case .shutter(let isClosed): isShutterClosed = isClosed
    case .signal(let isPresent): hasSignal = isPresent
    case .recovering: isRecovering = true
    case .recovered: isRecovering = false
    case .silent(let isSilent): self.isSilent = isSilent
    case .formatChanged, .drift, .note: break
    }
  }

  private init(failure: CaptureError.Code?) { self.failure = failure }
}

/// Both sensors.
package struct SensorSituations: Sendable, Equatable {
  package var camera = SensorSituation()
  package var microphone = SensorSituation()

  package init() {}

  package subscript(kind: SensorIdentity.Kind) -> SensorSituation {
    get { kind == .camera ? camera : microphone }
    set { if kind == .camera { camera = newValue } else { microphone = newValue } }
  }
}
