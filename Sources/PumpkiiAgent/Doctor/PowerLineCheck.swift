internal import PumpkiiV4L2

/// Whether a camera knows the frequency of the lamps: wrong or disabled, the picture flickers under artificial light.
enum PowerLineCheck {
  static let name = "power_line_frequency"

  static func findings(_ camera: V4L2Device) -> [Finding] {
    guard let control = V4L2Inspection(camera).controls.first(where: { $0.name == name }), let value = control.value
    else { return [] }
    let words = ["disabled", "50 Hz", "60 Hz", "automatic"]
    let word = words.indices.contains(Int(value)) ? words[Int(value)] : "\(value)"
    guard value == 0 else { return [Finding(.ok, "power line", "\(camera.path): \(word)")] }
    return [
      Finding(
        .warning, "power line", "\(camera.path): \(word); lamps may flicker in the picture",
        advice: "Set camera.controls.\(name) to 1 (50 Hz) or 2 (60 Hz) in agent.yaml.")
    ]
  }
}
