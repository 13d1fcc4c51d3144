package import Logging
package import PumpkiiPolicy
package import PumpkiiSystem
package import PumpkiiWire
internal import ServiceLifecycle
internal import Synchronization

/// The shell around ``Attention``: watches who wants what and what is allowed, and turns the sensors on and off.
/// Changes that somebody brings take hold before the call returns; those that come by themselves, at their instant.
package final class Attendant: Service, Sendable {
  private let inputs: Published<Attention.Inputs>
  private let standing: Published<Standing>
  private let gate: Gate
  private let attention: Mutex<Attention>
  private let ledger: LedgerWriter?
  private let logger: Logger?
  /// Told of each wish that is denied, once.
  private let denied: @Sendable (Decision) -> Void
  /// Why each class that is wanted does not come, as it was said last.
  private let told = Mutex<[MediaClass: String]>([:])
  /// What the device itself wants.
  private let desires = Mutex(LocalDesires())
  /// Told what holds after each change, under no lock of ours; for recorder, queues and preview.
  private let followers = Mutex<[@Sendable () -> Void]>([])
  /// What the sensors and the uplink should do now.
  package let directive = Published(Attention.Directive())
  /// What the camera's thread obeys.
  package let camera = SensorSwitch()
  /// What the microphone's thread obeys.
  package let microphone = SensorSwitch()

  package init(
    standing: Published<Standing>, gate: Gate, settings: Attention.Settings = Attention.Settings(),
    ledger: LedgerWriter? = nil, logger: Logger? = nil, denied: @escaping @Sendable (Decision) -> Void = { _ in }
  ) {
    self.denied = denied
    self.standing = standing
    self.gate = gate
    self.ledger = ledger
    self.logger = logger
    inputs = Published(Attention.Inputs())
    attention = Mutex(Attention(settings: settings))
  }

  /// The relay says which classes anybody wants.
  package func setWanted(_ wanted: ClassMask) {
    let began = inputs.update { inputs in
      defer { inputs.wanted = wanted }
      return inputs.wanted.isEmpty && !wanted.isEmpty
    }
    if began { ledger?.record("wanted", ["t": .count(Clocks.unixMicroseconds())]) }
    refresh()
  }

  /// The uplink begins or ends; without one, nothing is wanted from afar.
  package func setConnected(_ isConnected: Bool) {
    inputs.update { $0.isConnected = isConnected }
    refresh()
  }

  /// What the device itself wants now.
  package func update(_ change: (inout LocalDesires) -> Void) {
    let isNews = desires.withLock { desires in
      let before = desires
      change(&desires)
      return desires != before
    }
    if isNews { inputs.update { _ in } }
    refresh()
  }

  /// Adds somebody who is told after each change of what is wanted or allowed.
  package func follow(_ follower: @escaping @Sendable () -> Void) { followers.withLock { $0.append(follower) } }

  /// What pictures are wanted for now.
  package var pictureUses: Uses {
    var uses = desires.withLock { $0.picture }
    if live.contains(.video) { uses.insert(.live) }
    return uses
  }

  /// What sound is wanted for now.
  package var soundUses: Uses {
    var uses = desires.withLock { $0.sound }
    if live.contains(.audio) { uses.insert(.live) }
    return uses
  }

  /// The agent ends: the uplink drains and closes, and nothing opens any more.
  package func retire() {
    inputs.update { $0.isRetired = true }
    refresh()
  }

  /// What is allowed changed: what is denied now stops before this returns.
  package func standingChanged() {
    refresh()
    // The instant at which it changes by itself may be another one.
    inputs.update { _ in }
  }

  /// Classes that are to be sealed now.
  package var live: ClassMask { directive.value.live }

  /// Classes that somebody wants, allowed or not.
  package var wanted: ClassMask { inputs.value.wanted }

  /// Turns linger times into changes; everything else is done at once by whoever brings the change.
  /// - Throws: nothing; the signature is the protocol's.
  package func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        let seen = await self.inputs.next(after: 0).version
        let changesAt = self.refresh()
        await self.inputs.wait(for: changesAt, orChangeAfter: seen)
      }
    }
  }

  @discardableResult
  private func refresh() -> UInt64? {
    defer {
      explain(inputs.value.wanted)
      for follower in followers.withLock({ $0 }) { follower() }
    }
    let local = desires.withLock { $0 }
    return attention.withLock { attention in
      var inputs = inputs.value
      // Asked under the lock: an answer from before a change must not be acted on after it.
      inputs.cameraAllowed = gate.denial(.keepSensor, .sensorCamera) == nil
      inputs.microphoneAllowed = gate.denial(.keepSensor, .sensorMicrophone) == nil
      inputs.picture = wish(.video, local.picture, inputs.wanted)
      inputs.sound = wish(.audio, local.sound, inputs.wanted)
      let (next, changesAt) = attention.decide(inputs, now: Clocks.monotonic())
      if directive.value != next { directive.set(next) }
      camera.set(next.camera)
      microphone.set(next.microphone)
      return [changesAt, nextPermissionChange].compactMap { $0 }.min()
    }
  }

  /// What a sensor is wanted for, and what of that is allowed: nothing opens for a viewer who may have nothing of it.
  private func wish(_ media: MediaClass, _ local: Uses, _ wanted: ClassMask) -> Attention.Wish {
    let desired = wanted.contains(media) ? local.union(.live) : local
    var wish = Attention.Wish(desired: desired, allowed: gate.allowed(media, among: desired).uses)
    if media == .video, wanted.contains(.photo) {
      wish.desired.insert(.photo)
      wish.allowed.formUnion(gate.allowed(.photo, among: .photo).uses)
    }
    return wish
  }

  /// CLOCK_MONOTONIC in ns at which what is allowed changes by itself.
  private var nextPermissionChange: UInt64? {
    let now = Clocks.unixMicroseconds()
    guard let instant = gate.nextChange(after: now), instant > now else { return nil }
    let pause = (instant - now).multipliedReportingOverflow(by: 1000)
    let (sum, isTooFar) = Clocks.monotonic().addingReportingOverflow(pause.partialValue)
    return pause.overflow || isTooFar ? nil : sum
  }

  /// Why what is wanted does not come, by the class's name.
  package var refused: [String: String] {
    told.withLock { told in Dictionary(uniqueKeysWithValues: told.map { ($0.name, $1) }) }
  }

  /// Says why something that is wanted does not come: each reason once, not at every look.
  private func explain(_ wanted: ClassMask) {
    told.withLock { told in told = told.filter { wanted.contains($0.key) } }
    for media in wanted.classes {
      let use: Uses = media == .photo ? .photo : .live
      let denial = gate.allowed(media, among: use).denial
      let isNews = told.withLock { told in
        defer { told[media] = denial?.reason }
        return told[media] != denial?.reason
      }
      guard isNews, let denial else { continue }
      denied(denial)
      logger?.notice("\(media.name) is wanted and denied: \(denial.reason)")
    }
  }
}
