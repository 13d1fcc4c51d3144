internal import Glibc
internal import PumpkiiSystem

/// Where a film goes: a file under a name of its own until it is whole, or a stream as it is made.
struct MovieFile: Sendable {
  private let path: String
  /// Nil for a stream.
  private let part: String?
  private let held: HeldStream?

  /// - Throws: ``ClientError`` `client-home` where no file of this name can be written.
  init(_ path: String) throws(ClientError) {
    self.path = path == MovieWriter.standardOutput ? "/dev/stdout" : path
    guard path != MovieWriter.standardOutput, !DurableFile.isSpecial(path) else {
      part = nil
      held = path == MovieWriter.standardOutput ? nil : try ClientError.translating { try HeldStream(path) }
      return
    }
    held = nil
    guard !DurableFile.isFolder(path) else { throw ClientError(.home, "\(path) is a folder", advice: "name a file") }
    let part = "\(path).part.\(getpid())"
    self.part = part
    // Found out now and not after an hour of watching.
    try ClientError.translating {
      try DurableFile.begin(part)
      try DurableFile.remove(part)
    }
  }

  /// - Throws: ``ClientError``: `client-home`, `client-reader-gone` when whoever read a stream has closed it.
  func append(_ bytes: [UInt8]) throws(ClientError) {
    do {
      // Not opened anew: an opening waits for a reader, also when the last one has gone for good.
      if let held { return try held.write(bytes) }
      try DurableFile.append(bytes, to: part ?? path, sync: false)
    } catch {
      guard part == nil, error.errno == EPIPE else { throw ClientError(of: error) }
      throw ClientError(.readerGone, "the player has closed")
    }
  }

  /// - Returns: false where a file that must not be replaced is there already.
  /// - Throws: ``ClientError`` `client-home`.
  func publish(replacing: Bool) throws(ClientError) -> Bool {
    guard let part else { return true }
    guard replacing || !DurableFile.exists(path) else {
      discard()
      return false
    }
    try ClientError.translating {
      try DurableFile.append([], to: part)
      try DurableFile.rename(part, to: path)
    }
    return true
  }

  func discard() {
    if let part { try? DurableFile.remove(part) }
  }
}
