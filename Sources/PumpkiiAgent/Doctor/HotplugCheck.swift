internal import Glibc

/// Whether udev is here: the agent does not need it, but names and rights of new nodes are its work.
enum HotplugCheck {
  static func findings() -> [Finding] {
    if unsafe access("/run/udev/control", F_OK) == 0 {
      return [Finding(.ok, "udev", "nodes and rights are udev's work here")]
    }
    return [
      Finding(
        .warning, "udev", "there is no udev here, as in a container",
        advice: "Hand the whole of /dev through, or a replugged camera's new node stays outside (docs/hardware.md).")
    ]
  }
}
