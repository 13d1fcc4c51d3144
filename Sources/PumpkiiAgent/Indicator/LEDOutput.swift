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
    if hasTrigger { try DurableFile.set("\(path)/trigger", "none") }
    try DurableFile.set("\(path)/brightness", isOn ? brightest(path) : "0")
  }

  /// False when another program set it or gave it to a trigger.
  package func stillShows(_ isOn: Bool) -> Bool {
    guard let bytes = try? DurableFile.read("\(path)/brightness", limit: 64) else { return false }
    return !hasTrigger && bytes.contains { $0 > UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") } == isOn
  }

  private var path: String { "\(folder)/\(led)" }

  /// The file lists all that there are, the one that has the light in brackets.
  private var hasTrigger: Bool {
    guard let bytes = try? DurableFile.read("\(path)/trigger", limit: 1 << 16) else { return false }
    let text = String(decoding: bytes, as: UTF8.self)
    return !text.contains("[none]") && text != "none"
  }

  private func brightest(_ path: String) -> String {
    guard let bytes = try? DurableFile.read("\(path)/max_brightness", limit: 64) else { return "1" }
    let digits = String(decoding: bytes, as: UTF8.self).prefix { $0.isNumber }
    return digits.isEmpty ? "1" : String(digits)
  }
}
