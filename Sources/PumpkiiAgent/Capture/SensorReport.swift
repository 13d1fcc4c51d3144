package import Logging
package import PumpkiiCapture
package import PumpkiiSystem
internal import Synchronization

/// Says what happens to the sensors, to the log and the ledger: opened, closed, failed. Each state once, not each second.
package final class SensorReport: Sendable {
  private struct State {
    var lastFailure: [SensorIdentity.Kind: CaptureError.Code] = [:]
    var hasSealed = false
    var sealingFailures: Set<String> = []
  }

  private let logger: Logger
  private let ledger: LedgerWriter?
  private let profile: String
  private let state = Mutex(State())

  package init(logger: Logger, ledger: LedgerWriter?, profile: String) {
    self.logger = logger
    self.ledger = ledger
    self.profile = profile
  }

  package func opened(_ sensor: SensorIdentity, format: VideoFormat) {
    note(opened: sensor, rate: .null)
    logger.info(
      "camera opened",
      metadata: [
        "format": "\(format.pixels.rawValue)", "size": "\(format.width)x\(format.height)",
        "fps": "\(format.rate.value)",
      ])
    ledger?.record(
      "source",
      [
        "profile": .text(profile), "codec": .text(format.pixels.rawValue), "width": .number(Int64(format.width)),
        "height": .number(Int64(format.height)), "fps": .text("\(format.rate.value)"),
      ])
  }

  package func opened(_ sensor: SensorIdentity, format: AudioFormat) {
    note(opened: sensor, rate: .number(Int64(format.sampleRate)))
    logger.info("microphone opened", metadata: ["rate": "\(format.sampleRate)", "channels": "\(format.channels)"])
  }

  package func closed(_ sensor: SensorIdentity, made: UInt64) {
    ledger?.record(
      "closed", ["sensor": .text(sensor.kind.rawValue), "t": .count(Clocks.unixMicroseconds()), "made": .count(made)])
    logger.info("\(sensor.kind.rawValue) closed")
  }

  package func failed(_ sensor: SensorIdentity, _ error: CaptureError) {
    let isNew = state.withLock { state in
      defer { state.lastFailure[sensor.kind] = error.code }
      return state.lastFailure[sensor.kind] != error.code
    }
    if isNew { logger.error("\(sensor.kind.rawValue): \(error)") }
  }

  package func sealedFirst() {
    let isFirst = state.withLock { state in
      defer { state.hasSealed = true }
      return !state.hasSealed
    }
    if isFirst { ledger?.record("first_sealed", ["t": .count(Clocks.unixMicroseconds())]) }
  }

  package func sealingFailed(_ code: String) {
    if state.withLock({ $0.sealingFailures.insert(code).inserted }) { logger.error("sealing failed: \(code)") }
  }

  /// - Parameter rate: sample frames per second, for a reader who turns samples into units.
  private func note(opened sensor: SensorIdentity, rate: LedgerWriter.Value) {
    state.withLock { _ = $0.lastFailure.removeValue(forKey: sensor.kind) }
    ledger?.record(
      "opened", ["sensor": .text(sensor.kind.rawValue), "t": .count(Clocks.unixMicroseconds()), "rate": rate])
  }
}
