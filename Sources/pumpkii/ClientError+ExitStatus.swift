internal import PumpkiiClient

extension ClientError: ExitStatusProviding {
  var exitStatus: ExitStatus {
    switch code {
    case .usage, .accountExists: .usage
    case .noAccount: .configuration
    case .noCamera: .noInput
    case .home: .ioError
    case .notOwner, .cut, .refused: .noPermission
    case .pairing: .protocolError
    case .timeout, .offline: .temporary
    case .altered, .rolledBack, .media: .dataError
    default: byPrefix
    }
  }

  /// Codes of the rooms below, which this room does not list one by one.
  private var byPrefix: ExitStatus {
    if isTransient { return .unavailable }
    switch code.rawValue {
    case "relay-bad-address", "relay-not-loopback", "vault-bad-code": return .usage
    case "relay-pin-mismatch", "relay-certificate", "relay-malformed", "relay-too-large": return .protocolError
    case let word where ["vault-", "chain-", "wire-"].contains { word.hasPrefix($0) }: return .dataError
    case let word where word.hasSuffix("-no-rights"): return .noPermission
    default: return .unavailable
    }
  }
}
