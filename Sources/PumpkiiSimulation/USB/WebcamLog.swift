internal import PumpkiiSystem

/// What happened to an emulated webcam, in order.
public final class WebcamLog: Sendable {
  /// One thing that happened.
  public enum Event: Sendable, Equatable, CustomStringConvertible {
    /// The host's controller took it at this port.
    case attached(port: Int)
    /// A host on the network took it.
    case imported
    /// The host chose a configuration: its drivers may use the device; also after each reset.
    case configured
    /// Frames are asked for; the text says format, size and rate, the number counts from 1.
    case videoStarted(String, opening: Int)
    /// No frames are asked for any more. Frames that were due while nobody took any are the skipped ones.
    case videoStopped(frames: UInt64, skipped: UInt64)
    /// Sound is asked for.
    case soundStarted(rate: Int, opening: Int)
    /// No sound is asked for any more.
    case soundStopped(milliseconds: UInt64)
    /// A fault befell a unit.
    case fault(Fault.Kind, unit: UInt64)
    /// The privacy shutter moved.
    case shutter(isClosed: Bool)
    /// The host asked how the privacy shutter stands.
    case shutterRead
    /// The host set a camera's control.
    case control(String, value: Int)
    /// The cable was pulled.
    case unplugged
    /// The host let it go.
    case detached
    /// Something that should not be.
    case failed(String)

    /// One line for people.
    public var description: String {
      switch self {
      case .attached(let port): "attached to port \(port)"
      case .imported: "attached over the network"
      case .configured: "configured"
      case .videoStarted(let mode, let opening): "video \(opening) started: \(mode)"
      case .videoStopped(let frames, let skipped): "video stopped: \(frames) frames, \(skipped) not taken"
      case .soundStarted(let rate, let opening): "sound \(opening) started: \(rate) Hz"
      case .soundStopped(let milliseconds): "sound stopped: \(milliseconds) ms"
      case .fault(let kind, let unit): "fault \(kind.rawValue) at \(unit)"
      case .shutter(let isClosed): "shutter \(isClosed ? "closed" : "open")"
      case .shutterRead: "shutter read"
      case .control(let name, let value): "\(name) = \(value)"
      case .unplugged: "unplugged"
      case .detached: "detached"
      case .failed(let reason): "failed: \(reason)"
      }
    }
  }

  /// An event with its instant.
  public struct Entry: Sendable, Equatable {
    /// CLOCK_MONOTONIC in ns.
    public let time: UInt64
    /// What happened.
    public let event: Event
  }

  /// Entries kept; the oldest go.
  private static let capacity = 8192
  private let published = Published([Entry]())

  /// An empty log.
  package init() {}

  /// The entries so far; the newest 4096 at least.
  public var entries: [Entry] { published.value }

  /// The events alone.
  public var events: [Event] { entries.map(\.event) }

  /// Waits until the events so far are what a test wants.
  /// - Returns: false when the task was cancelled before.
  public func wait(until condition: ([Event]) -> Bool) async -> Bool {
    await published.wait { condition($0.map(\.event)) }
  }

  /// Waits for entries after the first `count`.
  /// - Returns: all entries; fewer than `count` where old ones had to go.
  public func next(after count: Int) async -> [Entry] {
    _ = await published.wait { $0.count != count }
    return entries
  }

  func add(_ event: Event) {
    let entry = Entry(time: Clocks.monotonic(), event: event)
    published.update { entries in
      if entries.count >= Self.capacity { entries.removeFirst(Self.capacity / 2) }
      entries.append(entry)
    }
  }
}

extension StreamChoice {
  /// `MJPG 640×480 30/s`.
  var text: String {
    let rate = self.rate == self.rate.rounded() ? "\(Int(self.rate))" : "\(self.rate)"
    return "\(pixels.letters) \(width)×\(height) \(rate)/s"
  }
}
