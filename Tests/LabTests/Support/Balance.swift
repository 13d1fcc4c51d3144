import Foundation
import Testing

/// What this process holds, to be the same after a scenario as before.
struct Balance {
  let descriptors: [String]

  init() { descriptors = Self.open() }

  /// Nothing of a device is open or mapped that was not before. Descriptors of a kind that a runtime opens once and keeps
  /// (event queues) are no device's.
  func expectNoDeviceLeft(_ location: SourceLocation = #_sourceLocation) {
    #expect(Self.open().filter(Self.isOfDevice) == [], "devices are still open", sourceLocation: location)
    #expect(Self.mappings().filter(Self.isOfDevice) == [], "buffers are still mapped", sourceLocation: location)
  }

  /// The one of two that holds less: what a thread closes a moment after a scenario's end is in neither.
  static func least(_ one: Balance, _ other: Balance) -> Balance {
    one.descriptors.count <= other.descriptors.count ? one : other
  }

  /// No descriptor more than before, once those that are being closed are.
  func expectNoMoreDescriptors(_ location: SourceLocation = #_sourceLocation) async throws {
    var now = Self.open()
    for _ in 0..<100 where now.count > descriptors.count {
      try await Task.sleep(for: .milliseconds(100))
      now = Self.open()
    }
    #expect(now.count <= descriptors.count, "\(now) against \(descriptors)", sourceLocation: location)
  }

  /// Device nodes of a folder that this process has open now: `/dev/video`, `/dev/snd`.
  static func open(under folder: String) -> [String] { open().filter { $0.hasPrefix(folder) } }

  /// None of a folder's is. Whoever looks for devices has each open for a moment, so that is waited for.
  static func expectNoneOpen(
    under folder: String, _ comment: Comment, _ location: SourceLocation = #_sourceLocation
  ) async {
    for _ in 0..<100 where !open(under: folder).isEmpty { try? await Task.sleep(for: .milliseconds(100)) }
    #expect(open(under: folder) == [], comment, sourceLocation: location)
  }

  private static func isOfDevice(_ name: String) -> Bool {
    name.contains("/dev/video") || name.contains("/dev/snd") || name.contains("dmabuf")
  }

  private static func open() -> [String] {
    let folder = "/proc/self/fd"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    // The listing's own descriptor is gone when it is asked about.
    return names.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)") }.sorted()
  }

  private static func mappings() -> [String] {
    let text = (try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init)
  }
}
