internal import FoundationEssentials
internal import PumpkiiSystem

/// What was measured, against what is promised.
struct RevokeReport: BenchReport {
  /// Objects of a track sealed after the acceptance: one was under way.
  static let sealedLimit = 1.0
  /// ms to the closed descriptor.
  static let closedLimit = 100.0
  /// ms to the viewer's last object and the guest's cut line, p99.
  static let viewerLimit = 250.0

  struct Figures: Encodable {
    let count: Int
    let p50: Double
    let p99: Double
    let max: Double

    init(_ values: [Double]) {
      let sorted = values.sorted()
      count = sorted.count
      func rank(_ share: Double) -> Double {
        sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int((share * Double(sorted.count)).rounded(.up)) - 1)]
      }
      (p50, p99, max) = (rank(0.5), rank(0.99), sorted.last ?? 0)
    }
  }

  struct Measure: Encodable {
    let name: String
    let unit: String
    let limit: Double
    /// `p99` or `max`: which figure the limit is for.
    let judged: String
    let figures: Figures
    let values: [Double]
    let byWithdrawal: [String: Figures]
    let isReached: Bool
  }

  struct Load: Encodable {
    let live: Int
    let recording: Int
    let photo: Int
  }

  let trials: Int
  let framesPerSecond: Double
  let cores: Int
  let measures: [Measure]
  /// Trials in which that went on just before.
  let load: Load
  let isReached: Bool

  init(_ trials: [Trial]) {
    self.trials = trials.count
    framesPerSecond = BenchStage.framesPerSecond
    cores = ProcessInfo.processInfo.activeProcessorCount
    measures = [
      Self.measure("objects sealed after", "objects", Self.sealedLimit, "max", trials) { Double($0.sealedObjects) },
      Self.measure("last object sealed", "ms", 1000 / BenchStage.framesPerSecond, "max", trials) { $0.sealed },
      Self.measure("descriptor closed", "ms", Self.closedLimit, "max", trials) { $0.closed },
      Self.measure("viewer's last object", "ms", Self.viewerLimit, "p99", trials) { $0.opened },
      Self.measure("guest's line cut", "ms", Self.viewerLimit, "p99", trials) { $0.cut },
    ]
    load = Load(
      live: trials.count { $0.load.live }, recording: trials.count { $0.load.recording },
      photo: trials.count { $0.load.photo })
    isReached = measures.allSatisfy(\.isReached)
  }

  private static func measure(
    _ name: String, _ unit: String, _ limit: Double, _ judged: String, _ trials: [Trial], _ value: (Trial) -> Double?
  ) -> Measure {
    let values = trials.compactMap(value)
    let figures = Figures(values)
    var groups: [String: [Double]] = [:]
    for trial in trials { if let value = value(trial) { groups[trial.what.rawValue, default: []].append(value) } }
    return Measure(
      name: name, unit: unit, limit: limit, judged: judged, figures: figures, values: values,
      byWithdrawal: groups.mapValues(Figures.init), isReached: (judged == "max" ? figures.max : figures.p99) <= limit)
  }
}
