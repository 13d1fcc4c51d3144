import Foundation
import PumpkiiWire

/// A JSON value that is written the same way each time: keys in order, two blanks deep.
enum JSONValue: Encodable {
  case text(String)
  case number(UInt64)
  case flag(Bool)
  case list([JSONValue])
  case object([String: JSONValue])

  static func hex(_ bytes: some Sequence<UInt8>) -> JSONValue { .text(Hex.encode(bytes)) }
  static func hex(_ value: some FixedBytes) -> JSONValue { .text(value.hex) }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let text): try container.encode(text)
    case .number(let number): try container.encode(number)
    case .flag(let flag): try container.encode(flag)
    case .list(let list): try container.encode(list)
    case .object(let object): try container.encode(object)
    }
  }

  var file: Data {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return try encoder.encode(self) + [0x0a]
    }
  }
}
