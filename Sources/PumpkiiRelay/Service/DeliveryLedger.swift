internal import PumpkiiSystem
internal import PumpkiiWire
internal import Synchronization

/// A debug file of ciphertext positions: which object was written to which viewer, and which a viewer's queue lost. Off
/// unless asked for; lines wait in memory, bounded, and are written every half second and at the end.
final class DeliveryLedger: Sendable {
  private struct State {
    var lines: [UInt8] = []
    var lost = 0
  }

  private static let bound = 8 << 20
  private let state = Mutex(State())
  private let path: String

  init(path: String) { self.path = path }

  func delivered(_ object: LiveObject, to viewer: ClientID) { record("delivered", object, viewer) }
  func dropped(_ object: LiveObject, of viewer: ClientID) { record("dropped", object, viewer) }

  /// Writes what waits.
  /// - Throws: ``SystemError``.
  func flush() throws(SystemError) {
    let (lines, lost) = state.withLock { state in
      defer { state = State() }
      return (state.lines, state.lost)
    }
    guard !lines.isEmpty else { return }
    let note = lost == 0 ? "" : #"{"who":"relay","event":"ledger-lost","count":\#(lost)}"# + "\n"
    try DurableFile.append(lines + Array(note.utf8), to: path, sync: false)
  }

  private func record(_ event: StaticString, _ object: LiveObject, _ viewer: ClientID) {
    let kid = Hex.encode((0..<8).map { UInt8(truncatingIfNeeded: object.header.kid.rawValue >> UInt64(56 - 8 * $0)) })
    let name = viewer.hex.prefix(8)
    let line =
      #"{"who":"relay","event":"\#(event)","viewer":"\#(name)","kid":"0x\#(kid)","index":\#(object.header.index),"#
      + #""bytes":\#(object.count),"t":\#(Clocks.unixMicroseconds())}"# + "\n"
    state.withLock { state in
      guard state.lines.count + line.utf8.count <= Self.bound else {
        state.lost += 1
        return
      }
      state.lines.append(contentsOf: line.utf8)
    }
  }
}
