import Foundation

/// What we promise to others is written down, its errors included. Reads the compiler's symbol graphs.
enum DocumentationRule {
  /// The part of a symbol graph that the rule needs.
  struct Graph: Decodable {
    struct Module: Decodable { var name: String }
    struct Symbol: Decodable {
      struct Kind: Decodable { var identifier: String }
      struct Identifier: Decodable { var precise: String }
      struct Fragment: Decodable { var kind: String, spelling: String }
      struct Comment: Decodable {
        struct Line: Decodable { var text: String }
        var lines: [Line]
      }
      struct Location: Decodable {
        struct Position: Decodable { var line: Int }
        var uri: String
        var position: Position
      }
      var kind: Kind
      var identifier: Identifier
      var pathComponents: [String]
      var accessLevel: String
      var declarationFragments: [Fragment]?
      var docComment: Comment?
      var location: Location?

      /// Whether the declaration itself throws; a parameter or a stored closure that may throw does not count.
      var isThrowing: Bool {
        guard !kind.identifier.hasSuffix("typealias") else { return false }
        let isProperty = kind.identifier.hasSuffix("property")
        var (parentheses, braces) = (0, 0)
        for fragment in declarationFragments ?? [] {
          let isThrows = fragment.kind == "keyword" && ["throws", "rethrows"].contains(fragment.spelling)
          if isThrows, parentheses == 0, !isProperty || braces > 0 { return true }
          for character in fragment.spelling {
            switch character {
            case "(": parentheses += 1
            case ")": parentheses -= 1
            case "{": braces += 1
            case "}": braces -= 1
            default: break
            }
          }
        }
        return false
      }
      var documentation: String { (docComment?.lines ?? []).map(\.text).joined(separator: "\n") }
      var place: String {
        let file = location?.uri.split(separator: "/").last.map(String.init) ?? "?"
        return "\(pathComponents.joined(separator: ".")) (\(file):\((location?.position.line ?? -1) + 1))"
      }
    }
    struct Relationship: Decodable {
      struct Origin: Decodable { var displayName: String }
      var source: String
      var kind: String
      var sourceOrigin: Origin?
    }
    var module: Module
    var symbols: [Symbol]
    var relationships: [Relationship]
  }

  /// Sentences about one module. Public declarations are documented and say what they throw; throwing package ones say it
  /// too. What only fulfils a protocol's requirement is documented there.
  static func violations(in graph: Graph) -> [String] {
    let inherited = Set(graph.relationships.filter { $0.sourceOrigin != nil }.map(\.source))
    return graph.symbols.flatMap { symbol -> [String] in
      // Without a place in a file the compiler made it.
      guard symbol.location != nil, !symbol.identifier.precise.contains("::SYNTHESIZED::"),
        !inherited.contains(symbol.identifier.precise)
      else { return [] }
      var problems: [String] = []
      if symbol.accessLevel == "public" || symbol.accessLevel == "open", symbol.docComment == nil {
        problems.append("\(symbol.place) is public and not documented")
      }
      if symbol.isThrowing, !symbol.documentation.contains("- Throws:") {
        problems.append("\(symbol.place) throws and has no “- Throws:” line")
      }
      return problems
    }
  }

  /// Modules of ours that others see or that work inside: everything Swift under Sources except the programs.
  static var modules: [String] {
    Repository.rooms().filter { $0.hasPrefix("Pumpkii") }
  }

  /// The folder into which scripts/test extracts: `.build/symbol-graphs`.
  static let folder: URL = {
    var folder = Repository.products
    while folder.path != "/", folder.lastPathComponent != ".build" { folder.deleteLastPathComponent() }
    return folder.appending(path: "symbol-graphs")
  }()

  /// A module's own graph and its extensions of other modules.
  static func graphs(of module: String) throws -> [Graph] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
      $0 == "\(module).symbols.json" || $0.hasPrefix("\(module)@")
    }
    return try names.map { try JSONDecoder().decode(Graph.self, from: Data(contentsOf: folder.appending(path: $0))) }
  }
}
