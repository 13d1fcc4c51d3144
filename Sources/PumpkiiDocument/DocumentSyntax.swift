internal import Yams

/// From bytes to a tree: the only place that knows the YAML parser.
struct DocumentSyntax {
  /// Larger than any profile or configuration; a file beyond it is a mistake.
  static let largest = 1 << 20
  private static let deepest = 32

  let file: String

  func parse(_ bytes: [UInt8]) throws(DocumentError) -> DocumentNode {
    guard bytes.count <= Self.largest else {
      throw DocumentError(.tooLarge, file: file, "larger than \(Self.largest) bytes")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw DocumentError(.syntax, file: file, "not UTF-8 text")
    }
    let start = DocumentNode.Position(line: 1, column: 1)
    let node: Node?
    do {
      // The parser owns the anchors: it must live until the tree has been looked through.
      let parser = try Parser(yaml: text, encoding: .utf8)
      defer { withExtendedLifetime(parser) {} }
      node = try parser.singleRoot()
      guard let node else { return DocumentNode(content: .map([]), position: start) }
      return try convert(node, path: "", depth: 0)
    } catch let error as DocumentError {
      throw error
    } catch let error as YamlError {
      throw translate(error)
    } catch {
      throw DocumentError(.syntax, file: file, "not a document")
    }
  }

  private func convert(_ node: Node, path: String, depth: Int) throws(DocumentError) -> DocumentNode {
    let position = Self.position(node.mark)
    func refuse(_ message: String) -> DocumentError {
      DocumentError(.syntax, file: file, line: position.line, column: position.column, keyPath: path, message)
    }
    guard depth <= Self.deepest else { throw refuse("nested too deep") }
    switch node {
    case .alias: throw refuse("aliases are not accepted; write the value again")
    case .scalar(let scalar):
      guard scalar.anchor == nil else { throw refuse("anchors are not accepted") }
      // The description is the tag's name, empty for none; quoted text is given the name of text.
      let tag = scalar.tag.description
      guard tag.isEmpty || tag == Tag.Name.str.rawValue else { throw refuse("tags are not accepted") }
      let plain = scalar.style == .plain && tag.isEmpty
      return DocumentNode(content: .scalar(scalar.string, plain: plain), position: position)
    case .sequence(let sequence):
      guard sequence.anchor == nil else { throw refuse("anchors are not accepted") }
      var list: [DocumentNode] = []
      for (index, element) in sequence.enumerated() {
        list.append(try convert(element, path: "\(path)[\(index)]", depth: depth + 1))
      }
      return DocumentNode(content: .list(list), position: position)
    case .mapping(let mapping):
      guard mapping.anchor == nil else { throw refuse("anchors are not accepted") }
      return DocumentNode(content: .map(try entries(of: mapping, path: path, depth: depth)), position: position)
    }
  }

  private func entries(
    of mapping: Node.Mapping, path: String, depth: Int
  ) throws(DocumentError) -> [DocumentNode.Entry] {
    var entries: [DocumentNode.Entry] = []
    var seen: [String: DocumentNode.Position] = [:]
    for (key, value) in mapping {
      let position = Self.position(key.mark)
      guard case .scalar(let scalar) = key, scalar.anchor == nil else {
        throw DocumentError(
          .syntax, file: file, line: position.line, column: position.column, keyPath: path, "a key must be text")
      }
      let name = scalar.string
      let inner = path.isEmpty ? name : "\(path).\(name)"
      if let first = seen.updateValue(position, forKey: name) {
        throw DocumentError(
          .duplicateKey, file: file, line: position.line, column: position.column, keyPath: inner,
          "given twice, first in line \(first.line)")
      }
      entries.append(
        DocumentNode.Entry(key: name, position: position, value: try convert(value, path: inner, depth: depth + 1)))
    }
    return entries
  }

  private func translate(_ error: YamlError) -> DocumentError {
    func at(_ mark: Mark, _ problem: String) -> DocumentError {
      DocumentError(.syntax, file: file, line: mark.line, column: mark.column, problem)
    }
    switch error {
    case .scanner(_, let problem, let mark, _): return at(mark, problem)
    case .parser(_, let problem, let mark, _): return at(mark, problem)
    case .composer(_, let problem, let mark, _): return at(mark, problem)
    case .reader(let problem, _, _, _): return DocumentError(.syntax, file: file, problem)
    case .duplicatedKeysInMapping(let names, let context):
      return DocumentError(
        .duplicateKey, file: file, line: context.mark.line, column: context.mark.column, keyPath: names.first ?? "",
        "given twice; this is the first")
    default: return DocumentError(.syntax, file: file, "not a document")
    }
  }

  private static func position(_ mark: Mark?) -> DocumentNode.Position {
    DocumentNode.Position(line: mark?.line ?? 1, column: mark?.column ?? 1)
  }
}
