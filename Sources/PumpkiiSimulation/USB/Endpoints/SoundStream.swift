internal import Glibc
internal import PumpkiiCapture

/// The microphone: a packet each millisecond while the host streams, with as many samples as its own clock made.
///
/// Confined to the webcam's thread.
final class SoundStream {
  private struct Session {
    let rate: Int
    let source: any SoundSource
    let script: FaultScript
    let start: UInt64
    let origin: UInt64
    /// Packets whose time has come.
    var packets: UInt64 = 0
    /// When the next transfer is full.
    var due: UInt64 = 0
    var performed: [Fault] = []
    /// The unit that was looked at last.
    var lastUnit: UInt64?
    var held: (until: UInt64, drops: Bool)?
  }

  private static let millisecond: UInt64 = 1_000_000
  /// A schedule that is further behind than this begins anew, with the samples between lost.
  private static let patience: UInt64 = 500_000_000
  private var queue = TransferQueue()
  /// Mute and volume.
  var level: (isMuted: Bool, gain: Int16) = (false, 0)
  private let profile: MicrophoneProfile
  private let device: DeviceProfile
  /// Of the file, where one is played.
  private let channels: Int
  private let time: DeviceTime
  private let log: WebcamLog
  private var openings = 0
  private var chosen: Int?
  private var session: Session?
  private var isFrozen = false
  private var waiting: [Fault] = []

  init(
    _ profile: MicrophoneProfile, of device: DeviceProfile, channels: Int, time: DeviceTime, log: WebcamLog
  ) {
    self.profile = profile
    self.channels = channels
    self.device = device
    self.time = time
    self.log = log
  }

  /// The host chose a rate. Drivers do so while they look at a new device, too: it streams with the first transfer.
  func start(rate: Int) {
    stop()
    chosen = rate
  }

  /// A transfer waits for samples.
  /// - Returns: false when there is no room.
  func add(_ transfer: USBTransfer, at now: UInt64) -> Bool {
    if session == nil, let chosen { open(rate: chosen, at: now) }
    return queue.add(transfer)
  }

  /// The host streams no more.
  func stop() {
    chosen = nil
    guard let session else { return }
    self.session = nil
    time.leave()
    log.add(.soundStopped(milliseconds: session.packets))
  }

  /// A reset or SET_CONFIGURATION.
  func thaw() { isFrozen = false }

  /// Without power.
  func unplug() {
    stop()
    thaw()
    queue = TransferQueue()
  }

  /// The host takes a transfer back.
  func remove(_ sequence: UInt32) -> Bool { queue.remove(sequence) }

  private func open(rate: Int, at now: UInt64) {
    chosen = nil
    openings += 1
    let origin = time.join(at: now)
    var profile = profile
    if case .file = profile.source {} else { profile.rate = rate }
    do {
      let source = try SoundPlan(profile, of: device).open(seed: device.seed)
      session = Session(
        rate: rate, source: source, script: FaultScript(profile.faults, opening: openings, seed: device.seed),
        start: now, origin: origin, performed: waiting)
      waiting = []
      log.add(.soundStarted(rate: rate, opening: openings))
    } catch {
      time.leave()
      log.add(.failed("\(error)"))
    }
  }

  /// A fault begins now.
  func perform(_ fault: Fault) {
    guard fault.kind != .freeze else {
      isFrozen = true
      log.add(.fault(.freeze, unit: session.map { unit($0) } ?? 0))
      return
    }
    var fault = fault
    if case .time = fault.trigger { fault.count = max(min(fault.length, 1 << 50) / max(profile.period, 1), 1) }
    fault.trigger = .unit(session.map { unit($0) + 1 } ?? 0)
    if session != nil { session?.performed.append(fault) } else { waiting.append(fault) }
  }

  /// When ``answer(at:)`` has something to do.
  var nextDue: UInt64? {
    guard let session, !isFrozen, !queue.isEmpty else { return nil }
    return session.held?.until ?? session.due
  }

  /// The next answer that is due, nil for none; `stop` when the cable is pulled.
  func answer(at now: UInt64) -> (bytes: [UInt8]?, stop: Fault?) {
    guard let current = session, !isFrozen, let first = queue.first else { return (nil, nil) }
    let length = UInt64(max(first.packets.count, 1)) * Self.millisecond
    if current.due == 0 { session?.due = now + length }
    if let held = current.held {
      guard now >= held.until else { return (nil, nil) }
      session?.held = nil
      if held.drops { catchUp(to: now + length) }
    } else if let due = session?.due, due + Self.patience < now, current.due != 0, !isBursting {
      catchUp(to: now + length)
    }
    guard let due = session?.due, now >= due else { return (nil, nil) }
    if let stop = hold(at: now) { return (nil, stop) }
    guard session?.held == nil, !isFrozen, let transfer = queue.take() else { return (nil, nil) }
    let bytes = fill(transfer)
    session?.due += UInt64(max(queue.first?.packets.count ?? transfer.packets.count, 1)) * Self.millisecond
    return (bytes, nil)
  }

