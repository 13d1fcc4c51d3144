package import PumpkiiPolicy

/// A point at which what was made stays on the device: what happens there supports whoever uses the camera.
package enum LocalPoint: Sendable, CaseIterable {
  case openSensor
  case keepSensor
  case keepQueue
  case record
  case showLocally

  package var point: Point {
    switch self {
    case .openSensor: .openSensor
    case .keepSensor: .keepSensor
    case .keepQueue: .keepQueue
    case .record: .record
    case .showLocally: .showLocally
    }
  }
}

/// A point at which something leaves the device or reaches a person: whoever asks says what for (C18).
package enum OutwardPoint: Sendable, CaseIterable {
  case upload
  case notify
  case reportDiagnostics
  case disclose

  package var point: Point {
    switch self {
    case .upload: .upload
    case .notify: .notify
    case .reportDiagnostics: .reportDiagnostics
    case .disclose: .disclose
    }
  }
}
