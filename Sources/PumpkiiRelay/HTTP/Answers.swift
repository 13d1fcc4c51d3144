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

/// A policy's version, as the relay keeps it now.
struct VersionAnswer: Encodable {
  let version: UInt64
}
