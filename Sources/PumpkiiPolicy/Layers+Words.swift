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
        advice: "The owner can confirm it with \"pumpkii permissions confirm\".", lever: "the \(sensor)'s confirmation")
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
        why: "the terms were not accepted", advice: "The owner reads and accepts them with \"pumpkii account terms\".",
        lever: Flag.termsAccepted.rawValue)
    case .noAccount:
      Decision.Denial(
        why: "nothing leaves a board without an account",
        advice: "Pair it with an account (\"pumpkii agent pair\"), whose owner then reads and accepts the terms.",
        lever: "an account")
    case .changed(let old, let new):
      Decision.Denial(
        why: "the terms changed: version \(old) was accepted, version \(new) is in force",
        advice: "The owner reads and accepts them with \"pumpkii account terms\"; local use goes on.",
        lever: Flag.termsAccepted.rawValue)
    case .riskNotAcknowledged:
      Decision.Denial(
        why: "the risk was not acknowledged",
        advice: "The owner reads and acknowledges it with \"pumpkii account terms\".",
        lever: Flag.riskAcknowledged.rawValue)
    case .riskTextChanged:
      Decision.Denial(
        why: "another text about the risk was acknowledged than the one in force",
        advice: "The owner reads and acknowledges it with \"pumpkii account terms\".",
        lever: Flag.riskAcknowledged.rawValue)
    }
  }
}

extension OwnerPolicy.Pause {
  var denial: Decision.Denial {
    switch self {
    case .owner:
      Decision.Denial(
        why: "the owner paused everything", advice: "\"pumpkii permissions resume\" restores what was.",
        lever: "the pause")
    case .board:
      Decision.Denial(
        why: "everything was paused on the board",
        advice: "\"pumpkii permissions resume --board FOLDER\" restores there what was.",
        lever: "the pause on the board")
    }
  }
}
