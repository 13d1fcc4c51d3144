internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import PumpkiiWire

/// Reads a request's parts by their types; what does not fit is a ``Problem``.
struct RequestReading: Sendable {
  /// How long the whole of a short body may take.
  let timeout: Duration

  /// The whole body, at most `limit` bytes and within the time a body may take.
  func bytes(_ request: Request, limit: Int) async throws -> [UInt8] {
    if let announced = request.headers[.contentLength].flatMap({ Int($0) }), announced > limit {
      throw Problem.tooLarge
    }
    return try await withThrowingTaskGroup(of: [UInt8].self) { group in
      group.addTask {
        var bytes: [UInt8] = []
        for try await chunk in request.body {
          guard bytes.count + chunk.readableBytes <= limit else { throw Problem.tooLarge }
          bytes.append(contentsOf: chunk.readableBytesView)
        }
        return bytes
      }
      group.addTask { [timeout] in
        try await Task.sleep(for: timeout)
        throw Problem(.requestTimeout, "body-timeout", "the body did not arrive in time")
      }
      defer { group.cancelAll() }
      return try await group.next() ?? []
    }
  }

  /// A JSON body; an empty one stands for `{}`.
  func json<Value: Decodable & Sendable>(_: Value.Type, _ request: Request, limit: Int = 64 << 10) async throws -> Value
  {
    let body = try await bytes(request, limit: limit)
    do {
      return try JSONDecoder().decode(Value.self, from: Data(body.isEmpty ? Array("{}".utf8) : body))
    } catch {
      throw Problem.bad("bad-json", "the body is not the JSON object that this resource takes")
    }
  }

  /// A list of byte strings.
  func entries(_ request: Request, limit: Int) async throws -> [[UInt8]] {
    try EntryList.decode(await bytes(request, limit: limit))
  }
}

extension RelayContext {
  /// An id in the path, lower-case hexadecimal of its type's exact length.
  func identifier<ID: FixedBytes>(_ name: String, as _: ID.Type = ID.self) throws(Problem) -> ID {
    guard let text = parameters.get(name), let id = try? ID(hex: text), id.hex == text else {
      throw Problem.bad("bad-identifier", "the path holds no \(name) of the right length in lower-case hexadecimal")
    }
    return id
  }

  /// A decimal number in the path, without sign or leading zeros.
  func number(_ name: String) throws(Problem) -> UInt32 { try number(name, upTo: UInt32.max) }

  /// As above, of a type and up to a limit.
  func number<Number: FixedWidthInteger>(_ name: String, upTo limit: Number) throws(Problem) -> Number {
    guard let text = parameters.get(name), let value = Number(text), String(value) == text, value <= limit else {
      throw Problem.bad("bad-identifier", "the path holds no \(name) as a plain decimal number")
    }
    return value
  }
}
