import Foundation
import Testing

/// What this process holds, to be the same after a scenario as before.
struct Balance {
  let descriptors: [String]
  /// KiB that belong to this process alone.
  let anonymous: Int

  init() {
    descriptors = Self.open()
    anonymous = Self.anonymous()
  }

  /// Nothing of a device is open that was not open before. Descriptors of a kind that a runtime opens once and keeps
  /// (event queues) are no device's.
  func expectNoDeviceLeft(_ location: SourceLocation = #_sourceLocation) {
    let left = Self.open().filter { $0.hasPrefix("/dev/video") || $0.hasPrefix("/dev/snd") || $0.contains("dmabuf") }
    #expect(left == [], "devices are still open", sourceLocation: location)
  }

  /// As many descriptors as before, exactly.
  func expectSameDescriptors(_ location: SourceLocation = #_sourceLocation) {
    let now = Self.open()
    #expect(now.count == descriptors.count, "\(now) against \(descriptors)", sourceLocation: location)
  }

  private static func open() -> [String] {
    let folder = "/proc/self/fd"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    // The listing's own descriptor is gone when it is asked about.
    return names.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)") }.sorted()
  }

  private static func anonymous() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") } ?? ""
    return line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
  }
}
