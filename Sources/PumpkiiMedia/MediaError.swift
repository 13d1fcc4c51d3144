/// Why media cannot be made or read, with what to do about it. Equality is on ``code`` alone.
package struct MediaError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Stable codes that programs see.
  package enum Code: String, Sendable, CaseIterable {
    /// Sizes, rates or layouts that no path takes.
    case unsupported = "media-unsupported"
    /// A picture that is cut short or damaged.
    case badPicture = "media-bad-picture"
    /// H.264 whose frames are not in the order they are shown.
    case reordered = "media-reordered"
    /// H.264 of fields.
    case interlaced = "media-interlaced"
    /// A codec library refused to work.
    case codecFailed = "media-codec-failed"
    /// Boxes that are not what this project writes.
    case badBoxes = "media-bad-boxes"
    /// The stream's parameters changed within one file.
    case changed = "media-changed"
    /// No picture to make a photo of yet.
    case noPicture = "media-no-picture"
    /// Privacy masks cannot be put over the picture, so nothing of it is used.
    case maskImpossible = "media-mask-impossible"
  }

  /// What programs switch on.
  package let code: Code
  /// One line: what happened.
  package let reason: String
  /// One line: what to do next.
  package let advice: String

  /// An error with its sentence and its way out.
  package init(_ code: Code, _ reason: String, advice: String) {
    self.code = code
    self.reason = reason
    self.advice = advice
  }

  /// The sentence, the code, the advice.
  package var description: String { "\(reason) (\(code.rawValue)). \(advice)" }

  /// Equality on the code alone.
  package static func == (left: MediaError, right: MediaError) -> Bool { left.code == right.code }
}
