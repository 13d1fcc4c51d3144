internal import PumpkiiSystem

/// When which sensor of a simulated device was opened and closed: the proof that a denied microphone never was.
public final class SensorLog: Sendable {
  /// Which of the device's sensors.
  public enum Sensor: String, Sendable {
    /// The camera.
    case camera
    /// The microphone.
    case microphone
  }

  /// What happened to it.
  public enum Action: String, Sendable {
    /// It was opened.
    case opened
    /// It was closed.
    case closed
    /// Opening it was tried and refused.
    case refused
  }

  /// One opening or closing.
  public struct Event: Sendable, Equatable {
    /// Which sensor.
    public let sensor: Sensor
    /// What happened.
    public let action: Action
    /// When, by the device's clock, in ns.
    public let time: UInt64
  }

  private struct Book {
    var events: [Event] = []
    var openings: [Sensor: Int] = [:]
  }

  /// Events kept; the oldest go, the count of openings stays.
  private static let capacity = 4096
  private let published = Published(Book())

  init() {}

  /// The events so far, in order; the newest 2048 at least.
  public var events: [Event] { published.value.events }

  /// How often a sensor was opened.
  public func openings(of sensor: Sensor) -> Int { published.value.openings[sensor] ?? 0 }

  /// Whether a sensor is open now.
  public func isOpen(_ sensor: Sensor) -> Bool {
    events.last { $0.sensor == sensor && $0.action != .refused }?.action == .opened
  }

  /// Waits until the events so far are what a test wants.
  /// - Returns: false when the task was cancelled before.
  public func wait(until condition: ([Event]) -> Bool) async -> Bool {
    await published.wait { condition($0.events) }
  }

  func add(_ sensor: Sensor, _ action: Action, at time: UInt64) {
    published.update { book in
      if book.events.count >= Self.capacity { book.events.removeFirst(Self.capacity / 2) }
      book.events.append(Event(sensor: sensor, action: action, time: time))
      if action == .opened { book.openings[sensor, default: 0] += 1 }
    }
  }
}
