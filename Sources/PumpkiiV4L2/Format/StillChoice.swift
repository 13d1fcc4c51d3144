internal import PumpkiiCapture

/// Which format a photo is taken in.
enum StillChoice {
  /// The largest that is larger than the stream's, as JPEG where the camera has it so; nil where there is none.
  static func choose(_ offers: [FormatOffer], stream: VideoFormat) -> FormatChoice? {
    let floor = stream.width * stream.height
    let larger = offers.filter { offer in
      guard let pixels = offer.pixels, pixels != .h264 else { return false }
      return offer.width * offer.height > floor
    }
    let coded = larger.filter { $0.pixels == .mjpeg }
    // Of equal sizes the first, as the driver lists what it likes best first.
    let best = (coded.isEmpty ? larger : coded).reduce(nil as FormatOffer?) { best, offer in
      guard let best else { return offer }
      return offer.width * offer.height > best.width * best.height ? offer : best
    }
    // The highest rate: frames to be skipped pass sooner.
    return best.map { FormatChoice(offer: $0, rate: $0.rates.first ?? stream.rate, reason: "the largest picture") }
  }
}
