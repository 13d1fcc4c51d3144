import PumpkiiSystem

/// A chip of the kernel's own GPIO simulator (gpio-sim, documented in admin-guide/gpio): somebody's finger is its `pull`, and
/// what a program drives it to is its `value`.
struct GPIOChip: Sendable {
  /// `gpiochip0`.
  let name: String
  private let folder: String
  private static let settings = "/sys/kernel/config/gpio-sim/lab"

  init() async throws {
    try await KernelModule.load("gpio-sim")
    let words = try await Shell.run(
      """
      [ -d /sys/kernel/config/gpio-sim ] || mount -t configfs configfs /sys/kernel/config
      mkdir -p \(Self.settings)/bank && echo 4 > \(Self.settings)/bank/num_lines && echo 1 > \(Self.settings)/live &&
        cat \(Self.settings)/bank/chip_name \(Self.settings)/dev_name
      """
    ).split(whereSeparator: \.isNewline)
    guard words.count == 2 else { throw Lab.Obstacle("gpio-sim says \(words)") }
    name = String(words[0])
    folder = "/sys/devices/platform/\(words[1])/\(words[0])"
  }

  /// Pulls a line up or down.
  func pull(_ line: Int, up: Bool) async throws {
    try await Shell.run("echo pull-\(up ? "up" : "down") > \(folder)/sim_gpio\(line)/pull")
  }

  /// What a line is driven to.
  func isHigh(_ line: Int) async throws -> Bool {
    try await Shell.run("cat \(folder)/sim_gpio\(line)/value").hasPrefix("1")
  }

  /// Takes the chip away, as an adapter on USB is pulled out.
  func remove() async throws {
    try await Shell.run("echo 0 > \(Self.settings)/live; rmdir \(Self.settings)/bank \(Self.settings)")
  }
}
