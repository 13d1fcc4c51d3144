/// Reads a YAML map strictly: what was not asked for is refused, and so are wrong types, duplicates and values out of
/// range, each with file, line, column and key path.
///
/// Ask for every key the program knows, whether it needs it now or not, then call ``finish()``; or use
/// ``read(_:file:_:)``, which cannot forget it. An empty document is an empty map. A key without a value is refused,
/// never taken as absent: for a permission the difference decides.
package struct DocumentReader {
  let state: DocumentState
  let map: DocumentMapState
  /// Where this map stands in the document; empty for the outermost.
  package let path: String
  /// The same with list positions left out, for ``acceptedKeys(_:)``.
  let shape: String

  init(state: DocumentState, map: DocumentMapState, path: String, shape: String) {
    self.state = state
    self.map = map
    self.path = path
    self.shape = shape
  }

  /// Opens a document whose outermost value is a map.
  /// - Throws: ``DocumentError`` for bytes that are no such document.
  package init(_ bytes: [UInt8], file: String) throws(DocumentError) {
    try self.init(bytes, state: DocumentState(file: file, collects: false))
  }

  private init(_ bytes: [UInt8], state: DocumentState) throws(DocumentError) {
    let root = try DocumentSyntax(file: state.file).parse(bytes)
    guard case .map(let entries) = root.content else {
      throw DocumentError(
        .wrongType, file: state.file, line: root.position.line, column: root.position.column,
        "must be a map of keys and values, is \(root.kind)")
    }
    self.init(state: state, map: DocumentMapState(entries: entries, position: root.position), path: "", shape: "")
  }

  /// Reads a document whole: opens it, lets `body` read, and finishes.
  /// - Throws: ``DocumentError``, the first problem.
  package static func read<Value>(
    _ bytes: [UInt8], file: String, _ body: (DocumentReader) throws(DocumentError) -> Value
  ) throws(DocumentError) -> Value {
    let reader = try DocumentReader(bytes, file: file)
    let value = try body(reader)
    try reader.finish()
    return value
  }

  /// Every problem that `body` finds in the document, in the order of its lines. Values that cannot be read are
  /// replaced by harmless ones so that the reading can go on; what `body` makes of them must not be used.
  package static func problems(
    _ bytes: [UInt8], file: String, _ body: (DocumentReader) throws(DocumentError) -> Void
  ) -> [DocumentError] {
    let state = DocumentState(file: file, collects: true)
    var last: [DocumentError] = []
    do throws(DocumentError) {
      let reader = try DocumentReader(bytes, state: state)
      do throws(DocumentError) { try body(reader) } catch { last = [error] }
      try reader.finish()
    } catch {
      last.append(error)
    }
    let all = state.problems + last.filter { !state.problems.contains($0) }
    return all.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
  }

  /// The key paths that `body` asks for, lists written `[]`. For comparing a schema with the program.
  package static func acceptedKeys(_ body: (DocumentReader) throws(DocumentError) -> Void) -> Set<String> {
    let state = DocumentState(file: "", collects: true)
    let nothing = DocumentMapState(entries: [], position: .init(line: 1, column: 1), isThere: false)
    try? body(DocumentReader(state: state, map: nothing, path: "", shape: ""))
    return state.asked
  }

  /// The file as its owner named it.
  package var file: String { state.file }

  /// False for a stand-in of a map that the document does not have: what is read of it means nothing.
  package var isThere: Bool { map.isThere }

  /// The keys of this map in the order of the file.
  package var keys: [String] { map.entries.map(\.key) }

  /// Whether the key is there, with whatever value. Counts as asking for it.
  package func has(_ key: String) -> Bool { node(key) != nil }

  /// Refuses every key of this map, and of the maps read from it, that nobody asked for.
  /// - Throws: ``DocumentError``.
  package func finish() throws(DocumentError) {
    for entry in map.entries where !map.read.contains(entry.key) {
      let near = Spelling.nearest(to: entry.key, among: map.read).map { "; did you mean '\($0)'?" } ?? ""
      let all = map.read.isEmpty ? "" : " Known here: \(map.read.sorted().joined(separator: ", "))."
      try state.refuse(problem(.unknownKey, entry.key, entry.position, "unknown key\(near.isEmpty ? "." : near)\(all)"))
    }
    for child in map.children { try child.finish() }
  }

  /// Refuses a value for a reason that only the caller knows.
  /// - Throws: ``DocumentError`` at the key's value, or at this map when the key is absent or nil.
  package func refuse(_ key: String?, _ message: String) throws(DocumentError) {
    try state.refuse(error(key, message))
  }

  /// The error that ``refuse(_:_:)`` would throw.
  package func error(_ key: String?, _ message: String) -> DocumentError {
    let entry = map.entries.first { $0.key == key }
    return problem(.notAllowed, key, entry?.value.position ?? map.position, message)
  }

  func node(_ key: String) -> DocumentNode? {
    map.read.insert(key)
    state.ask(shape.isEmpty ? key : "\(shape).\(key)")
    return map.entries.first { $0.key == key }?.value
  }

  func missing(_ key: String) throws(DocumentError) {
    if map.isThere { try state.refuse(problem(.missingKey, key, map.position, "is required")) }
  }

  func wrongType(_ key: String, _ node: DocumentNode, wanted: String) throws(DocumentError) {
    try state.refuse(problem(.wrongType, key, node.position, "must be \(wanted), is \(node.kind)"))
  }

  func problem(
    _ code: DocumentError.Code, _ key: String?, _ position: DocumentNode.Position, _ message: String
  ) -> DocumentError {
    let inner = key.map { path.isEmpty ? $0 : "\(path).\($0)" } ?? path
    return DocumentError(
      code, file: state.file, line: position.line, column: position.column, keyPath: inner, message)
  }
}
