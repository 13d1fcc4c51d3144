/// What is wrong in a document and exactly where, in the form that editors and people follow.
package struct DocumentError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The closed list of reasons; the raw value is the stable code that programs see.
  package enum Code: String, Sendable, CaseIterable {
    case syntax = "document-syntax"
    case tooLarge = "document-too-large"
    case unreadable = "document-unreadable"
    case unknownKey = "document-unknown-key"
    case duplicateKey = "document-duplicate-key"
    case missingKey = "document-missing-key"
    case wrongType = "document-wrong-type"
    case outOfRange = "document-out-of-range"
    case notAllowed = "document-not-allowed"
  }

  /// The reason, for programs.
  package let code: Code
  /// The file as its owner named it.
  package let file: String
  /// From 1; 0 where the whole file is meant.
  package let line: Int
  /// From 1, in Unicode scalars; 0 where the whole file is meant.
  package let column: Int
  /// `camera.source.kind`, `formats[1].width`; empty for the document itself.
  package let keyPath: String
  /// One line: what is wrong and what would be right.
  package let message: String

  /// An error of its parts.
  package init(_ code: Code, file: String, line: Int = 0, column: Int = 0, keyPath: String = "", _ message: String) {
    self.code = code
    self.file = file
    self.line = line
    self.column = column
    self.keyPath = keyPath
    self.message = message
  }

  /// `file:line:column: key: message`.
  package var description: String {
    let place = line > 0 ? "\(file):\(line):\(column)" : file
    return keyPath.isEmpty ? "\(place): \(message)" : "\(place): \(keyPath): \(message)"
  }
}
