internal import PumpkiiPolicy
internal import PumpkiiWire

/// Empties the way to the relay of what must not leave any more (E5, E7): a withdrawn sensor, a withdrawn share, terms
/// that are not accepted any more. What was sealed before is no reason to send it after.
package struct QueueGuard: Sendable {
  private let gate: Gate
  private let outbox: Outbox

  package init(gate: Gate, outbox: Outbox) {
    self.gate = gate
    self.outbox = outbox
  }

  /// What is allowed may have changed; what waits and is withdrawn is gone when this returns.
  package func refresh() { outbox.wipe(withdrawn) }

  private var withdrawn: ClassMask {
    let classes: [MediaClass] = [.video, .audio, .photo, .event]
    return ClassMask(
      classes: classes.filter { media in
        gate.allowed(media, among: media == .photo ? .photo : .live, at: .upload).uses.isEmpty
      })
  }
}
