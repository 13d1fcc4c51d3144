package import PumpkiiVault
package import PumpkiiWire

/// Where the sealing desk hands what it sealed, beside the outbox. Called under the desk's lock, in the order of
/// sealing: nothing here may wait, for the disk least of all.
package protocol RecordingOutlet: Sendable {
  func accept(_ object: SealedObject)
  func accept(_ message: KeyMessage)
  /// Whether a segment should begin at the next random access point, because this outlet has not got this one's init.
  func lacks(_ segment: SegmentKID) -> Bool
  /// What a clip that just began wants sealed into it; nil once it was taken.
  func takeNote() -> ClipNote?
}

/// Why and when a clip began. It is sealed as an event, so that neither stands in the clear.
package struct ClipNote: Sendable, Equatable {
  /// Track of the notes: apart from that of events, which viewers follow without a gap.
  package static let track = Track(.event, 15)

  package let reason: ClipMachine.Reason
  /// Unix µs of the first object of the clip, as far as is known here.
  package let begin: UInt64
  /// The clip goes on from the one before, without a gap.
  package let goesOn: Bool

  package init(reason: ClipMachine.Reason, begin: UInt64, goesOn: Bool) {
    self.reason = reason
    self.begin = begin
    self.goesOn = goesOn
  }

  /// `docs/protocol.md`, a clip.
  package var json: [UInt8] {
    Array(#"{"note":"clip","reason":"\#(reason.rawValue)","begin_us":\#(begin),"goes_on":\#(goesOn)}"#.utf8)
  }
}
