internal import PumpkiiCapture
internal import Synchronization

/// What sensors have in common before they are open: one program at a time, a count of openings, an entry in the log,
/// and a device that may not answer.
final class SensorSlot: Sendable {
  private struct State {
    var isOpen = false
    var openings = 0
    /// So long, in ns, the next opening waits for an answer that does not come.
    var mute: UInt64?
  }

  let device: DeviceParts
  private let sensor: SensorLog.Sensor
  private let name: String
  private let state = Mutex(State())

  init(_ sensor: SensorLog.Sensor, name: String, device: DeviceParts) {
    self.sensor = sensor
    self.name = name
    self.device = device
  }

  /// Opens the sensor by `body`, which is given the number of the opening, from 1, and the instant.
  /// - Throws: ``CaptureError`` of `body`; `busy` while it is open; `frozen` where control transfers stall.
  func open<Session>(_ body: (Int, UInt64) throws(CaptureError) -> Session) throws(CaptureError) -> Session {
    let claimed = state.withLock { state -> (opening: Int, mute: UInt64?)? in
      guard !state.isOpen else { return nil }
      state.isOpen = true
      state.openings += 1
      defer { state.mute = nil }
      return (state.openings, state.mute)
    }
    guard let claimed else {
      device.log.add(sensor, .refused, at: device.clock.now())
      throw CaptureError(.busy, "\(name) is in use", advice: "Close the program that has it open.")
    }
    do throws(CaptureError) {
      if let mute = claimed.mute { try wait(mute) }
      let now = device.clock.now()
      let session = try body(claimed.opening, now)
      device.log.add(sensor, .opened, at: now)
      return session
    } catch {
      state.withLock { state in
        state.isOpen = false
        // An opening that failed is none: faults count those that worked.
        state.openings -= 1
      }
      device.log.add(sensor, .refused, at: device.clock.now())
      throw error
    }
  }

  /// Control transfers are not answered from now on: the next opening takes so many ns and fails.
  func fallMute(for length: UInt64) { state.withLock { $0.mute = length } }

  func closed() {
    state.withLock { $0.isOpen = false }
    device.log.add(sensor, .closed, at: device.clock.now())
  }

  private func wait(_ length: UInt64) throws(CaptureError) {
    let signal = WakeSignal()
    let pulls = try device.plug.begin(signal, at: device.clock.now(), name: name)
    defer { device.plug.end(signal) }
    let end = device.clock.now() + length
    while device.clock.now() < end, !signal.isRaised { device.clock.wait(until: end, or: signal) }
    if device.plug.isOut(since: pulls) { throw DevicePlug.gone(name) }
    throw CaptureError(
      .frozen, "\(name) does not answer (S_FMT: input/output error)",
      advice: "It is tried again; if that fails, plug it out and in.")
  }
}

/// What the sensors of one device share.
struct DeviceParts: Sendable {
  let name: String
  let seed: UInt64
  let clock: any SimulatedClock
  let time: DeviceTime
  let plug: DevicePlug
  let log: SensorLog
}
