package import PumpkiiCapture
internal import PumpkiiChain
internal import PumpkiiWire

/// What consent binds to: the hash of who a sensor says it is and of what it says it can do.
package enum SensorFingerprint {
  /// 64 hexadecimal digits.
  package static func of(_ identity: SensorIdentity) -> String {
    Hashes.sha256(Array("\(identity.id)\n\(identity.capabilities ?? "")".utf8)).hex
  }
}