  /// Whether what was held back is being delivered in one go.
  private var isBursting = false

  /// Leaves out what was not delivered: its packets pass unseen.
  private func catchUp(to due: UInt64) {
    guard let session, due > session.due else { return }
    self.session?.packets += (due - session.due) / Self.millisecond
    self.session?.due = due
  }

  /// Begins what the script has for this period.
  /// - Returns: the fault that pulls the cable.
  private func hold(at now: UInt64) -> Fault? {
    guard let session else { return nil }
    let unit = unit(session)
    guard unit != session.lastUnit else { return nil }
    self.session?.lastUnit = unit
    isBursting = isBursting && session.due + Self.patience / 10 < now
    for fault in faults(of: unit, session) {
      if !fault.kind.lasts || begins(fault, unit) { log.add(.fault(fault.kind, unit: unit)) }
      switch fault.kind {
      case .unplug: return fault
      case .freeze: isFrozen = true
      case .xrun, .suspend:
        guard begins(fault, unit) else { continue }
        let length = min(
          max(min(fault.count, 1 << 30) * profile.period, isTimed(fault) ? fault.length : 0), 60_000_000_000)
        self.session?.held = (now + length, fault.kind == .suspend)
        isBursting = fault.kind == .xrun
      default: continue
      }
    }
    return nil
  }

  private func isTimed(_ fault: Fault) -> Bool { if case .time = fault.trigger { true } else { false } }

  /// True in the first period of a fault; a burst by chance holds once.
  private func begins(_ fault: Fault, _ unit: UInt64) -> Bool {
    guard unit > 0, let session else { return true }
    return !faults(of: unit - 1, session).contains { $0.kind == fault.kind }
  }

  private func unit(_ session: Session) -> UInt64 { session.packets * Self.millisecond / max(profile.period, 1) }

  private func faults(of unit: UInt64, _ session: Session) -> [Fault] {
    session.script.actions(of: unit, at: unit * profile.period)
      + session.performed.filter { fault in
        if case .unit(let first) = fault.trigger { unit >= first && unit - first < fault.count } else { false }
      }
  }

  private func fill(_ transfer: USBTransfer) -> [UInt8]? {
    guard let session else { return nil }
    let width = 2 * channels
    let period = unit(session)
    let isLost = faults(of: period, session).contains { $0.kind == .lose }
    var packets = transfer.packets
    var first = session.packets
    let begin = made(by: first, session)
    let total = Int(made(by: first + UInt64(packets.count), session) - begin)
    let samples = sound(at: begin, count: total, session)
    var data: [UInt8] = []
    data.reserveCapacity(total * width)
    var position = 0
    for index in packets.indices {
      let count = Int(made(by: first + 1, session) - made(by: first, session))
      let room = isLost ? 0 : min(count, Int(packets[index].length) / width)
      for sample in samples[min(position * channels, samples.count)..<min((position + room) * channels, samples.count)]
      {
        data.putLittle(sample)
      }
      packets[index].actual = UInt32(room * width)
      packets[index].status = 0
      position += count
      first += 1
    }
    self.session?.packets = first
    return USBIPReply.isochronous(transfer, packets: packets, data: data[...])
  }

  /// Sample frames the microphone's own clock has made in so many milliseconds.
  private func made(by packets: UInt64, _ session: Session) -> UInt64 {
    UInt64(Double(packets) * Double(session.rate) / 1000 * (1 + profile.clock.driftPPM * 1e-6))
  }

  private func sound(at position: UInt64, count: Int, _ session: Session) -> [Int16] {
    let step = 1e9 / (Double(session.rate) * (1 + profile.clock.driftPPM * 1e-6))
    let lead = Double(session.start - min(session.origin, session.start))
    let first = UInt64((lead * Double(session.rate) / 1e9).rounded())
    let samples: [Int16]
    do throws(CaptureError) {
      samples = try session.source.samples(
        at: first + position, count: count, start: lead + Double(position) * step, step: step)
    } catch {
      log.add(.failed(error.description))
      samples = [Int16](repeating: 0, count: count * channels)
    }
    if level.isMuted { return [Int16](repeating: 0, count: samples.count) }
    guard level.gain != 0 else { return samples }
    let factor = pow(10, Double(level.gain) / 256 / 20)
    return samples.map { Int16(min(max(Double($0) * factor, -32_768), 32_767)) }
  }
}
