/// A document as a tree of ours, so that nothing above knows which parser made it.
struct DocumentNode {
  /// Line and column from 1.
  struct Position: Equatable {
    var line: Int
    var column: Int
  }

  /// One key with its value, in the order of the file.
  struct Entry {
    var key: String
    var position: Position
    var value: DocumentNode
  }

  enum Content {
    /// `plain` is false for quoted text, which is never a number, a truth value or nothing.
    case scalar(String, plain: Bool)
    case list([DocumentNode])
    case map([Entry])
  }

  var content: Content
  var position: Position

  /// How the value is called in a message.
  var kind: String {
    switch content {
    case .list: "a list"
    case .map: "a map"
    case .scalar(let text, let plain): plain ? DocumentScalar.kind(of: text) : "text"
    }
  }
}
