/// Decides how much faster or slower sound is resampled, so that it stays with the clock the pictures are stamped by.
///
/// Timestamps jitter from period to period; the median of a second's leads does not, and a proportional-integral rule
/// of slow gains follows it: an ear hears no change of pitch below some hundred parts per million.
package struct DriftServo: Sendable, Equatable {
  /// ppm beyond which nothing is trimmed; a device worse than that is not drifting but broken.
  package static let limit = 2000.0
  /// Seconds of lead at which the first correction begins: below, sound at 48 kHz passes through untouched.
  static let threshold = 0.001
  private static let proportional = 0.1
  private static let integral = 0.0025
  /// Leads looked at for one decision.
  private static let most = 512

  private let rate: Double
  private var leads: [Double] = []
  private var heard = 0.0
  /// Seconds since the first whole window.
  private var elapsed = 0.0
  private var first: Double?
  /// What the clock is believed to be off by, as a ratio.
  private var belief = 0.0
  /// True from the first correction on.
  package private(set) var isActive = false

  /// For sound of `rate` frames a second.
  package init(rate: Int) { self.rate = Double(max(rate, 1)) }

  /// Takes how many seconds a period came later than the sound before it ends.
  /// - Returns: the trim in ppm, positive for more output, once a second while a correction is needed.
  package mutating func note(lead: Double, frames: Int) -> Int? {
    if leads.count < Self.most { leads.append(lead) }
    heard += Double(frames) / rate
    guard heard >= 1 else { return nil }
    let window = heard
    leads.sort()
    let median = leads[leads.count / 2]
    leads.removeAll(keepingCapacity: true)
    heard = 0
    return decide(median, window: window)
  }

  /// Silence was put in, or sound left out: what was heard of this second says nothing any more.
  package mutating func jumped() {
    leads.removeAll(keepingCapacity: true)
    heard = 0
    first = nil
  }

  private mutating func decide(_ lead: Double, window: Double) -> Int? {
    if !isActive {
      guard let first else {
        self.first = lead
        elapsed = 0
        return nil
      }
      elapsed += window
      guard abs(lead) >= Self.threshold else { return nil }
      isActive = true
      // What has come together until now tells the drift at once, where it was long enough to be more than jitter.
      if elapsed >= 5 { belief = max(-0.0005, min(0.0005, (lead - first) / elapsed)) }
    }
    let bound = Self.limit / 1e6
    belief = max(-bound, min(bound, belief + Self.integral * lead * window))
    let trim = max(-bound, min(bound, belief + Self.proportional * lead))
    return Int((trim * 1e6).rounded())
  }
}
