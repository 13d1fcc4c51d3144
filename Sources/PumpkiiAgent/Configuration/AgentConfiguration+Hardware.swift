internal import PumpkiiDocument
internal import PumpkiiSystem

// What shows that a sensor is open, and what a hand turns off.
extension AgentConfiguration {
  static func readHardware(
    _ reader: DocumentReader, into configuration: inout AgentConfiguration
  ) throws(DocumentError) {
    configuration.indicator = try indicator(try reader.mapOrEmpty("indicator"))
    configuration.killSwitch = try reader.map("kill_switch").map { (map) throws(DocumentError) in
      try killSwitch(map)
    }
  }

  private static func indicator(_ map: DocumentReader) throws(DocumentError) -> IndicatorSettings {
    var settings = IndicatorSettings()
    settings.led = try map.string("led", limit: 200)
    if let led = settings.led, led.isEmpty || led.contains("/") || led.hasPrefix(".") {
      throw map.error("led", "it is a name under /sys/class/leds, not a path")
    }
    settings.gpio = try gpio(map)
    if let words = try map.strings("command", limit: 32) {
      guard let program = words.first, program.hasPrefix("/") else {
        throw map.error("command", "it begins with the absolute path of a program")
      }
      settings.command = BoundedCommand(program: program, arguments: Array(words.dropFirst()))
    }
    return settings
  }

  private static func gpio(_ map: DocumentReader) throws(DocumentError) -> GPIOPlace? {
    guard let gpio = try map.map("gpio") else { return nil }
    return GPIOPlace(
      chip: try gpio.requiredString("chip", limit: 200),
      line: UInt32(clamping: try gpio.requiredInt("line", in: 0...65_535)),
      isActiveLow: try gpio.bool("active_low") ?? false, pull: try gpio.enumeration("pull", as: GPIOPlace.Pull.self))
  }

  private enum EventKind: String, CaseIterable {
    case key
    case `switch`
  }

  private static func killSwitch(_ map: DocumentReader) throws(DocumentError) -> KillSwitchPlace {
    let path = try map.string("evdev", limit: 400)
    let code = try map.int("code", in: 0...0x2ff)
    let kind = try map.enumeration("kind", as: EventKind.self)
    switch (path, try gpio(map)) {
    case (let path?, nil):
      guard let code, path.hasPrefix("/") else {
        throw map.error("evdev", "write a path such as /dev/input/by-id/NAME, and the code beside it")
      }
      return .evdev(path: path, InputEvents.Code(isSwitch: kind == .switch, number: UInt16(code)))
    case (nil, let gpio?):
      guard code == nil, kind == nil else { throw map.error("code", "only an input device has codes") }
      return .gpio(gpio)
    default: throw map.error(nil, "write either evdev and code, or gpio")
    }
  }
}
