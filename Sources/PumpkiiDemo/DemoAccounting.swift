/// Turns the ledgers of one run into its summary, and holds the run to the laws of conservation: no unit may vanish,
/// and none may be counted twice. Pure; whoever calls it measures and prints.
package struct DemoAccounting: Sendable {
  /// What only the caller can know.
  package struct Measurements: Sendable, Equatable {
    /// User and system time of the relay.
    package var relayCPUSeconds: Double?
    /// The most memory that the relay had resident.
    package var relayPeakKiB: Double?
    /// Traces of plaintext in what the relay stored and logged.
    package var plaintextHits: Int?
    /// The path of the film that the guest made.
    package var video: String?
    /// The path of the photo that the guest got.
    package var photo: String?
    /// The guest's id at the relay; may be nil when the relay served one viewer only.
    package var viewer: String?
    package init() {}
  }

  /// A law that the ledgers break, as a sentence with its numbers.
  package struct BrokenLaw: Sendable, Equatable, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
  }

  /// A unit among all that its device made: which opening of the device, from 1, and its number since then.
  package struct Unit: Sendable, Hashable {
    package let opening: Int
    package let sequence: UInt64
    package init(opening: Int, sequence: UInt64) {
      self.opening = opening
      self.sequence = sequence
    }
  }

  /// The video frames the guest opened, in the order of sealing.
  package private(set) var openedFrames: [Unit] = []
  package private(set) var summary = DemoSummary()
  package private(set) var broken: [BrokenLaw] = []

  private let ledger: Ledger
  private let viewer: String?

  package init(_ ledger: Ledger, _ measurements: Measurements = Measurements()) {
    self.ledger = ledger
    let viewers = Set(ledger.lines("relay", "delivered").compactMap(\.viewer))
    viewer = measurements.viewer
    if measurements.viewer == nil, viewers.count > 1 {
      broken.append(BrokenLaw("the relay served \(viewers.count) viewers; name the guest with --viewer"))
    }
    count()
    time()
    summary.relay.cpuS = measurements.relayCPUSeconds
    summary.relay.rssMb = measurements.relayPeakKiB.map(Self.megabytes)
    summary.relay.plaintextHits = measurements.plaintextHits
    summary.relay.bytes = ledger.lines("relay", "delivered").reduce(0) { $0 + ($1.bytes ?? 0) }
    summary.outputs.video = measurements.video
    summary.outputs.photo = measurements.photo
  }

  private mutating func count() {
    var viewing = Viewing(ledger, viewer: viewer)
    summary.video = track("video", sensor: "camera", &viewing)
    summary.audio = track("audio", sensor: "microphone", &viewing)
    openedFrames = viewing.openedUnits["video"] ?? []
    broken += viewing.faults.map(BrokenLaw.init)
  }

  private mutating func track(_ name: String, sensor: String, _ viewing: inout Viewing) -> DemoSummary.Track {
    let tally = UnitTally(ledger, track: name, sensor: sensor)
    var track = DemoSummary.Track()
    track.captured = tally.captured
    track.denied = tally.denied
    track.dropped = dropped(tally.dropped, name)
    track.sealed = UInt64(tally.sealed.count)
    viewing.account(tally.sealed, of: name, in: &track)
    broken += tally.faults.map(BrokenLaw.init)
    check(
      track.captured == track.denied + track.dropped.total + track.sealed,
      "\(name): captured \(track.captured) = denied \(track.denied) + dropped \(track.dropped.total) + sealed \(track.sealed)"
    )
    check(
      track.watched == track.opened + track.lost,
      "\(name): watched \(track.watched) = opened \(track.opened) + lost \(track.lost)")
    check(
      track.lost == track.lostBy.total,
      """
      \(name): lost \(track.lost) = agent_queue \(track.lostBy.agentQueue) + relay \(track.lostBy.relay) \
      + viewer \(track.lostBy.viewer)
      """)
    return track
  }

  private mutating func dropped(_ reasons: [String: UInt64], _ name: String) -> DemoSummary.Track.Dropped {
    var result = DemoSummary.Track.Dropped()
    for (reason, count) in reasons.sorted(by: { $0.key < $1.key }) {
      switch reason {
      case "driver": result.driver = count
      case "decode": result.decode = count
      case "encoder": result.encoder = count
      case "joined": result.joined = count
      case "unwatched": result.unwatched = count
      case "shutdown": result.shutdown = count
      default: broken.append(BrokenLaw("\(name): \(count) units were dropped for an unknown reason (\(reason))"))
      }
    }
    return result
  }

  private mutating func check(_ holds: Bool, _ law: String) {
    if !holds { broken.append(BrokenLaw("\(law) does not hold")) }
  }
}

