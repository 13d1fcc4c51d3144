internal import PumpkiiSystem

/// The one thing a device remembers of its epochs: the highest number it has given out, stored and synced before use.
/// It stores no key, so what it loses costs nothing but a number.
package enum EpochLedger {
  /// How the number reaches the disk. Whatever it is, it returns only when the bytes would survive a power cut.
  /// - Throws: when the bytes may not be on the disk.
  package typealias Store = (_ bytes: [UInt8], _ path: String) throws -> Void

  /// The next epoch: one above the last and not below `atLeast`. When this throws, the number may or may not be on the
  /// disk and is given to nobody; the next call gives a higher one or, if it never got there, the same one for the
  /// first time.
  /// - Parameter atLeast: one above the newest key message that the relay holds of this device.
  /// - Throws: ``VaultError`` `storage`, `malformed` for a damaged file (never a fresh start), `counterExhausted`.
  package static func reserve(
    path: String, atLeast: UInt32 = 1, store: Store = { try DurableFile.write($0, to: $1) }
  ) throws(VaultError) -> EpochNumber {
    let last = try last(path: path) ?? 0
    guard last < .max else { throw VaultError(.counterExhausted, "epoch numbers") }
    let next = max(last + 1, atLeast)
    do { try store(encode(next), path) } catch { throw VaultError(.storage, "\(error)") }
    return EpochNumber(reserved: next)
  }

  /// The next epoch, above the last and above `newest`: the number of a key message that somebody else holds.
  /// - Throws: ``VaultError`` as ``reserve(path:atLeast:store:)``; `counterExhausted` when nothing is above `newest`.
  package static func reserve(path: String, above newest: UInt32) throws(VaultError) -> EpochNumber {
    guard newest < .max else { throw VaultError(.counterExhausted, "epoch numbers") }
    return try reserve(path: path, atLeast: newest + 1)
  }

  /// The highest number given out, nil when there is no file.
  /// - Throws: ``VaultError`` `storage` or `malformed`.
  package static func last(path: String) throws(VaultError) -> UInt32? {
    let bytes: [UInt8]
    do throws(SystemError) {
      guard let found = try DurableFile.read(path, limit: 64) else { return nil }
      bytes = found
    } catch { throw VaultError(error) }
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.hasPrefix(head), text.hasSuffix("\n"),
      let number = UInt32(text.dropFirst(head.count).dropLast()), encode(number) == bytes
    else { throw VaultError(.malformed, "epoch file") }
    return number
  }

  /// Compares the newest epoch that the relay holds of this device with what this device has begun.
  /// - Throws: ``VaultError`` `clone` when the relay knows one that this device never began; `storage`, `malformed`.
  package static func checkNewest(_ newest: UInt32, path: String) throws(VaultError) {
    guard let last = try last(path: path) else { return }
    guard newest <= last else { throw VaultError(.clone, "the relay holds epoch \(newest), this device began \(last)") }
  }

  private static let head = "pumpkii/1 epoch\n"

  private static func encode(_ number: UInt32) -> [UInt8] { Array("\(head)\(number)\n".utf8) }
}
