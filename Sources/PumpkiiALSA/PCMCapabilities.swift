/// What a PCM says it can do.
package struct PCMCapabilities: Sendable, Hashable {
  /// The rates that are asked for.
  package static let commonRates = [
    8000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000,
  ]
  /// The largest number of channels that is asked for.
  package static let mostChannels = 16

  /// Of ``commonRates``.
  package var rates: [Int]
  /// Ascending.
  package var channels: [Int]
  /// Those that are understood here.
  package var formats: [SampleFormat]

  /// Capabilities.
  package init(rates: [Int], channels: [Int], formats: [SampleFormat]) {
    self.rates = rates
    self.channels = channels
    self.formats = formats
  }

  /// One text, the same whatever order the device lists them in; permissions bind to its hash.
  package func text(card: String) -> String {
    let rates = rates.sorted().map(String.init).joined(separator: ",")
    let channels = channels.sorted().map(String.init).joined(separator: ",")
    let formats = formats.map(\.rawValue).sorted().joined(separator: ",")
    return "card \(Self.stem(card))\nrates \(rates)\nchannels \(channels)\nformats \(formats)\n"
  }

  /// `webcam_1` is what the second of two equal cards is called, whichever came second.
  private static func stem(_ card: String) -> String {
    guard let cut = card.lastIndex(of: "_"), Int(card[card.index(after: cut)...]) != nil else { return card }
    return String(card[..<cut])
  }
}

/// Who knows the cards: alsa-lib, or a test.
package protocol CardInterface: Sendable {
  /// For people; nil where the card may not be opened.
  func name(ofCard card: Int) -> String?
  /// nil where it may not be opened, or is busy.
  func capabilities(of pcm: String) -> PCMCapabilities?
}
