package import PumpkiiSystem

/// A light of the kernel's LED class.
package struct LEDOutput: IndicatorOutput {
  private let led: String
  private let folder: String

  /// - Parameter led: its name under `folder`.
  package init(_ led: String, folder: String = "/sys/class/leds") {
    self.led = led
    self.folder = folder
  }

  package var name: String { "led \(led)" }

  /// Takes the light from whatever else makes it blink, each time: another program may have given it back.
  /// - Throws: ``SystemError``.
  package func show(_ isOn: Bool) throws(SystemError) {
    let path = "\(folder)/\(led)"
    if DurableFile.exists("\(path)/trigger") { try DurableFile.set("\(path)/trigger", "none") }
    try DurableFile.set("\(path)/brightness", isOn ? brightest(path) : "0")
  }

  private func brightest(_ path: String) -> String {
    guard let bytes = try? DurableFile.read("\(path)/max_brightness", limit: 64) else { return "1" }
    let digits = String(decoding: bytes, as: UTF8.self).prefix { $0.isNumber }
    return digits.isEmpty ? "1" : String(digits)
  }
}
