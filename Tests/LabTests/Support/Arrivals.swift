import Foundation
import PumpkiiALSA
import PumpkiiCapture
import PumpkiiSystem
import PumpkiiV4L2

/// Waits for devices by what the kernel tells, not by time.
final class Arrivals: Sendable {
  private let changes = Published<UInt64>(0)
  // It looks on its own twice a second: a node is there before its last attribute is.
  private let monitor = DeviceMonitor(root: "/", kernel: LinuxKernel(), pause: 500)

  /// Watches while `body` runs.
  static func with<Result: Sendable>(_ body: (Arrivals) async throws -> Result) async throws -> Result {
    let arrivals = Arrivals()
    let watching = Task { [monitor = arrivals.monitor, changes = arrivals.changes] in
      await DeviceThread.run(named: "arrivals") { monitor.run { changes.update { $0 += 1 } } }
    }
    defer { arrivals.monitor.stop() }
    do {
      let result = try await body(arrivals)
      arrivals.monitor.stop()
      await watching.value
      return result
    } catch {
      arrivals.monitor.stop()
      await watching.value
      throw error
    }
  }

  /// The first answer of `look` that is not nil, asked whenever something came or went.
  func wait<Found: Sendable>(
    for what: String, _ look: @escaping @Sendable () -> Found?
  ) async throws -> Found {
    let changes = changes
    let found = await Patience.limited { () -> Found? in
      var seen: UInt64 = 0
      while !Task.isCancelled {
        if let found = look() { return found }
        // The first call returns at once with the version of now.
        seen = await changes.next(after: seen).version
      }
      return nil
    }
    guard let found = found ?? nil else {
      throw Lab.Obstacle("\(what) never came; there are \(V4L2Directory().list()), \(ALSADirectory().list())")
    }
    return found
  }

  /// A camera of this driver with these words in its id, and its node.
  func camera(_ driver: String, _ words: String = "") async throws -> V4L2Device {
    try await wait(for: "a camera of \(driver)") {
      V4L2Directory().list().first {
        $0.kind == .capture && $0.driver == driver && $0.access == .open
          && (words.isEmpty || $0.identity.id.contains(words))
      }
    }
  }

  /// Until the USB device with this serial number is gone, by sysfs alone: opening a node while vhci-hcd lets its device
  /// go can hang for ever in the kernel. (An URB that was queued and is unlinked before vhci's sender took it is never
  /// given back when the connection ends meanwhile; other controllers have no such queue.)
  func noDevice(_ serial: String) async throws {
    _ = try await wait(for: "the end of \(serial)") { () -> Bool? in
      let folder = "/sys/bus/usb/devices"
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      let serials = names.compactMap { try? String(contentsOfFile: "\(folder)/\($0)/serial", encoding: .utf8) }
      return serials.contains { $0.hasPrefix(serial) } ? nil : true
    }
  }

  /// A microphone with these words in its id.
  func microphone(_ words: String) async throws -> ALSADevice {
    try await wait(for: "a microphone \(words)") {
      ALSADirectory().list().first { $0.identity.id.contains(words) }
    }
  }
}
