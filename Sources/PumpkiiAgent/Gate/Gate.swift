package import PumpkiiPolicy
package import PumpkiiSystem
package import PumpkiiWire

/// The one place that lets plain media go on. Every object, whatever it is for (a viewer, a clip, a photo, the preview on
/// the device), passes ``clear(_:for:at:)`` immediately before it is sealed or shown; the sealing desk takes nothing
/// without the clearance that only this file can make, and gives it to nobody whom the clearance does not name.
package struct Gate: Sendable {
  private let standing: Published<Standing>
  private let surroundings: Surroundings
  /// Nil where nobody looks; the standing then says what there is to say.
  private let clock: ClockGuard?

  package init(
    standing: Published<Standing>, surroundings: Surroundings = Surroundings(), clock: ClockGuard? = nil
  ) {
    self.standing = standing
    self.surroundings = surroundings
    self.clock = clock
  }

  /// What the gate says of one object.
  package enum Outcome: ~Copyable {
    case cleared(Clearance)
    case denied(Decision)
  }

  /// What a decision rests on now.
  package var facts: Facts {
    var facts = standing.value.facts
    facts.hardware = surroundings.facts
    // The standing is as old as the keeper's last look; a clock that goes back counts from the next object on.
    if facts.clock == .trusted, let clock, clock.hasSteppedBack { facts.clock = .jumpedBack }
    return facts
  }

  /// The same with what is not there, for people who ask: a sensor that is gone denies nothing, or it would not be opened
  /// when it comes back, and what was recorded of it would go as if it had been withdrawn.
  package var factsForPeople: Facts {
    var facts = facts
    facts.hardware = surroundings.factsForPeople
    return facts
  }

  /// Decides about one object of `media` now (E3).
  /// - Parameters:
  ///   - uses: what it is wanted for; the clearance names those that every layer allows.
  ///   - time: Unix µs.
  package func clear(
    _ media: MediaClass, for uses: Uses, at time: UInt64 = Clocks.unixMicroseconds()
  ) -> Outcome {
    let (allowed, denial) = Uses.allowed(media: media.name, among: uses, point: .seal, facts: facts, now: time)
    if allowed.isEmpty, let denial { return .denied(denial) }
    return .cleared(Clearance(media: media, uses: allowed))
  }

  /// The uses of `media` that would be cleared now, and the first denial of the others: asked before the work of encoding,
  /// never instead of ``clear(_:for:at:)``.
  package func allowed(
    _ media: MediaClass, among uses: Uses, at point: Point = .seal, time: UInt64 = Clocks.unixMicroseconds()
  ) -> (uses: Uses, denial: Decision?) {
    let (allowed, denial) = Uses.allowed(media: media.name, among: uses, point: point, facts: facts, now: time)
    return (allowed, denial)
  }

  /// Why one flag denies now at a point where everything stays here; nil when it allows. For sensors (E1, E2),
  /// recordings (E5, E6) and the preview (E12).
  package func denial(_ point: LocalPoint, _ flag: Flag, at time: UInt64 = Clocks.unixMicroseconds()) -> Decision? {
    denial(Request(point: point.point, flag: flag, purpose: .support), time)
  }

  /// Why one flag denies now at a point where something leaves or reaches a person; nil when it allows. For uploads
  /// (E7), notices (E8), diagnostics (E9) and disclosure (E10).
  /// - Parameter purpose: what it is for; any other than the flag's own is denied.
  package func denial(
    _ point: OutwardPoint, _ flag: Flag, for purpose: Purpose, at time: UInt64 = Clocks.unixMicroseconds()
  ) -> Decision? {
    denial(Request(point: point.point, flag: flag, purpose: purpose), time)
  }

  private func denial(_ request: Request, _ time: UInt64) -> Decision? {
    let decision = decide(request, facts: facts, now: time)
    return decision.allowed ? nil : decision
  }

  /// Whether a closed shutter alone keeps the camera closed: only then is it looked at.
  package func waitsForShutter(at time: UInt64 = Clocks.unixMicroseconds()) -> Bool {
    var facts = facts
    facts.hardware.camera.remove(.shutterClosed)
    return decide(Request(point: .keepSensor, flag: .sensorCamera, purpose: .support), facts: facts, now: time).allowed
  }

  /// Whether a clip may leave the device now (E7): by what lets clips be and go at all, and by what lets each class
  /// that it holds.
  package func mayUpload(_ classes: ClassMask, at time: UInt64 = Clocks.unixMicroseconds()) -> Bool {
    uploadDenial(classes, at: time) == nil
  }

  /// Why a clip may not leave the device now; nil when it may.
  package func uploadDenial(_ classes: ClassMask, at time: UInt64 = Clocks.unixMicroseconds()) -> Decision? {
    uploadDenial(classes, facts, time)
  }

  /// The same whatever the time is: set times and a clock that is not believed let a clip wait, and withdraw nothing.
  package func isUploadGranted(_ classes: ClassMask) -> Bool {
    var facts = facts
    facts.owner?.schedule = .none
    return uploadDenial(classes, facts, Clocks.unixMicroseconds()) == nil
  }

  /// Whether what a crash left open may still be kept (E6), whatever the time is.
  package func isRecordingGranted(_ classes: ClassMask) -> Bool {
    var facts = facts
    facts.owner?.schedule = .none
    facts.hardware = facts.hardware.ofRecordings
    let now = Clocks.unixMicroseconds()
    // What detection found is no sensor's, and is kept as long as recordings are.
    return decide(Request(point: .record, flag: .recordLocal, purpose: Use.record.purpose), facts: facts, now: now)
      .allowed
      && classes.subtracting(ClassMask(.event)).classes.allSatisfy {
        decide(media: $0.name, use: .record, at: .record, facts: facts, now: now).allowed
      }
  }

  private func uploadDenial(_ classes: ClassMask, _ facts: Facts, _ time: UInt64) -> Decision? {
    var facts = facts
    facts.hardware = facts.hardware.ofRecordings
    for flag in [Flag.recordCloud, .recordLocal] {
      let request = Request(point: .upload, flag: flag, purpose: Use.upload.purpose)
      let decision = decide(request, facts: facts, now: time)
      if !decision.allowed { return decision }
    }
    for media in classes.classes {
      let decision = decide(media: media.name, use: .upload, at: .upload, facts: facts, now: time)
      if !decision.allowed { return decision }
    }
    return nil
  }

  /// The first instant (Unix µs) after `time` at which any flag's answer changes by itself; nil when none does.
  package func nextChange(after time: UInt64 = Clocks.unixMicroseconds()) -> UInt64? {
    let facts = facts
    return Flag.allCases.compactMap { decide(Request(point: .keepSensor, flag: $0), facts: facts, now: time).changesAt }
      .min()
  }
}

/// The right to seal or show one object of one class, once, for what it names.
package struct Clearance: ~Copyable, Sendable {
  /// The one class that it is for.
  package let media: MediaClass
  /// Whom it may go to: relay, recording, preview, …
  package let uses: Uses

  fileprivate init(media: MediaClass, uses: Uses) {
    self.media = media
    self.uses = uses
  }
}
