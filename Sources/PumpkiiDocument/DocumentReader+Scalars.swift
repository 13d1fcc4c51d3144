extension DocumentReader {
  /// Text, nil when absent. Numbers and truth values are not text: they must be quoted.
  /// - Throws: ``DocumentError`` for another type, or for text longer than `limit` bytes.
  package func string(_ key: String, limit: Int = 4096) throws(DocumentError) -> String? {
    guard let node = node(key) else { return nil }
    guard case .scalar(let text, let plain) = node.content, !plain || DocumentScalar.kind(of: text) == "text" else {
      try wrongType(key, node, wanted: "text")
      return nil
    }
    if text.utf8.count > limit {
      try state.refuse(problem(.outOfRange, key, node.position, "longer than \(limit) bytes"))
    }
    return text
  }

  /// Text that must be there and not be empty.
  /// - Throws: ``DocumentError``.
  package func requiredString(_ key: String, limit: Int = 4096) throws(DocumentError) -> String {
    let value = try required(key, string(key, limit: limit), instead: "-")
    if value.isEmpty { try refuse(key, "must not be empty") }
    return value
  }

  /// A whole number, nil when absent.
  /// - Throws: ``DocumentError`` for another type or outside `range`.
  package func int(_ key: String, in range: ClosedRange<Int>) throws(DocumentError) -> Int? {
    guard let node = node(key) else { return nil }
    guard case .scalar(let text, plain: true) = node.content, let value = DocumentScalar.int(text) else {
      try wrongType(key, node, wanted: "a whole number")
      return nil
    }
    return try within(range, key, node, value)
  }

  /// A whole number that must be there.
  /// - Throws: ``DocumentError``.
  package func requiredInt(_ key: String, in range: ClosedRange<Int>) throws(DocumentError) -> Int {
    try required(key, int(key, in: range), instead: range.lowerBound)
  }

  /// A number, nil when absent.
  /// - Throws: ``DocumentError`` for another type or outside `range`.
  package func double(_ key: String, in range: ClosedRange<Double>) throws(DocumentError) -> Double? {
    guard let node = node(key) else { return nil }
    guard case .scalar(let text, plain: true) = node.content, let value = DocumentScalar.double(text) else {
      try wrongType(key, node, wanted: "a number")
      return nil
    }
    return try within(range, key, node, value)
  }

  /// A number that must be there.
  /// - Throws: ``DocumentError``.
  package func requiredDouble(_ key: String, in range: ClosedRange<Double>) throws(DocumentError) -> Double {
    try required(key, double(key, in: range), instead: range.lowerBound)
  }

  /// `true` or `false`, nil when absent; `yes`, `on` and `1` are refused.
  /// - Throws: ``DocumentError`` for another type.
  package func bool(_ key: String) throws(DocumentError) -> Bool? {
    guard let node = node(key) else { return nil }
    guard case .scalar(let text, plain: true) = node.content, let value = DocumentScalar.bool(text) else {
      try wrongType(key, node, wanted: "true or false")
      return nil
    }
    return value
  }

  /// `true` or `false`, which must be there.
  /// - Throws: ``DocumentError``.
  package func requiredBool(_ key: String) throws(DocumentError) -> Bool {
    try required(key, bool(key), instead: false)
  }

  /// A time with its unit (`250ms`, `10s`, `5m`, `2h`, `7d`), nil when absent.
  /// - Throws: ``DocumentError`` for another form or outside `range`.
  package func duration(_ key: String, in range: ClosedRange<Duration>) throws(DocumentError) -> Duration? {
    guard let node = node(key) else { return nil }
    guard case .scalar(let text, _) = node.content, let value = DocumentScalar.duration(text) else {
      try wrongType(key, node, wanted: "a time with its unit, as 250ms, 10s, 5m, 2h or 7d")
      return nil
    }
    return try within(range, key, node, value)
  }

  /// One of the type's raw values, nil when absent.
  /// - Throws: ``DocumentError`` for any other text, with the list of those allowed.
  package func enumeration<Value: RawRepresentable<String> & CaseIterable>(
    _ key: String, as type: Value.Type = Value.self
  ) throws(DocumentError) -> Value? {
    guard let node = node(key) else { return nil }
    guard case .scalar(let text, _) = node.content else {
      try wrongType(key, node, wanted: "text")
      return nil
    }
    if let value = Value(rawValue: text) { return value }
    let allowed = Value.allCases.map(\.rawValue)
    let near = Spelling.nearest(to: text, among: allowed).map { " Did you mean '\($0)'?" } ?? ""
    try state.refuse(
      problem(
        .notAllowed, key, node.position, "'\(text)' is not one of \(allowed.joined(separator: ", ")).\(near)"))
    return nil
  }

  /// One of the type's raw values, which must be there. The type must have a case.
  /// - Throws: ``DocumentError``.
  package func requiredEnumeration<Value: RawRepresentable<String> & CaseIterable>(
    _ key: String, as type: Value.Type = Value.self
  ) throws(DocumentError) -> Value {
    // A type without cases cannot be asked for: the first case stands in where problems are collected.
    let first = Value.allCases[Value.allCases.startIndex]
    return try required(key, enumeration(key), instead: first)
  }

  private func required<Value>(_ key: String, _ value: Value?, instead: Value) throws(DocumentError) -> Value {
    if let value { return value }
    // A value of the wrong type has been refused already; only an absent one is missing.
    if node(key) == nil { try missing(key) }
    return instead
  }

  private func within<Value: Comparable>(
    _ range: ClosedRange<Value>, _ key: String, _ node: DocumentNode, _ value: Value
  ) throws(DocumentError) -> Value {
    if range.contains(value) { return value }
    try state.refuse(
      problem(
        .outOfRange, key, node.position, "\(value) is not within \(range.lowerBound) to \(range.upperBound)"))
    return range.lowerBound
  }
}
