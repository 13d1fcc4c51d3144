package import Logging
package import PumpkiiSystem
internal import ServiceLifecycle
internal import Synchronization

/// A switch that a hand throws, and no program sets. It counts as thrown until it was read for the first time, and
/// whenever its device cannot be read: pulling it out opens nothing.
package final class KillSwitch: Service, Sendable {
  private enum End {
    case woken
    case failed(SystemError)
  }

  private struct Open {
    var line: (any SwitchLine)?
    var isRetired = false
  }

  /// Whether it is thrown.
  package let isThrown = Published(true)
  private let name: String
  private let opening: @Sendable () throws(SystemError) -> any SwitchLine
  private let pause: Duration
  private let logger: Logger
  private let open = Mutex(Open())
  private let failure = Mutex<SystemError?>(nil)

  package convenience init(_ place: KillSwitchPlace, logger: Logger) {
    self.init(place.name, logger: logger) { () throws(SystemError) in try place.open() }
  }

  /// - Parameter pause: until a device that is gone is looked for again.
  package init(
    _ name: String, logger: Logger, pause: Duration = .seconds(1),
    opening: @escaping @Sendable () throws(SystemError) -> any SwitchLine
  ) {
    self.name = name
    self.logger = logger
    self.pause = pause
    self.opening = opening
  }

  /// Follows the switch until graceful shutdown.
  /// - Throws: nothing; the signature is the protocol's.
  package func run() async throws {
    await withTaskCancellationOrGracefulShutdownHandler {
      while !open.withLock({ $0.isRetired }), !Task.isCancelled {
        guard case .failed(let error) = await DeviceThread.run(named: "killswitch", { self.watch() }) else { break }
        set(true)
        report(error)
        await cancelWhenGracefulShutdown { try? await Task.sleep(for: self.pause) }
      }
    } onCancelOrGracefulShutdown: {
      self.open.withLock { open in
        open.isRetired = true
        return open.line
      }?.wake()
    }
  }

  private func watch() -> End {
    do throws(SystemError) {
      let line = try opening()
      let isRetired = open.withLock { open in
        open.line = line
        return open.isRetired
      }
      defer { open.withLock { $0.line = nil } }
      if isRetired { return .woken }
      set(try line.isThrown())
      report(nil)
      while let isThrown = try line.next() { set(isThrown) }
      return .woken
    } catch {
      return .failed(error)
    }
  }

  private func set(_ isThrown: Bool) {
    guard self.isThrown.value != isThrown else { return }
    self.isThrown.set(isThrown)
    logger.notice("the kill switch is \(isThrown ? "thrown" : "released")")
  }

  /// Each state once.
  private func report(_ error: SystemError?) {
    let before = failure.withLock { failure in
      defer { failure = error }
      return failure
    }
    guard before != error else { return }
    if let error {
      logger.error("the kill switch \(name) cannot be read and counts as thrown: \(error)")
    } else {
      logger.notice("the kill switch \(name) can be read again")
    }
  }
}
