package import PumpkiiSystem

/// Which outputs show that a sensor is open.
package struct IndicatorSettings: Sendable, Equatable {
  /// A name under `/sys/class/leds`.
  package var led: String?
  package var gpio: GPIOPlace?
  package var command: BoundedCommand?

  package init(led: String? = nil, gpio: GPIOPlace? = nil, command: BoundedCommand? = nil) {
    self.led = led
    self.gpio = gpio
    self.command = command
  }

  /// All that are named.
  package var outputs: [any IndicatorOutput] {
    var outputs: [any IndicatorOutput] = []
    if let led { outputs.append(LEDOutput(led)) }
    if let gpio { outputs.append(GPIOOutput(gpio)) }
    if let command { outputs.append(CommandOutput(command)) }
    return outputs
  }
}
