import Foundation
import PumpkiiWire

/// The published and own vectors under `Tests/Vectors`.
enum VectorFile {
  static let folder: URL = {
    var folder = URL(filePath: #filePath)
    for _ in 0..<2 { folder.deleteLastPathComponent() }
    return folder.appending(path: "Vectors")
  }()

  static func load<Content: Decodable>(_ path: String, as _: Content.Type = Content.self) throws -> Content {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Content.self, from: Data(contentsOf: folder.appending(path: path)))
  }
}

/// A byte string that stands in hexadecimal in a vector file.
struct HexBytes: Decodable, Equatable {
  let bytes: [UInt8]
  init(from decoder: any Decoder) throws {
    bytes = try Hex.decode(decoder.singleValueContainer().decode(String.self))
  }
}

/// How many vectors of a file ran, and why the others did not.
struct Tally {
  let name: String
  private(set) var ran = 0
  private var skipped: [String: Int] = [:]

  init(_ name: String) { self.name = name }

  mutating func run() { ran += 1 }
  mutating func skip(_ reason: String) { skipped[reason, default: 0] += 1 }

  func report() {
    let reasons = skipped.sorted { $0.key < $1.key }.map { "\($0.value) (\($0.key))" }.joined(separator: ", ")
    print("vectors \(name): \(ran) ran, skipped \(reasons.isEmpty ? "none" : reasons)")
  }
}

/// A Wycheproof file: groups of tests, each of which says its result.
struct Wycheproof<Group: Decodable>: Decodable {
  let testGroups: [Group]
}

enum Verdict: String, Decodable {
  case valid, invalid, acceptable
}
