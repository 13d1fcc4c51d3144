/// What all readers of one document share.
final class DocumentState {
  let file: String
  /// True while a document is looked through for all its problems: nothing is thrown, everything is noted.
  let collects: Bool
  private(set) var problems: [DocumentError] = []
  /// Key paths that were asked for, lists written `[]`: what the program accepts.
  private(set) var asked: Set<String> = []

  init(file: String, collects: Bool) {
    self.file = file
    self.collects = collects
  }

  func ask(_ path: String) { asked.insert(path) }

  /// Throws the problem, or notes it where all are wanted.
  func refuse(_ problem: DocumentError) throws(DocumentError) {
    guard collects else { throw problem }
    if !problems.contains(problem) { problems.append(problem) }
  }
}

/// One map of a document and which of its keys were read.
final class DocumentMapState {
  let entries: [DocumentNode.Entry]
  let position: DocumentNode.Position
  /// False for a stand-in where the map itself is missing: its absent keys are no further problems.
  let isThere: Bool
  var read: Set<String> = []
  var children: [DocumentReader] = []

  init(entries: [DocumentNode.Entry], position: DocumentNode.Position, isThere: Bool = true) {
    self.entries = entries
    self.position = position
    self.isThere = isThere
  }
}
