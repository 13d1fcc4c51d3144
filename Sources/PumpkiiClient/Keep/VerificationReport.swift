/// What reading a kept file again found.
public struct VerificationReport: Sendable, Codable, Equatable {
  /// The camera that sealed it.
  public let device: String
  /// Objects that verified and opened, by kind.
  public let opened: [String: Int]
  /// Bytes of media in them.
  public let bytes: Int
  /// Key messages that opened.
  public let epochs: Int
  /// Objects that never came, as far as the others tell.
  public let missing: Int
  /// Whole segments that never came.
  public let missingSegments: Int
  /// Segments without their end.
  public let cut: Int
  /// Objects that came after a loss and before the next point at which decoding can begin.
  public let unused: Int
  /// Objects that verified, of kinds that whoever opens the file was given no key of: theirs to keep, and no alarm.
  public let notGiven: Int
  /// What did not verify, open or fit, by the code of the reason. Any is an alarm.
  public let refused: [String: Int]
  /// Unix µs of the first and last object that opened; 0 when none did.
  public let from: UInt64
  /// See ``from``.
  public let until: UInt64
  /// The clip's number when the file is a clip with its record; its ends were then held against what opened.
  public let clip: UInt64?

  /// Nothing in the file was altered, and something opened.
  public var isGenuine: Bool { refused.isEmpty && !opened.isEmpty }
  /// Nothing is missing between the first object and the last either.
  public var isComplete: Bool { isGenuine && missing == 0 && missingSegments == 0 && cut == 0 }

  private enum CodingKeys: String, CodingKey {
    case device, opened, bytes, epochs, missing, cut, unused, refused, from, until, clip
    case missingSegments = "missing_segments"
    case notGiven = "not_given"
  }
}
