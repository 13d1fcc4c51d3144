import Foundation
import Glibc

/// What the allocator has handed out and not got back. Resident memory says less: it grows by each arena that a thread of
/// its own is given and by what is left free between pieces in use, differently in every run.
enum Heap {
  private typealias Report = @convention(c) (Int32, UnsafeMutablePointer<FILE>) -> Int32

  /// KiB in use, over all arenas and large pieces.
  /// - Throws: ``Lab/Obstacle`` where the allocator says nothing.
  static func kibibytes() throws -> Int {
    let report = try report()
    // What stands behind the last arena is about all of them.
    let totals = report.components(separatedBy: "</heap>").last ?? ""
    guard let system = size("<system type=\"current\"", totals), let rest = size("<total type=\"rest\"", totals),
      let fast = size("<total type=\"fast\"", totals), let large = size("<total type=\"mmap\"", totals)
    else { throw Lab.Obstacle("malloc_info says \(totals)") }
    return (system - rest - fast + large) / 1024
  }

  private static func report() throws -> String {
    let path = NSTemporaryDirectory() + "/heap-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    // Swift's Glibc does not name it.
    guard let symbol = unsafe dlsym(nil, "malloc_info"), let file = unsafe fopen(path, "w") else {
      throw Lab.Obstacle("there is no malloc_info")
    }
    _ = unsafe unsafeBitCast(symbol, to: Report.self)(0, file)
    unsafe fclose(file)
    return try String(contentsOfFile: path, encoding: .utf8)
  }

  private static func size(_ start: String, _ text: String) -> Int? {
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(start) }) else { return nil }
    return line.components(separatedBy: "size=\"").last.flatMap { Int($0.prefix { $0.isNumber }) }
  }
}
