package import PumpkiiPolicy
package import PumpkiiSystem
package import PumpkiiWire

/// The one place that lets plain media go on to be sealed. Every object, whatever it is for, passes ``clear(_:at:)``
/// immediately before sealing; the sealing desk takes nothing without the clearance that only this file can make.
package struct Gate: Sendable {
  private let standing: Published<Standing>

  package init(standing: Published<Standing>) { self.standing = standing }

  /// What the gate says of one object.
  package enum Outcome: ~Copyable {
    case cleared(Clearance)
    case denied(Decision)
  }

  /// Decides about one object of `media` now (E3).
  /// - Parameter time: Unix µs.
  package func clear(_ media: MediaClass, at time: UInt64 = Clocks.unixMicroseconds()) -> Outcome {
    if let denial = wouldDeny(media, at: time) { return .denied(denial) }
    return .cleared(Clearance(media: media))
  }

  /// Whether an object of `media` would be denied now: asked before the work of encoding, never instead of
  /// ``clear(_:at:)``.
  package func wouldDeny(_ media: MediaClass, at time: UInt64 = Clocks.unixMicroseconds()) -> Decision? {
    let decision = decide(media: media.name, at: .seal, facts: standing.value.facts, now: time)
    return decision.allowed ? nil : decision
  }

  /// Why a sensor may not be opened (E1) or kept open (E2) now; nil when it may.
  package func denial(_ point: Point, sensor: Flag, at time: UInt64 = Clocks.unixMicroseconds()) -> Decision? {
    let decision = decide(Request(point: point, flag: sensor), facts: standing.value.facts, now: time)
    return decision.allowed ? nil : decision
  }
}

/// The right to seal one object of one class, once.
package struct Clearance: ~Copyable, Sendable {
  package let media: MediaClass
  fileprivate init(media: MediaClass) { self.media = media }
}
