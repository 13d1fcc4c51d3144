internal import PumpkiiSystem

/// A file of one secret: a line that says what it is, and the bytes in hexadecimal. Mode 0600, written whole or not
/// at all.
enum KeyFile {
  enum Kind: String {
    case signing = "signing-key"
    case sealing = "sealing-key"
    case row = "row-key"
  }

  static func save(_ secret: [UInt8], _ kind: Kind, to path: String) throws(VaultError) {
    let head = head(kind).utf8
    var bytes: [UInt8] = []
    // At once, for an array that grows leaves what it held behind.
    bytes.reserveCapacity(head.count + 2 * secret.count + 1)
    defer { CryptoWipe.wipe(&bytes) }
    bytes += head
    for byte in secret {
      bytes.append(digits[Int(byte >> 4)])
      bytes.append(digits[Int(byte & 15)])
    }
    bytes.append(0x0a)
    do throws(SystemError) { try DurableFile.write(bytes, to: path) } catch { throw VaultError(error) }
  }

  private static let digits = Array("0123456789abcdef".utf8)

  /// The secret of the file at `path`, nil when there is none. Wipe it after use.
  static func load(_ kind: Kind, from path: String) throws(VaultError) -> [UInt8]? {
    var bytes: [UInt8]
    do throws(SystemError) {
      guard let found = try DurableFile.read(path, limit: 4096) else { return nil }
      bytes = found
    } catch { throw VaultError(error) }
    defer { CryptoWipe.wipe(&bytes) }
    let head = Array(head(kind).utf8)
    guard bytes.starts(with: head), bytes.last == 0x0a else { throw VaultError(.badKey, "no \(kind.rawValue) file") }
    guard let secret = decoded(bytes[head.count..<bytes.count - 1]) else {
      throw VaultError(.badKey, "damaged \(kind.rawValue) file")
    }
    return secret
  }

  /// The bytes of hexadecimal digits, without a text that nobody could wipe.
  private static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    guard text.count.isMultiple(of: 2) else { return nil }
    var secret: [UInt8] = []
    secret.reserveCapacity(text.count / 2)
    for place in stride(from: text.startIndex, to: text.endIndex, by: 2) {
      guard let high = digits.firstIndex(of: text[place]), let low = digits.firstIndex(of: text[place + 1]) else {
        CryptoWipe.wipe(&secret)
        return nil
      }
      secret.append(UInt8(high << 4 | low))
    }
    return secret
  }

  private static func head(_ kind: Kind) -> String { "pumpkii/1 \(kind.rawValue)\n" }
}
