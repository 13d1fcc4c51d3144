internal import PumpkiiSystem
internal import PumpkiiWire

/// A file of one secret: a line that says what it is, and the bytes in hexadecimal. Mode 0600, written whole or not
/// at all.
enum KeyFile {
  enum Kind: String {
    case signing = "signing-key"
    case sealing = "sealing-key"
  }

  static func save(_ secret: [UInt8], _ kind: Kind, to path: String) throws(VaultError) {
    var bytes = Array(head(kind).utf8) + Array(Hex.encode(secret).utf8) + [0x0a]
    defer { CryptoWipe.wipe(&bytes) }
    do throws(SystemError) { try DurableFile.write(bytes, to: path) } catch { throw VaultError(error) }
  }

  /// The secret of the file at `path`, nil when there is none.
  static func load(_ kind: Kind, from path: String) throws(VaultError) -> [UInt8]? {
    var bytes: [UInt8]
    do throws(SystemError) {
      guard let found = try DurableFile.read(path, limit: 4096) else { return nil }
      bytes = found
    } catch { throw VaultError(error) }
    defer { CryptoWipe.wipe(&bytes) }
    let head = Array(head(kind).utf8)
    guard bytes.starts(with: head), bytes.last == 0x0a else { throw VaultError(.badKey, "no \(kind.rawValue) file") }
    do throws(WireError) {
      return try Hex.decode(String(decoding: bytes[head.count..<bytes.count - 1], as: UTF8.self))
    } catch { throw VaultError(.badKey, "damaged \(kind.rawValue) file") }
  }

  private static func head(_ kind: Kind) -> String { "pumpkii/1 \(kind.rawValue)\n" }
}
