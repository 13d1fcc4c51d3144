internal import NIOCore
internal import NIOPosix
package import PumpkiiSystem
internal import PumpkiiWire

/// Large bytes in files. Each stands under a name that is given once, and stands there whole: it is written beside,
/// synced, renamed, and its folder is synced. The calls that may wait for a disk run on threads of their own.
package struct BlobStore: Sendable {
  /// Bytes that are written and read at once.
  static let pieceBytes = 256 << 10

  private let folder: String
  private var unfinished: String { "\(folder)/new" }

  /// Makes the folder, and removes what was begun there by a process that is gone.
  /// - Throws: ``RelayError`` `relay-home`.
  package init(folder: String) throws(RelayError) {
    self.folder = folder
    do throws(SystemError) {
      try DurableFile.makeFolder(unfinished)
      for name in try DurableFile.list(unfinished) { try DurableFile.remove("\(unfinished)/\(name)") }
    } catch {
      throw RelayError(.home, error.description)
    }
  }

  /// Removes every blob whose name (`FOLDER/FILE`) is not among `names`: one that was renamed and never acknowledged.
  /// - Returns: how many there were.
  /// - Throws: ``SystemError``.
  package func removeAll(but names: Set<String>) throws(SystemError) -> Int {
    var removed = 0
    for part in try DurableFile.list(folder) where part != "new" {
      for file in try DurableFile.list("\(folder)/\(part)") where !names.contains("\(part)/\(file)") {
        try DurableFile.remove("\(folder)/\(part)/\(file)")
        removed += 1
      }
    }
    return removed
  }

  /// Begins a blob that has no name yet.
  func begin() async throws -> BlobWriter {
    let path = "\(unfinished)/\(Base64URL.encode(SystemRandom.bytes(12)))"
    return try await Self.aside { BlobWriter(file: try GrowingFile(path)) }
  }

  /// Gives a blob its name, `FOLDER/FILE`; durable when it returns.
  func finish(_ writer: BlobWriter, as name: String) async throws {
    var writer = writer
    try await writer.flush()
    let (file, path) = (writer.file, "\(folder)/\(name)")
    try await Self.aside {
      let part = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
      if !DurableFile.exists(part) {
        try DurableFile.makeFolder(part)
        try DurableFile.syncFolder(of: part)
      }
      try file.finish(at: path)
    }
  }

  /// A blob by its name, nil when there is none.
  func open(_ name: String) async throws -> ReadableFile? {
    let path = "\(folder)/\(name)"
    return try await Self.aside { try ReadableFile(path) }
  }

  /// One piece of a blob.
  static func piece(_ file: ReadableFile, at offset: Int, limit: Int) async throws -> [UInt8] {
    try await aside { try file.read(at: offset, limit: min(limit, pieceBytes)) }
  }

  /// Removes blobs; one that is not there is no error.
  func remove(_ names: [String]) async throws {
    guard !names.isEmpty else { return }
    let paths = names.map { "\(folder)/\($0)" }
    try await Self.aside { for path in paths { try DurableFile.remove(path) } }
  }

  static func aside<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await NIOThreadPool.singleton.runIfActive(body)
  }
}

/// A blob on its way to the disk, in pieces large enough to be worth a call.
struct BlobWriter: Sendable {
  let file: GrowingFile
  private var waiting: [UInt8] = []

  init(file: GrowingFile) { self.file = file }

  mutating func append(_ bytes: some Collection<UInt8>) async throws {
    waiting.append(contentsOf: bytes)
    if waiting.count >= BlobStore.pieceBytes { try await flush() }
  }

  mutating func flush() async throws {
    guard !waiting.isEmpty else { return }
    let (file, bytes) = (file, waiting)
    waiting.removeAll(keepingCapacity: true)
    try await BlobStore.aside { try file.append(bytes) }
  }

  /// What was written is gone.
  func discard() async {
    // Nothing to be told: the next start removes what could not be removed now.
    try? await BlobStore.aside { [file] in file.discard() }
  }
}
