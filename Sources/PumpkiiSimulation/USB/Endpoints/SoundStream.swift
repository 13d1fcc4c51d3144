internal import Glibc
internal import PumpkiiCapture

/// The microphone: a packet each millisecond while the host streams, with as many samples as its own clock made.
///
/// Confined to the webcam's thread.
final class SoundStream {
  /// A schedule that is further behind than this begins anew, with the samples between lost.
  private static let patience: UInt64 = 500_000_000
  /// A fault holds transfers back for at most so long.
  private static let longestHold: UInt64 = 60_000_000_000
  /// Mute and volume.
  var level: (isMuted: Bool, gain: Int16) = (false, 0)
  private let profile: MicrophoneProfile
  private let device: DeviceProfile
  /// Of the file, where one is played.
  private let channels: Int
  private let time: DeviceTime
  private let log: WebcamLog
  private var queue = TransferQueue()
  private var openings = 0
  private var chosen: Int?
  private var session: SoundSession?
  private var isFrozen = false
  /// Performed while nothing streamed.
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

  /// The host takes a transfer back.
  func remove(_ sequence: UInt32) -> Bool { queue.remove(sequence) }

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

  /// A fault begins now, with the next unit.
  func perform(_ fault: Fault) {
    if fault.kind == .freeze {
      isFrozen = true
      log.add(.fault(.freeze, unit: session?.unit ?? 0))
    } else if let session {
      self.session?.faults.perform(fault, from: session.unit + 1, unitLength: profile.period)
    } else {
      waiting.append(fault)
    }
  }

  private func open(rate: Int, at now: UInt64) {
    chosen = nil
    openings += 1
    let origin = time.join(at: now)
    var profile = profile
    if case .file = profile.source {} else { profile.rate = rate }
    let script = FaultScript(profile.faults, opening: openings, seed: device.seed)
    do {
      session = SoundSession(
        rate: rate, source: try SoundPlan(profile, of: device).open(seed: device.seed), start: now, origin: origin,
        profile: profile, faults: UnitFaults(script, waiting: waiting, unitLength: profile.period))
      waiting = []
      log.add(.soundStarted(rate: rate, opening: openings))
    } catch {
      time.leave()
      log.add(.failed("\(error)"))
    }
  }
}

// MARK: - Transfers

extension SoundStream {
  /// When ``answer(at:)`` has something to do.
  var nextDue: UInt64? {
    guard let session, !isFrozen, !queue.isEmpty else { return nil }
    return session.held?.until ?? session.due
  }

  /// The next answer that is due, nil for none; `stop` when the cable is pulled.
  func answer(at now: UInt64) -> (bytes: [UInt8]?, stop: Fault?) {
    guard var session, !isFrozen, let first = queue.first else { return (nil, nil) }
    let length = Self.length(of: first)
    if session.due == 0 { session.due = now + length }
    if let held = session.held {
      guard now >= held.until else { return (nil, nil) }
      session.held = nil
      if held.drops { session.catchUp(to: now + length) }
    } else if session.due + Self.patience < now, !session.isBursting {
      session.catchUp(to: now + length)
    }
    self.session = session
    guard now >= session.due else { return (nil, nil) }
    if let stop = beginUnit(at: now) { return (nil, stop) }
    guard self.session?.held == nil, !isFrozen, let transfer = queue.take() else { return (nil, nil) }
    let bytes = fill(transfer)
    self.session?.due += Self.length(of: queue.first ?? transfer)
    return (bytes, nil)
  }

  private static func length(of transfer: USBTransfer) -> UInt64 {
    UInt64(max(transfer.packets.count, 1)) * SoundSession.millisecond
  }

  /// Begins what the script has for this unit.
  /// - Returns: the fault that pulls the cable.
  private func beginUnit(at now: UInt64) -> Fault? {
    guard var session, session.unit != session.lastUnit else { return nil }
    defer { self.session = session }
    let unit = session.unit
    session.lastUnit = unit
    session.isBursting = session.isBursting && session.due + Self.patience / 10 < now
    for fault in session.faults(of: unit) {
      let begins = session.begins(fault, unit)
      if begins || !fault.kind.lasts { log.add(.fault(fault.kind, unit: unit)) }
      switch fault.kind {
      case .unplug: return fault
      case .freeze: isFrozen = true
      case .xrun, .suspend:
        guard begins else { continue }
        session.held = (now + hold(fault), fault.kind == .suspend)
        session.isBursting = fault.kind == .xrun
      default: continue
      }
    }
    return nil
  }

  private func hold(_ fault: Fault) -> UInt64 {
    if case .time = fault.trigger { return min(fault.length, Self.longestHold) }
    return min(min(fault.count, 1 << 30) * profile.period, Self.longestHold)
  }

  private func fill(_ transfer: USBTransfer) -> [UInt8]? {
    guard let session else { return nil }
    let width = 2 * channels
    let isLost = session.faults(of: session.unit).contains { $0.kind == .lose }
    var packets = transfer.packets
    let begin = session.made(by: session.packets)
    let end = session.made(by: session.packets + UInt64(packets.count))
    let samples = sound(at: begin, count: Int(end - begin), session)
    var data: [UInt8] = []
    data.reserveCapacity(samples.count * 2)
    for index in packets.indices {
      let first = Int(session.made(by: session.packets + UInt64(index)) - begin)
      let next = Int(session.made(by: session.packets + UInt64(index) + 1) - begin)
      let count = isLost ? 0 : min(next - first, Int(packets[index].length) / width)
      for sample in samples[(first * channels)..<((first + count) * channels)] { data.putLittle(sample) }
      packets[index].actual = UInt32(count * width)
      packets[index].status = 0
    }
    self.session?.packets += UInt64(packets.count)
    return USBIPReply.isochronous(transfer, packets: packets, data: data[...])
  }

  /// As many samples as were asked for, whatever the source does.
  private func sound(at position: UInt64, count: Int, _ session: SoundSession) -> [Int16] {
    let place = session.place(of: position)
    var samples: [Int16] = []
    do throws(CaptureError) {
      samples = try session.source.samples(at: place.position, count: count, start: place.start, step: place.step)
    } catch {
      log.add(.failed(error.description))
    }
    let missing = count * channels - samples.count
    if level.isMuted || missing > 0 { return [Int16](repeating: 0, count: count * channels) }
    guard level.gain != 0 else { return samples }
    let factor = pow(10, Double(level.gain) / 256 / 20)
    return samples.map { Int16(min(max(Double($0) * factor, -32_768), 32_767)) }
  }
}
