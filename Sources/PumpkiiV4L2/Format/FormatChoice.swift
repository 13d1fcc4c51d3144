public import PumpkiiCapture

/// Which of a camera's formats is asked for, and why.
public struct FormatChoice: Sendable, Equatable {
  /// One of the camera's.
  public var offer: FormatOffer
  /// The rate to ask for.
  public var rate: VideoFormat.Ratio
  /// A sentence for people.
  public var reason: String

  /// A choice.
  package init(offer: FormatOffer, rate: VideoFormat.Ratio, reason: String) {
    self.offer = offer
    self.rate = rate
    self.reason = reason
  }

  /// The best offer for a wish; nil where none can be used.
  public static func choose(_ offers: [FormatOffer], wish: CameraWish) -> FormatChoice? {
    ranking(offers, wish: wish).first
  }

  /// All that can be used, best first: the fixed order in which a refused format falls back.
  package static func ranking(_ offers: [FormatOffer], wish: CameraWish) -> [FormatChoice] {
    let goal = Goal(wish)
    let usable = offers.enumerated().compactMap { index, offer -> Candidate? in
      guard let pixels = offer.pixels, wish.pixels == nil || wish.pixels == pixels else { return nil }
      return Candidate(offer, index: index, goal: goal)
    }
    return usable.sorted { $0.comesBefore($1) }.map { $0.choice(goal) }
  }
}

/// What is looked for, with the defaults filled in.
private struct Goal {
  let width: Int
  let height: Int
  let rate: Double
  let use: CameraWish.Use
  /// A size that somebody asked for weighs more than one that nobody did.
  let sizeWeight: Double

  init(_ wish: CameraWish) {
    width = wish.width ?? wish.height.map { $0 * 16 / 9 } ?? 1280
    height = wish.height ?? wish.width.map { $0 * 9 / 16 } ?? 720
    rate = max(wish.rate ?? 30, 0.1)
    use = wish.use
    sizeWeight = wish.width == nil && wish.height == nil ? 1 : 4
  }
}

/// One offer, judged. Raw formats that the bus cannot carry are offered at low rates, which is what counts against
/// them.
private struct Candidate {
  let offer: FormatOffer
  let index: Int
  let rate: VideoFormat.Ratio
  let isExact: Bool
  let rank: Int
  private let penalty: Double

  init(_ offer: FormatOffer, index: Int, goal: Goal) {
    self.offer = offer
    self.index = index
    let nearest = offer.rates.min { abs($0.value - goal.rate) < abs($1.value - goal.rate) }
    rate = nearest ?? VideoFormat.Ratio(UInt32(max(goal.rate, 1) * 1000), 1000)
    rank = Self.rank(offer, use: goal.use)
    let widths = Self.distance(Double(offer.width), Double(goal.width))
    let heights = Self.distance(Double(offer.height), Double(goal.height))
    // A few frames less are no reason for another format, half of them are.
    let missing = rate.value < goal.rate * 0.8 ? Self.distance(rate.value, goal.rate) : 0
    isExact = widths + heights == 0 && missing == 0
    penalty = (widths + heights) * goal.sizeWeight + missing * 1.5
  }

  private static func distance(_ left: Double, _ right: Double) -> Double {
    guard left > 0, right > 0 else { return 64 }
    let ratio = max(left, right) / min(left, right)
    // log2 without libm: exact enough to compare sizes by.
    var rest = ratio
    var whole = 0.0
    while rest >= 2, whole < 64 {
      rest /= 2
      whole += 1
    }
    return whole + (rest - 1)
  }

  func comesBefore(_ other: Candidate) -> Bool {
    if penalty != other.penalty { return penalty < other.penalty }
    return rank == other.rank ? index < other.index : rank < other.rank
  }

  /// Lower is better.
  private static func rank(_ offer: FormatOffer, use: CameraWish.Use) -> Int {
    let work = offer.needsConversion ? 3 : 0
    switch (offer.pixels, use) {
    case (.h264, .h264), (.mjpeg, .jpeg): return 0
    case (.mjpeg, .h264): return 1
    // No decoder for it here.
    case (.h264, _), (nil, _): return 20
    case (.mjpeg, .raw): return 10
    case (.nv12, _), (.yuv420, _): return 3 + work
    case (.yuyv, _): return 4
    case (.yuv422, _), (.yuv444, _): return 5
    case (.grey, _): return 7
    }
  }

  func choice(_ goal: Goal) -> FormatChoice {
    let text = "\(offer.name) \(offer.width)×\(offer.height) at \(Self.text(rate.value)) frames/s"
    let nearest = isExact ? "" : ", the nearest to \(goal.width)×\(goal.height) at \(Self.text(goal.rate))"
    return FormatChoice(offer: offer, rate: rate, reason: "\(text)\(nearest): \(why(goal.use))")
  }

  private func why(_ use: CameraWish.Use) -> String {
    if offer.needsConversion { return "nothing better is offered, and libv4lconvert makes YUV 4:2:0 of it" }
    switch (offer.pixels, use) {
    case (.h264, .h264): return "the camera codes H.264 itself, which costs nothing here"
    case (.h264, _): return "nothing else is offered"
    case (.mjpeg, .jpeg): return "the camera's own JPEG leaves as it is"
    case (.mjpeg, .h264):
      return "JPEG leaves the bus room for this size and rate, and the camera codes no H.264 at them"
    case (.mjpeg, .raw): return "the bus has no room for raw pictures at this size and rate"
    default:
      return use == .raw ? "raw pictures, as wanted" : "raw pictures, as the camera codes none at this size and rate"
    }
  }

  private static func text(_ rate: Double) -> String {
    let rounded = (rate * 100).rounded() / 100
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }
}
