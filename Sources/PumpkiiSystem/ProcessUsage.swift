/// What this process costs, from `/proc/self/status` (proc(5)).
package struct ProcessUsage: Sendable {
  /// VmHWM, the peak resident set, in KiB.
  package let peakResidentKiB: Int
  /// RssAnon in KiB.
  package let anonymousKiB: Int
  /// User and system CPU time in ns.
  package let cpu: UInt64

  package init() {
    let text =
      (try? DurableFile.read("/proc/self/status")).flatMap { $0 }.map { String(decoding: $0, as: UTF8.self) } ?? ""
    peakResidentKiB = Self.value("VmHWM:", in: text)
    anonymousKiB = Self.value("RssAnon:", in: text)
    cpu = Clocks.processCPU()
  }

  private static func value(_ key: String, in text: String) -> Int {
    for line in text.split(separator: "\n") where line.hasPrefix(key) {
      return line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int($0) } ?? 0
    }
    return 0
  }
}
