import Logging
import PumpkiiAgent
import PumpkiiCapture
import PumpkiiMedia
import PumpkiiPolicy
import PumpkiiSystem
import PumpkiiVault
import PumpkiiWire
import Synchronization

/// What happened, in order.
final class Trace: Sendable {
  private let events = Mutex<[String]>([])
  var all: [String] { events.withLock { $0 } }
  func add(_ event: String) { events.withLock { $0.append(event) } }
}

/// A microphone that records when it is opened and closed and gives silence as fast as it is asked, until told to end.
final class TracedMicrophone: Microphone, MicrophoneSession {
  let identity = SensorIdentity(kind: .microphone, id: "traced", name: "Traced microphone")
  let format = AudioFormat(sampleRate: 48_000, channels: 1)
  private let trace: Trace
  private let position = Mutex<UInt64>(0)
  /// Called before each period, from the sensor's thread.
  private let each: @Sendable (UInt64) -> Void

  init(trace: Trace, each: @escaping @Sendable (UInt64) -> Void = { _ in }) {
    self.trace = trace
    self.each = each
  }

  func open(observer: @escaping SensorObserver) throws(CaptureError) -> any MicrophoneSession {
    trace.add("open")
    return self
  }

  func next(timeout _: Duration) throws(CaptureError) -> CapturedAudio? {
    let start = position.withLock { position in
      defer { position += 960 }
      return position
    }
    each(start / 960)
    return CapturedAudio(
      position: start, timestamp: start * 1_000_000 / 48, samples: [Int16](repeating: 0, count: 960))
  }

  var counters: CaptureCounters { CaptureCounters() }

  func interrupt() { trace.add("interrupt") }

  func close() -> UInt64 {
    if trace.all.last != "close" { trace.add("close") }
    return position.withLock { $0 }
  }
}

/// The parts around a pump, without relay and disk.
struct Bench {
  let standing: Published<Standing>
  let gate: Gate
  let outbox = Outbox()
  let desk: SealingDesk
  let attendant: Attendant
  let account = UnitAccount(.audio, ledger: nil)
  let report = SensorReport(
    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, ledger: nil, profile: "test")

  init(allowed: Set<Flag>) {
    standing = Published(Self.standing(allowed))
    gate = Gate(standing: standing)
    desk = SealingDesk(outbox: outbox)
    attendant = Attendant(standing: standing, gate: gate)
  }

  static func standing(_ allowed: Set<Flag>) -> Standing {
    Standing(facts: Facts(terms: .accepted, owner: OwnerPolicy(version: 1, hash: "00", allowed: allowed)))
  }

  /// A first epoch without recipients.
  func beginEpoch() throws {
    let nonce = try BootNonce([UInt8](repeating: 1, count: 16))
    let epoch = Epoch(number: EpochNumber(dangerouslyUnrecorded: 1), identity: SigningIdentity())
    let message = try epoch.message(
      to: [], time: 0, bootNonce: nonce, reason: .start, rosterVersion: 1, rosterHash: .zero)
    try desk.begin(FreshEpoch(epoch: epoch, message: message))
  }

  func watch(_ classes: ClassMask) {
    attendant.setConnected(true)
    attendant.setWanted(classes)
  }

  func microphonePump(_ microphone: TracedMicrophone) -> MicrophonePump {
    MicrophonePump(
      microphone: microphone,
      context: MicrophonePump.Context(
        gate: gate, desk: desk, attendant: attendant, account: account, anchor: WallClockAnchor(),
        settings: AudioSettings(), report: report))
  }
}
