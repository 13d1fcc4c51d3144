package import PumpkiiSystem
internal import Synchronization

/// A line of a GPIO chip, held as long as the agent runs.
package final class GPIOOutput: IndicatorOutput {
  private let place: GPIOPlace
  private let line = Mutex<GPIOLine?>(nil)

  package init(_ place: GPIOPlace) { self.place = place }

  package var name: String { "gpio \(place)" }

  /// Takes the line at the first call, and anew after a failure.
  /// - Throws: ``SystemError``.
  package func show(_ isOn: Bool) throws(SystemError) {
    try line.withLock { line throws(SystemError) in
      do throws(SystemError) {
        if line == nil { line = try GPIOLine(place, isOutput: true) }
        try line?.set(isOn)
      } catch {
        line = nil
        throw error
      }
    }
  }
}
