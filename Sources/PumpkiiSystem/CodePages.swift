internal import Glibc

/// The pages of program code that are mapped into this process.
package enum CodePages {
  /// Gives back the code that was mapped so far. Starting runs much code that never runs again, and the kernel maps
  /// whole neighbourhoods around it; what is needed again comes back from the page cache without a read. Costs some
  /// hundred small faults, so it is for once, when the work has begun.
  package static func release() {
    guard let maps = try? DurableFile.read("/proc/self/maps") else { return }
    for line in String(decoding: maps, as: UTF8.self).split(separator: "\n") {
      guard let (start, count) = range(line) else { continue }
      guard let address = unsafe UnsafeMutableRawPointer(bitPattern: start) else { continue }
      unsafe madvise(address, count, MADV_DONTNEED)
    }
  }

  /// Start and length of a mapping of a file's code that nobody can have written to; nil for every other line of
  /// proc(5)'s table.
  package static func range(_ line: Substring) -> (start: UInt, count: Int)? {
    let fields = line.split(separator: " ", omittingEmptySubsequences: true)
    guard fields.count >= 6, fields[1] == "r-xp", fields[5].hasPrefix("/") else { return nil }
    let ends = fields[0].split(separator: "-")
    guard ends.count == 2, let start = UInt(ends[0], radix: 16), let end = UInt(ends[1], radix: 16), end > start else {
      return nil
    }
    return (start, Int(end - start))
  }
}
