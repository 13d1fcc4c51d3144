/// A permission with a name. Every flag is allowed or denied, and one that nobody speaks of is denied.
package enum Flag: String, Sendable, CaseIterable, Hashable {
  case sensorCamera = "sensor.camera"
  case sensorMicrophone = "sensor.microphone"
  case recordLocal = "record.local"
  case recordCloud = "record.cloud"
  case detectMotion = "detect.motion"
  /// The level only; no sound is kept for it.
  case detectSound = "detect.sound"
  case sharePhoto = "share.photo"
  case shareVideo = "share.video"
  case shareAudio = "share.audio"
  case shareDevice = "share.device"
  case notifyEmail = "notify.email"
  case notifySystem = "notify.system"
  case diagnosticsEnvironment = "diagnostics.environment"
  case diagnosticsStatistics = "diagnostics.statistics"
  case diagnosticsOperations = "diagnostics.operations"
  case diagnosticsErrors = "diagnostics.errors"
  case diagnosticsCrashes = "diagnostics.crashes"
  case discloseConsent = "disclose.consent"
  case discloseProvider = "disclose.provider"
  case termsAccepted = "terms.accepted"
  case riskAcknowledged = "risk.acknowledged"
}

/// The one use a flag serves (clause C18); another use of the same data is denied.
package enum Purpose: String, Sendable, CaseIterable {
  case account, support, payment, improvement, security
}

extension Flag {
  /// What the flag lets a program do, to follow "may" or "may not".
  package var action: String {
    switch self {
    case .sensorCamera: "use the camera"
    case .sensorMicrophone: "use the microphone"
    case .recordLocal: "record on the device"
    case .recordCloud: "keep sealed recordings at the relay"
    case .detectMotion: "look for motion"
    case .detectSound: "listen for loudness"
    case .sharePhoto: "share photos"
    case .shareVideo: "share video"
    case .shareAudio: "share sound"
    case .shareDevice: "let a guest control the device"
    case .notifyEmail: "send notices by email"
    case .notifySystem: "show notices on a screen"
    case .diagnosticsEnvironment: "report language, device type and system version"
    case .diagnosticsStatistics: "report statistics"
    case .diagnosticsOperations: "report which operations were used"
    case .diagnosticsErrors: "report errors"
    case .diagnosticsCrashes: "report crashes"
    case .discloseConsent: "hand out what the account consented to"
    case .discloseProvider: "hand a service provider what it needs"
    case .termsAccepted: "use the service under the accepted terms"
    case .riskAcknowledged: "send anything off the device"
    }
  }

  /// The clause of ``Clauses`` that a decision about this flag cites.
  package var clause: String {
    switch self {
    case .sensorCamera, .sensorMicrophone, .detectMotion, .detectSound: "C6"
    case .recordLocal: "C14"
    case .recordCloud: "C20"
    case .sharePhoto, .shareVideo, .shareAudio, .shareDevice: "C5"
    case .notifyEmail, .notifySystem: "C10"
    case .diagnosticsEnvironment: "C7"
    case .diagnosticsStatistics, .diagnosticsOperations, .diagnosticsErrors, .diagnosticsCrashes: "C8"
    case .discloseConsent: "C12a"
    case .discloseProvider: "C12b"
    case .termsAccepted: "C1"
    case .riskAcknowledged: "C19"
    }
  }

  /// What the data behind the flag is for.
  package var purpose: Purpose {
    switch self {
    case .termsAccepted: .account
    case .discloseProvider: .payment
    case .riskAcknowledged: .security
    case .diagnosticsEnvironment, .diagnosticsStatistics, .diagnosticsOperations, .diagnosticsErrors,
      .diagnosticsCrashes:
      .improvement
    case .sensorCamera, .sensorMicrophone, .recordLocal, .recordCloud, .detectMotion, .detectSound, .sharePhoto,
      .shareVideo, .shareAudio, .shareDevice, .notifyEmail, .notifySystem, .discloseConsent:
      .support
    }
  }

  /// Where the flag is enforced.
  package var points: [Point] {
    switch self {
    case .sensorCamera, .sensorMicrophone: [.openSensor, .keepSensor, .seal, .keepQueue, .showLocally]
    case .detectMotion, .detectSound: [.openSensor, .keepSensor, .seal]
    case .recordLocal: [.keepQueue, .record]
    case .recordCloud: [.upload]
    case .sharePhoto, .shareVideo, .shareAudio: [.seal, .giveKey, .upload, .serve]
    case .shareDevice: [.giveKey, .serve]
    case .notifyEmail, .notifySystem: [.notify]
    case .diagnosticsEnvironment, .diagnosticsStatistics, .diagnosticsOperations, .diagnosticsErrors,
      .diagnosticsCrashes:
      [.reportDiagnostics]
    case .discloseConsent, .discloseProvider: [.disclose]
    case .termsAccepted: [.upload, .keepField]
    case .riskAcknowledged: [.upload]
    }
  }

  /// Sensors belong to the device, so a grant to a person says nothing about them; it speaks of everything else.
  var isInGrants: Bool { self != .sensorCamera && self != .sensorMicrophone }
}
