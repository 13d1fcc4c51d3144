import PumpkiiDocument
import Testing

private enum Colour: String, CaseIterable { case red, green }

private func read<Value>(
  _ text: String, _ body: (DocumentReader) throws(DocumentError) -> Value
) throws(DocumentError) -> Value {
  try DocumentReader.read(Array(text.utf8), file: "x.yaml", body)
}

private func refusal(_ text: String, _ body: (DocumentReader) throws(DocumentError) -> Void) -> DocumentError? {
  do throws(DocumentError) {
    try read(text, body)
    return nil
  } catch {
    return error
  }
}

@Suite struct DocumentReaderTests {
  @Test func readsEveryType() throws {
    let text = """
      name: "7"
      count: -3
      rate: 29.97
      whole: 30
      on: true
      wait: 250ms
      colour: green
      words: [a, "1"]
      inner: { key: v }
      rows:
        - n: 1
        - n: 2
      """
    try read(text) { (map) throws(DocumentError) in
      #expect(try map.requiredString("name") == "7")
      #expect(try map.requiredInt("count", in: -5...5) == -3)
      #expect(try map.requiredDouble("rate", in: 1...60) == 29.97)
      #expect(try map.double("whole", in: 1...60) == 30)
      #expect(try map.requiredBool("on"))
      #expect(try map.duration("wait", in: .zero ... .seconds(1)) == .milliseconds(250))
      #expect(try map.requiredEnumeration("colour", as: Colour.self) == .green)
      #expect(try map.strings("words") == ["a", "1"])
      #expect(try map.requiredMap("inner").requiredString("key") == "v")
      var sum = 0
      for row in try map.maps("rows") ?? [] { sum += try row.requiredInt("n", in: 0...9) }
      #expect(sum == 3)
      #expect(try map.int("absent", in: 0...1) == nil)
    }
  }

