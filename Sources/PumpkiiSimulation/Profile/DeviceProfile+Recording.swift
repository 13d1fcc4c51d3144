public import PumpkiiCapture

extension DeviceProfile {
  /// A profile of a real camera: it matches the camera, and simulates one like it with a test picture. No serial number
  /// is kept: a profile is given to others.
  /// - Parameters:
  ///   - name: of the profile; letters that a name may not have become hyphens.
  ///   - identity: of the camera; vendor and product are read from an id that begins `usb-VVVV-PPPP-`.
  ///   - modes: what it delivers, the best first. What a profile cannot say is left out.
  ///   - controls: its knobs.
  public static func recorded(
    name: String, identity: SensorIdentity, modes: [CameraMode], controls: [ControlProfile] = [],
    hasShutter: Bool = false
  ) -> DeviceProfile {
    var camera = CameraProfile(
      name: text(identity.name), modes: usable(modes), controls: usable(controls), hasShutter: hasShutter)
    // A film has its own rate; a painted picture needs one.
    camera.fps = camera.fps ?? 30
    let match = numbers(identity.id).map { DeviceMatch(vendor: $0.vendor, product: $0.product) }
    if let match, let product = match.product {
      camera.usb.vendor = match.vendor
      camera.usb.product = product
    }
    return DeviceProfile(
      name: word(name), description: "\(camera.name), recorded from the camera itself", camera: camera, match: match)
  }

  private static func usable(_ modes: [CameraMode]) -> [CameraMode] {
    var usable: [CameraMode] = []
    for mode in modes {
      let rates = mode.rates.filter(FrameRates.range.contains)
      guard ProfileReader.widths.contains(mode.width), ProfileReader.heights.contains(mode.height),
        (mode.width | mode.height) & 1 == 0, !rates.isEmpty
      else { continue }
      let mode = CameraMode(format: mode.format, width: mode.width, height: mode.height, rates: Array(rates.prefix(32)))
      if !usable.contains(where: { $0.isSamePicture(as: mode) }) { usable.append(mode) }
    }
    return Array(usable.prefix(256))
  }

  private static func usable(_ controls: [ControlProfile]) -> [ControlProfile] {
    var usable: [ControlProfile] = []
    let range = ProfileReader.controlValues
    for control in controls
    where ProfileReader.isControl(control.name) && control.minimum <= control.maximum
      && range.contains(control.minimum) && range.contains(control.maximum)
      && !usable.contains(where: { $0.name == control.name })
    {
      var control = control
      control.step = min(max(control.step, 1), range.upperBound)
      // Some drivers name a standard value that they would refuse.
      control.standard = min(max(control.standard, control.minimum), control.maximum)
      usable.append(control)
    }
    return Array(usable.prefix(64))
  }

  private static func numbers(_ id: String) -> (vendor: UInt16, product: UInt16)? {
    let parts = id.split(separator: "-", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count >= 3, parts[0] == "usb", let vendor = UInt16(parts[1], radix: 16),
      let product = UInt16(parts[2], radix: 16)
    else { return nil }
    return (vendor, product)
  }

  /// Printable, and no longer than a profile allows: devices write into their names what they like.
  private static func text(_ name: String) -> String {
    let printable = name.unicodeScalars.filter { $0.value >= 0x20 && $0.value < 0x7F }
    let text = String(String.UnicodeScalarView(printable.prefix(100)))
    return text.isEmpty ? "Camera" : text
  }

  private static func word(_ name: String) -> String {
    let letters = Set("abcdefghijklmnopqrstuvwxyz0123456789")
    let words = name.lowercased().split { !letters.contains($0) }
    let word = String(words.joined(separator: "-").prefix(64))
    return word.isEmpty ? "camera" : word
  }
}
