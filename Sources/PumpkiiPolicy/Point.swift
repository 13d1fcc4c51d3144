/// Where a decision is enforced: the one place in the programs that asks before it acts.
package enum Point: String, Sendable, CaseIterable, Hashable {
  case openSensor = "E1"
  case keepSensor = "E2"
  case seal = "E3"
  case giveKey = "E4"
  case keepQueue = "E5"
  case record = "E6"
  case upload = "E7"
  case notify = "E8"
  case reportDiagnostics = "E9"
  case disclose = "E10"
  case serve = "E11"
  case showLocally = "E12"
  case keepField = "E13"

  /// What a denial does here.
  package var denial: String {
    switch self {
    case .openSensor: "the device is not opened"
    case .keepSensor: "the device is closed"
    case .seal: "nothing of it is sealed"
    case .giveKey: "the account gets no key"
    case .keepQueue: "what was held back is wiped"
    case .record: "nothing is recorded"
    case .upload: "nothing is uploaded"
    case .notify: "no notice is sent"
    case .reportDiagnostics: "nothing is reported"
    case .disclose: "nothing is handed out"
    case .serve: "the relay does not serve it"
    case .showLocally: "an \"off\" picture is shown"
    case .keepField: "the field is not kept"
    }
  }

  /// The same of one flag: nothing of a microphone can be seen.
  package func denial(of flag: Flag) -> String {
    self == .showLocally && flag == .sensorMicrophone ? "nothing of it is played" : denial
  }

  /// Asked on behalf of one account, so that its grant decides too.
  package var isForAccount: Bool { self == .giveKey || self == .serve }
}
