internal import FoundationEssentials
package import PumpkiiWire

/// A report as the relay takes it: what is not in the closed lists is refused, never left out in silence. What is
/// stored is written anew from what was understood.
package struct DiagnosticsReport: Sendable, Equatable {
  /// Texts by field.
  package private(set) var environment: [Diagnostics.Field: String] = [:]
  /// Counts by name.
  package private(set) var statistics: [Diagnostics.Statistic: UInt64] = [:]
  /// What was done.
  package private(set) var operations: Set<Diagnostics.Operation> = []
  /// Counts by code.
  package private(set) var errors: [String: UInt64] = [:]
  /// Counts by code.
  package private(set) var crashes: [String: UInt64] = [:]
  /// The kinds that were there, empty ones included.
  package private(set) var kinds: Set<Diagnostics.Kind> = []

  /// - Throws: ``Problem`` `diagnostics-field` for anything that a report does not have, `bad-json`.
  package init(json: [UInt8]) throws {
    do {
      self = try JSONDecoder().decode(Self.self, from: Data(json))
    } catch let problem as Problem {
      throw problem
    } catch {
      throw Problem.bad("bad-json", "the body is not the JSON object that this resource takes")
    }
  }

  /// The report, keys in alphabetical order.
  package var json: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return (try? encoder.encode(self)).map { Array($0) } ?? Array("{}".utf8)
  }
}

extension DiagnosticsReport: Codable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// - Throws: ``Problem`` `diagnostics-field`, or what the decoder says of the JSON.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    for key in container.allKeys {
      guard let kind = Diagnostics.Kind(rawValue: key.stringValue) else { throw Self.unknown }
      kinds.insert(kind)
      switch kind {
      case .environment:
        for (name, text) in try container.decode([String: String].self, forKey: key) {
          guard let field = Diagnostics.Field(rawValue: name), Diagnostics.isFitting(text, field) else {
            throw Self.unknown
          }
          environment[field] = text
        }
      case .statistics:
        for (name, count) in try container.decode([String: UInt64].self, forKey: key) {
          guard let statistic = Diagnostics.Statistic(rawValue: name), count < Diagnostics.counts else {
            throw Self.unknown
          }
          statistics[statistic] = count
        }
      case .operations:
        for name in try container.decode([String].self, forKey: key) {
          guard let operation = Diagnostics.Operation(rawValue: name) else { throw Self.unknown }
          operations.insert(operation)
        }
      case .errors: errors = try Self.codes(container, key)
      case .crashes: crashes = try Self.codes(container, key)
      }
    }
  }

  private static func codes(_ container: KeyedDecodingContainer<Key>, _ key: Key) throws -> [String: UInt64] {
    let codes = try container.decode([String: UInt64].self, forKey: key)
    guard codes.count <= Diagnostics.codes,
      codes.allSatisfy({ Diagnostics.isCode($0.key) && $0.value < Diagnostics.counts })
    else { throw unknown }
    return codes
  }

  /// - Throws: what the encoder throws.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    for kind in kinds {
      let key = Key(kind.rawValue)
      switch kind {
      case .environment: try container.encode(Self.named(environment), forKey: key)
      case .statistics: try container.encode(Self.named(statistics), forKey: key)
      case .operations: try container.encode(operations.map(\.rawValue).sorted(), forKey: key)
      case .errors: try container.encode(errors, forKey: key)
      case .crashes: try container.encode(crashes, forKey: key)
      }
    }
  }

  private static func named<Name: RawRepresentable<String>, Value>(_ values: [Name: Value]) -> [String: Value] {
    Dictionary(uniqueKeysWithValues: values.map { ($0.key.rawValue, $0.value) })
  }

  private static let unknown = Problem.bad(
    "diagnostics-field", "a report has the kinds, fields, names and codes of the description, and nothing else")
}
