extension DocumentReader {
  /// The map under a key, nil when absent. Its keys are read and finished like those of this one.
  /// - Throws: ``DocumentError`` for another type.
  package func map(_ key: String) throws(DocumentError) -> DocumentReader? {
    guard let node = node(key) else { return nil }
    return try child(key, node)
  }

  /// The map under a key, which must be there.
  /// - Throws: ``DocumentError``.
  package func requiredMap(_ key: String) throws(DocumentError) -> DocumentReader {
    if let node = node(key) { return try child(key, node) }
    try missing(key)
    return standIn(key)
  }

  /// The map under a key, an empty one when absent, whose required keys are then not missed.
  /// - Throws: ``DocumentError`` for another type.
  package func mapOrEmpty(_ key: String) throws(DocumentError) -> DocumentReader {
    try map(key) ?? standIn(key)
  }

  /// A map of names that are not known beforehand to whole numbers; empty when absent.
  /// - Throws: ``DocumentError`` for another type, or for more than `limit` names.
  package func integers(_ key: String, limit: Int = 256) throws(DocumentError) -> [String: Int] {
    guard let inner = try map(key) else { return [:] }
    if inner.keys.count > limit { try refuse(key, "more than \(limit) entries") }
    var values: [String: Int] = [:]
    for name in inner.keys { values[name] = try inner.requiredInt(name, in: -(1 << 40)...1 << 40) }
    return values
  }

  /// A list of texts, nil when absent.
  /// - Throws: ``DocumentError`` for another type, or for more than `limit` of them.
  package func strings(_ key: String, limit: Int = 256) throws(DocumentError) -> [String]? {
    guard let nodes = try list(key, limit: limit) else { return nil }
    var values: [String] = []
    for (index, node) in nodes.enumerated() {
      if case .scalar(let text, let plain) = node.content, !plain || DocumentScalar.kind(of: text) == "text" {
        values.append(text)
      } else {
        try wrongType("\(key)[\(index)]", node, wanted: "text")
      }
    }
    return values
  }

  /// A list of maps, nil when absent.
  /// - Throws: ``DocumentError`` for another type, or for more than `limit` of them.
  package func maps(_ key: String, limit: Int = 256) throws(DocumentError) -> [DocumentReader]? {
    guard let nodes = try list(key, limit: limit) else {
      // So that the keys inside are known as accepted even where the document has none.
      return map.isThere ? nil : [standIn(key + "[]")]
    }
    var values: [DocumentReader] = []
    for (index, node) in nodes.enumerated() { values.append(try child("\(key)[\(index)]", node, shape: "\(key)[]")) }
    return values
  }

  private func list(_ key: String, limit: Int) throws(DocumentError) -> [DocumentNode]? {
    guard let node = node(key) else { return nil }
    guard case .list(let nodes) = node.content else {
      try wrongType(key, node, wanted: "a list")
      return nil
    }
    if nodes.count > limit {
      try state.refuse(problem(.outOfRange, key, node.position, "more than \(limit) entries"))
    }
    return nodes
  }

  private func child(
    _ key: String, _ node: DocumentNode, shape: String? = nil
  ) throws(DocumentError) -> DocumentReader {
    guard case .map(let entries) = node.content else {
      try wrongType(key, node, wanted: "a map of keys and values")
      return standIn(key)
    }
    let state = DocumentMapState(entries: entries, position: node.position)
    return adopt(state, key, shape: shape ?? key)
  }

  /// Takes the place of a map that is not there: everything absent, nothing missed.
  private func standIn(_ key: String) -> DocumentReader {
    adopt(DocumentMapState(entries: [], position: map.position, isThere: false), key, shape: key)
  }

  private func adopt(_ inner: DocumentMapState, _ key: String, shape inside: String) -> DocumentReader {
    let reader = DocumentReader(
      state: state, map: inner, path: path.isEmpty ? key : "\(path).\(key)",
      shape: shape.isEmpty ? inside : "\(shape).\(inside)")
    map.children.append(reader)
    return reader
  }
}