extension DemoAccounting {
  private mutating func time() {
    let agent = ledger.lines.filter { $0.who == "agent" }
    summary.startMs = Self.span(
      from: agent.first { $0.event == "wanted" }, to: agent.first { $0.event == "first_sealed" })
    summary.microphoneClosedMs = microphoneClosed(agent)
    let opened = ledger.lines("viewer", "opened").compactMap(\.time).max()
    if let opened, let accepted = agent.last(where: { $0.event == "revocation" })?.time {
      summary.cutMs = Self.milliseconds(opened > accepted ? opened - accepted : 0)
    }
    latency()
    source(agent)
  }

  /// From the first withdrawal of the microphone that closed it, to the descriptor's end.
  private func microphoneClosed(_ agent: [LedgerLine]) -> Double? {
    var withdrawn: LedgerLine?
    var isOpen = false
    for line in agent {
      switch line.event {
      case "flag" where line.flag == "sensor.microphone": withdrawn = line.allow == false && isOpen ? line : nil
      case "opened" where line.sensor == "microphone": isOpen = true
      case "closed" where line.sensor == "microphone":
        isOpen = false
        if let withdrawn { return Self.span(from: withdrawn, to: line) }
      default: break
      }
    }
    return nil
  }

  private mutating func latency() {
    let video = ledger.lines("viewer", "opened").filter { $0.mediaClass == "video" && $0.kind == "chunk" }
    let spans = video.compactMap { line -> UInt64? in
      guard let opened = line.time, let captured = line.captureTime else { return nil }
      return opened > captured ? opened - captured : 0
    }.sorted()
    summary.latencyMs.p50 = Self.quantile(spans, 50).map(Self.milliseconds)
    summary.latencyMs.p99 = Self.quantile(spans, 99).map(Self.milliseconds)
  }

  private mutating func source(_ agent: [LedgerLine]) {
    if let line = agent.first(where: { $0.event == "source" }) {
      summary.source.profile = line.profile
      summary.source.codec = line.codec
      summary.source.width = line.width
      summary.source.height = line.height
      summary.source.fps = line.framesPerSecond
    }
    guard let usage = agent.last(where: { $0.event == "usage" }) else { return }
    if let cpu = usage.cpuMilliseconds, summary.video.captured > 0 {
      summary.agent.cpuMsPerFrame = Self.rounded(cpu / Double(summary.video.captured), 1000)
    }
    summary.agent.rssMb = usage.peakKiB.map(Self.megabytes)
    summary.agent.rssAnonMb = usage.anonymousKiB.map(Self.megabytes)
  }

  private static func span(from begin: LedgerLine?, to end: LedgerLine?) -> Double? {
    guard let begin = begin?.time, let end = end?.time else { return nil }
    return milliseconds(end > begin ? end - begin : 0)
  }

  /// The smallest value that `percent` of all do not exceed.
  static func quantile(_ sorted: [UInt64], _ percent: Int) -> UInt64? {
    guard !sorted.isEmpty else { return nil }
    return sorted[max(0, (sorted.count * percent + 99) / 100 - 1)]
  }

  private static func milliseconds(_ microseconds: UInt64) -> Double { rounded(Double(microseconds) / 1000, 100) }
  private static func megabytes(_ kibibytes: Double) -> Double { rounded(kibibytes / 1024, 10) }
  private static func rounded(_ value: Double, _ steps: Double) -> Double { (value * steps).rounded() / steps }
}
