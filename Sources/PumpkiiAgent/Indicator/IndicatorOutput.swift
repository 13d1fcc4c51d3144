package import PumpkiiSystem

/// Something that shows people that a sensor is open. Blocks; called from one thread at a time.
package protocol IndicatorOutput: Sendable {
  /// For logs: what it is, by the name in the configuration.
  var name: String { get }
  /// Shows it, also when it showed it before.
  /// - Throws: ``SystemError``.
  func show(_ isOn: Bool) throws(SystemError)
  /// Whether it still shows what it was told; true where nobody can see.
  func stillShows(_ isOn: Bool) -> Bool
}

extension IndicatorOutput {
  /// Believed.
  package func stillShows(_ isOn: Bool) -> Bool { true }
}