  @Test func unknownKeyIsRefusedWithPlaceAndGuess() throws {
    let error = try #require(
      refusal("width: 1\nheigth: 2\n") { (map) throws(DocumentError) in
        _ = try map.int("width", in: 0...9)
        _ = try map.int("height", in: 0...9)
      })
    #expect(error.code == .unknownKey)
    #expect((error.line, error.column) == (2, 1))
    #expect(error.description.hasPrefix("x.yaml:2:1: heigth: unknown key; did you mean 'height'?"))
  }

  @Test func unknownKeyInANestedMapHasItsPath() throws {
    let error = try #require(
      refusal("a:\n  - b: 1\n    c: 2\n") { (map) throws(DocumentError) in
        for row in try map.maps("a") ?? [] { _ = try row.int("b", in: 0...9) }
      })
    #expect(error.code == .unknownKey)
    #expect(error.keyPath == "a[0].c")
    #expect((error.line, error.column) == (3, 5))
  }

  @Test(arguments: [
    ("k: 1", "string"), ("k: true", "string"), ("k:", "string"), ("k: [a]", "string"),
    ("k: \"1\"", "int"), ("k: 1.5", "int"), ("k: 0x10", "int"), ("k: +1", "int"), ("k: ~", "int"),
    ("k: .nan", "double"), ("k: .inf", "double"), ("k: 0x1p3", "double"), ("k: a", "double"),
    ("k: yes", "bool"), ("k: 1", "bool"), ("k: \"true\"", "bool"), ("k: True", "bool"),
    ("k: 10", "duration"), ("k: 10 s", "duration"), ("k: -1s", "duration"),
    ("k: {a: 1}", "strings"), ("k: [1]", "strings"), ("k: text", "map"),
  ])
  func wrongTypesAreRefused(text: String, type: String) throws {
    let error = try #require(
      refusal(text) { (map) throws(DocumentError) in
        switch type {
        case "string": _ = try map.string("k")
        case "int": _ = try map.int("k", in: -100...100)
        case "double": _ = try map.double("k", in: -100...100)
        case "bool": _ = try map.bool("k")
        case "duration": _ = try map.duration("k", in: .zero ... .seconds(60))
        case "strings": _ = try map.strings("k")
        default: _ = try map.map("k")
        }
      })
    #expect(error.code == .wrongType)
    #expect(error.line == 1)
    #expect(error.keyPath.hasPrefix("k"))
  }

  @Test func rangesEnumerationsAndMissingKeysAreRefused() throws {
    let high = refusal("k: 11") { (map) throws(DocumentError) in _ = try map.int("k", in: 0...10) }
    #expect(high?.code == .outOfRange)
    #expect(high?.column == 4)
    let colour = refusal("k: gren") { (map) throws(DocumentError) in _ = try map.enumeration("k", as: Colour.self) }
    #expect(colour?.code == .notAllowed)
    #expect(colour?.message == "'gren' is not one of red, green. Did you mean 'green'?")
    let none = refusal("a: 1") { (map) throws(DocumentError) in
      _ = try map.int("a", in: 0...1)
      _ = try map.requiredString("k")
    }
    #expect(none?.code == .missingKey)
    #expect(none?.keyPath == "k")
    let long = refusal("k: abcdef") { (map) throws(DocumentError) in _ = try map.string("k", limit: 5) }
    #expect(long?.code == .outOfRange)
    let empty = refusal("k: \"\"") { (map) throws(DocumentError) in _ = try map.requiredString("k") }
    #expect(empty?.code == .notAllowed)
  }

  @Test(arguments: ["a: 1\na: 2\n", "a: 1\n\"a\": 2\n", "1: x\n\"1\": y\n"])
  func duplicateKeysAreRefused(text: String) throws {
    let error = try #require(refusal(text) { _ in })
    #expect(error.code == .duplicateKey)
    #expect(error.line > 0)
  }

  @Test(arguments: [
    "a: [1", "a: 1\n b: 2", "- 1\n---\n- 2", "a: &x 1\nb: *x", "a: !!binary aGk=", "? [a]\n: 1", "\ta: 1", "a: *x",
  ])
  func syntaxThatCouldMisleadIsRefused(text: String) throws {
    let error = try #require(refusal(text) { _ in })
    #expect(error.code == .syntax)
  }

  @Test func bytesThatAreNoDocumentAreRefused() {
    #expect(throws: DocumentError.self) { try DocumentReader([0xff, 0xfe, 0x80], file: "x") }
    #expect(throws: DocumentError.self) { try DocumentReader(Array("- 1".utf8), file: "x") }
    #expect(throws: DocumentError.self) { try DocumentReader(Array(repeating: 0x5b, count: 100_000), file: "x") }
    #expect(throws: DocumentError.self) { try DocumentReader(Array(repeating: 0x23, count: 2 << 20), file: "x") }
    let deep = String(repeating: "{a: ", count: 60) + "1" + String(repeating: "}", count: 60)
    #expect(throws: DocumentError.self) { try DocumentReader(Array(deep.utf8), file: "x") }
  }

  @Test(arguments: ["[", "{a: ", "- ", "? "])
  func depthIsBounded(opening: String) {
    let text = "a:\n  " + String(repeating: opening, count: 50_000)
    #expect(throws: DocumentError.self) { try DocumentReader(Array(text.utf8), file: "x") }
  }

  @Test func anEmptyDocumentIsAnEmptyMap() throws {
    try read("# nothing\n") { (map) throws(DocumentError) in #expect(map.keys.isEmpty) }
  }

  @Test func allProblemsAreListedInOrder() {
    let text = "b: x\na: 99\nz: 1\ninner:\n  q: 1\n"
    let problems = DocumentReader.problems(Array(text.utf8), file: "x") { (map) throws(DocumentError) in
      _ = try map.requiredInt("a", in: 0...9)
      _ = try map.requiredBool("b")
      _ = try map.requiredString("c")
      _ = try map.requiredMap("inner").requiredInt("p", in: 0...1)
      try map.refuse("a", "never")
      _ = try map.requiredMap("gone").requiredInt("p", in: 0...1)
    }
    #expect(problems.map(\.code).count == 8)
    #expect(problems.map(\.line) == problems.map(\.line).sorted())
    #expect(Set(problems.map(\.keyPath)) == ["a", "b", "c", "z", "inner.p", "inner.q", "gone"])
  }

  @Test func acceptedKeysAreThoseAskedFor() {
    let keys = DocumentReader.acceptedKeys { (map) throws(DocumentError) in
      _ = try map.string("a")
      for row in try map.maps("rows") ?? [] { _ = try row.string("b") }
      _ = try map.requiredMap("m").requiredInt("n", in: 0...1)
      _ = try map.mapOrEmpty("o").bool("p")
    }
    #expect(keys == ["a", "rows", "rows[].b", "m", "m.n", "o", "o.p"])
  }

  @Test func refusingNamesTheValuesPlace() throws {
    let error = try #require(
      refusal("a: 1\nb: 2\n") { (map) throws(DocumentError) in
        _ = try map.int("a", in: 0...9)
        _ = try map.int("b", in: 0...9)
        try map.refuse("b", "clashes with a")
      })
    #expect(error.description == "x.yaml:2:4: b: clashes with a")
  }
}
