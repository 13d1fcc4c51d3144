internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import PumpkiiWire

/// The successful answers: JSON for control, octets for what is stored as received.
enum Answers {
  static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return response(status, "application/json", ByteBuffer(bytes: Array(try encoder.encode(value))))
  }

  static func octets(_ bytes: [UInt8]) -> Response {
    response(.ok, "application/octet-stream", ByteBuffer(bytes: bytes))
  }

  static func entries(_ entries: [[UInt8]]) -> Response { octets(EntryList.encode(entries)) }

  static var empty: Response { Response(status: .noContent, headers: [.cacheControl: "no-store"]) }

  private static func response(_ status: HTTPResponse.Status, _ type: String, _ body: ByteBuffer) -> Response {
    Response(
      status: status, headers: [.contentType: type, .cacheControl: "no-store"], body: ResponseBody(byteBuffer: body))
  }
}

/// Base64 with the URL alphabet and without padding (RFC 4648 §5), strict: one text for one byte string.
package enum Base64URL {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  /// The text of some bytes.
  package static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    var (bits, count) = (UInt32(0), 0)
    for byte in bytes {
      bits = bits << 8 | UInt32(byte)
      count += 8
      while count >= 6 {
        count -= 6
        text.append(alphabet[Int(bits >> UInt32(count) & 63)])
      }
    }
    if count > 0 { text.append(alphabet[Int(bits << UInt32(6 - count) & 63)]) }
    return String(decoding: text, as: UTF8.self)
  }

  /// nil for anything that ``encode(_:)`` would not have written.
  package static func decode(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var (bits, count) = (UInt32(0), 0)
    for character in text.utf8 {
      guard let value = alphabet.firstIndex(of: character) else { return nil }
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return encode(bytes) == text ? bytes : nil
  }
}
