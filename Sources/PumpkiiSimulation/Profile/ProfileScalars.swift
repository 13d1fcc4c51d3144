/// Values of a profile that are neither a plain number nor plain text, read as the text that stands there. What
/// `allCases` holds is what a refusal names as allowed.

/// Four hexadecimal digits: `046d`, and `2109`, which is no number here.
struct USBNumber: RawRepresentable, CaseIterable {
  static let allCases = [USBNumber(value: 0)]
  let value: UInt16

  private init(value: UInt16) { self.value = value }

  init?(rawValue: String) {
    guard rawValue.utf8.count == 4, rawValue.allSatisfy(\.isHexDigit), let value = UInt16(rawValue, radix: 16) else {
      return nil
    }
    self.value = value
  }

  var rawValue: String { value == 0 ? "four hexadecimal digits" : Self.text(value) }

  static func text(_ value: UInt16) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }
}

/// One frame rate or several with spaces between: `30`, `30 24 20 15`.
struct FrameRates: RawRepresentable, CaseIterable {
  static let allCases = [FrameRates(values: [])]
  static let range = 1.0...240.0
  let values: [Double]

  private init(values: [Double]) { self.values = values }

  init?(rawValue: String) {
    guard let values = NumberList.read(rawValue), values.allSatisfy(Self.range.contains) else { return nil }
    self.values = values
  }

  var rawValue: String { "a number from 1 to 240, or up to 32 with spaces between" }
}

/// One sampling rate or several with spaces between: `16000 48000`.
struct SampleRates: RawRepresentable, CaseIterable {
  static let allCases = [SampleRates(values: [])]
  let values: [Int]

  private init(values: [Int]) { self.values = values }

  init?(rawValue: String) {
    guard let numbers = NumberList.read(rawValue) else { return nil }
    values = numbers.compactMap { (8000.0...192_000).contains($0) ? Int(exactly: $0) : nil }
    if values.count != numbers.count { return nil }
  }

  var rawValue: String { "a whole number from 8000 to 192000, or up to 32 with spaces between" }
}

private enum NumberList {
  static func read(_ text: String) -> [Double]? {
    let words = text.split(separator: " ")
    // `Double` reads hexadecimal and "nan" as well; a profile has no use for them.
    guard (1...32).contains(words.count),
      words.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E } })
    else { return nil }
    let values = words.compactMap { Double($0) }
    return values.count == words.count ? values : nil
  }
}
