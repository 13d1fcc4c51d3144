import PumpkiiAgent
import PumpkiiDocument
import PumpkiiSystem
import Testing

@Suite struct HardwareConfigurationTests {
  private func read(_ text: String) throws -> AgentConfiguration {
    try AgentConfiguration(Array(text.utf8), file: "agent.yaml")
  }

  @Test func anIndicatorMayHaveSeveralOutputs() throws {
    let settings = try read(
      """
      indicator:
        led: "red:status"
        gpio: { chip: gpiochip0, line: 17, active_low: true }
        command: [/usr/local/bin/lamp, --desk]
      """
    ).indicator
    #expect(settings.led == "red:status")
    #expect(settings.gpio == GPIOPlace(chip: "gpiochip0", line: 17, isActiveLow: true))
    #expect(settings.command == BoundedCommand(program: "/usr/local/bin/lamp", arguments: ["--desk"]))
    #expect(
      settings.outputs.map(\.name) == ["led red:status", "gpio gpiochip0 line 17", "command /usr/local/bin/lamp"])
    #expect(try read("").indicator.outputs.isEmpty)
  }

  @Test func aKillSwitchIsAKeyASwitchOrALine() throws {
    #expect(try read("").killSwitch == nil)
    #expect(
      try read("kill_switch: { evdev: /dev/input/by-id/usb-button, code: 113 }").killSwitch
        == .evdev(path: "/dev/input/by-id/usb-button", InputEvents.Code(isSwitch: false, number: 113)))
    #expect(
      try read("kill_switch: { evdev: /dev/input/event3, code: 14, kind: switch }").killSwitch
        == .evdev(path: "/dev/input/event3", InputEvents.Code(isSwitch: true, number: 14)))
    #expect(
      try read("kill_switch: { gpio: { chip: gpiochip1, line: 4 } }").killSwitch
        == .gpio(GPIOPlace(chip: "gpiochip1", line: 4)))
    #expect(
      try read("kill_switch: { gpio: { chip: gpiochip1, line: 4, active_low: true, pull: up } }").killSwitch
        == .gpio(GPIOPlace(chip: "gpiochip1", line: 4, isActiveLow: true, pull: .up)))
  }

  @Test(arguments: [
    "indicator: { led: ../../etc }", "indicator: { led: \"\" }", "indicator: { command: [lamp] }",
    "indicator: { command: [] }", "indicator: { gpio: { chip: gpiochip0 } }", "indicator: { hidden: true }",
    "kill_switch: {}", "kill_switch: { evdev: /dev/input/event3 }", "kill_switch: { evdev: event3, code: 1 }",
    "indicator: { gpio: { chip: gpiochip0, line: 1, pull: sideways } }",
    "kill_switch: { code: 4, gpio: { chip: gpiochip1, line: 4 } }",
    "kill_switch: { evdev: /dev/input/event3, code: 1, gpio: { chip: gpiochip1, line: 4 } }",
  ])
  func aMistakeIsRefused(text: String) {
    #expect(throws: DocumentError.self) { try read(text) }
  }
}
