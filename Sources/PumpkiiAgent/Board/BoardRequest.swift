package import PumpkiiPolicy

/// What somebody on the board asks of a running agent, one JSON object a line over the socket in its folder.
package enum BoardRequest: Sendable, Equatable, Codable {
  /// Everything that ``BoardStatus`` says.
  case status
  /// Denies a flag here, whatever the owner allows.
  case narrow(String)
  /// Takes a denial made here back.
  case restore(String)
  /// Denies everything until ``resume``.
  case pause
  case resume
  /// Sets flags of a board that is its own owner.
  case set([String: Bool])
  /// Confirms the sensor that is there now (`camera`, `microphone`) on a board that is its own owner.
  case confirm(String)
  /// Sets the times at which flags hold, on a board that is its own owner; none is all times.
  case schedule([BoardWindow], zone: String)
  /// Why a flag or a point is as it is.
  case explain(subject: String, account: String?, at: UInt64?)
  /// Records a clip now, for so many seconds; nil is the post-roll.
  case record(seconds: Int?)
  /// Lets these clips go to the relay, though they began while that was not allowed; nil is all of them.
  case upload([UInt64]?)
  /// Which clips the device has, and why some are there only.
  case clips
  /// Destroys the key under which the ledgers name an account, by its id or the beginning that the log prints.
  case erase(String)
}

/// The answer: a status, what came of a change, sentences, or an error of two lines.
package enum BoardAnswer: Sendable, Codable {
  case status(BoardStatus)
  case done(BoardOutcome)
  case explained([ExplainedDecision])
  case clips(ClipListing)
  case failed(code: String, reason: String, advice: String)
}
