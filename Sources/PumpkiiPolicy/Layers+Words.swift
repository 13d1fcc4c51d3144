// How the layers that have several reasons say them.

extension SensorObstacles {
  /// The first obstacle in words.
  func denial(_ sensor: String) -> Decision.Denial {
    if contains(.killSwitch) {
      return Decision.Denial(
        why: "the kill switch is thrown", advice: "Throw the switch back on the device.", lever: "the kill switch")
    }
    if contains(.missing) {
      return Decision.Denial(
        why: "no \(sensor) is there", advice: "Plug it in; \"pumpkii devices\" lists what is there.",
        lever: "a \(sensor)")
    }
    if contains(.stranger) {
      return Decision.Denial(
        why: "this is not the \(sensor) that consent was given for",
        advice: "The owner can confirm it with \"pumpkii permissions set\".", lever: "the \(sensor)'s confirmation")
    }
    return Decision.Denial(
      why: "the \(sensor)'s privacy shutter is closed", advice: "Open it on the device.", lever: "the privacy shutter")
  }
}

extension TermsFacts.Problem {
  var denial: Decision.Denial {
    switch self {
    case .notAccepted:
      Decision.Denial(
        why: "the terms were not accepted", advice: "Read and accept them with \"pumpkii terms\".",
        lever: Flag.termsAccepted.rawValue)
    case .changed(let old, let new):
      Decision.Denial(
        why: "the terms changed: version \(old) was accepted, version \(new) is in force",
        advice: "Read and accept them with \"pumpkii terms\"; local use goes on.",
        lever: Flag.termsAccepted.rawValue)
    case .riskNotAcknowledged:
      Decision.Denial(
        why: "the risk was not acknowledged", advice: "Read and acknowledge it with \"pumpkii terms\".",
        lever: Flag.riskAcknowledged.rawValue)
    case .riskTextChanged:
      Decision.Denial(
        why: "another text about the risk was acknowledged than the one in force",
        advice: "Read and acknowledge it with \"pumpkii terms\".", lever: Flag.riskAcknowledged.rawValue)
    }
  }
}

extension OwnerPolicy.Pause {
  var denial: Decision.Denial {
    let who = self == .owner ? "the owner paused everything" : "everything was paused on the board"
    return Decision.Denial(why: who, advice: "\"pumpkii permissions resume\" restores what was.", lever: "the pause")
  }
}
