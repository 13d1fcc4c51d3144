package import PumpkiiWire

/// A wish that changes no right. Whether the client's account may command at all is the roster's answer
/// (``Roster/mayControl(_:now:)`` or its rights), not this one's.
package enum CommandCheck {
  /// How far ahead a command may reach; its client leaves room for clocks that differ.
  package static let longestMicroseconds: UInt64 = 30_000_000

  /// Verifies a signed ``Command`` of the client with `key` for `device`. The caller keeps the counter of what passes.
  /// - Throws: ``ChainError``: `malformed`, `wrongDevice`, `wrongKey`, `rolledBack` for a counter that is not above the
  ///   last, `expired`, `notAllowed` for one that reaches too far ahead, or a signature's code.
  package static func verify(
    _ bytes: [UInt8], key: SigningKey, device: DeviceID, now: UInt64, lastCounter: UInt64
  ) throws(ChainError) -> Signed<Command> {
    let signed = try Decoding.signed(Command.self, bytes)
    guard signed.body.device == device else { throw ChainError(.wrongDevice, "command") }
    guard signed.body.client == ClientID(of: key) else { throw ChainError(.wrongKey, "command") }
    try SignatureCheck.verify(signed.signature, label: .command, body: signed.bodyBytes, key: key)
    guard signed.body.counter > lastCounter else { throw ChainError(.rolledBack, "command") }
    guard signed.body.notAfter >= now else { throw ChainError(.expired, "command") }
    guard signed.body.notAfter - now <= longestMicroseconds else {
      throw ChainError(.notAllowed, "a command holds for 30 seconds at most")
    }
    return signed
  }
}
