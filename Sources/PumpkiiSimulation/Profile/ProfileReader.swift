internal import PumpkiiCapture
internal import PumpkiiDocument

/// The schema of `devices/*.yaml` as code. Every key is asked for in every profile, so that the set of accepted keys
/// does not depend on the content; what does not fit together is refused by name.
struct ProfileReader {
  /// What fits a V4L2 control of a plain kind.
  static let controlValues = Int(Int32.min)...Int(Int32.max)
  private static let millisecond = 1_000_000.0
  private let map: DocumentReader

  init(_ map: DocumentReader) { self.map = map }

  func profile(folder: String) throws(DocumentError) -> DeviceProfile {
    let name = try map.requiredString("name", limit: 64)
    let letters = Set("abcdefghijklmnopqrstuvwxyz0123456789-")
    if !name.allSatisfy(letters.contains) {
      try map.refuse("name", "only lower-case letters, digits and hyphens")
    }
    let profile = DeviceProfile(
      name: name, description: try map.string("description", limit: 500) ?? "",
      seed: UInt64(try map.int("seed", in: 0...Int.max) ?? 1), camera: try camera(map), microphone: try microphone(map),
      folder: folder, match: try match(map), quirks: try quirks(map))
    if profile.camera == nil, profile.microphone == nil, profile.quirks == nil {
      try map.refuse(nil, "a device needs a camera, a microphone or both")
    }
    if profile.quirks != nil, profile.match == nil {
      try map.refuse("quirks", "need a match that says of which camera")
    }
    return profile
  }

  private func match(_ map: DocumentReader) throws(DocumentError) -> DeviceMatch? {
    let keys = try map.mapOrEmpty("match")
    let vendor = try keys.requiredEnumeration("vendor", as: USBNumber.self)
    let match = DeviceMatch(
      vendor: vendor.value, product: try keys.enumeration("product", as: USBNumber.self)?.value,
      name: try keys.string("name", limit: 120))
    return map.has("match") ? match : nil
  }

  private func quirks(_ map: DocumentReader) throws(DocumentError) -> CameraQuirks? {
    let keys = try map.mapOrEmpty("quirks")
    let format = try keys.enumeration("format", as: CameraProfile.Format.self)
    let width = try keys.int("width", in: 16...8192)
    let height = try keys.int("height", in: 16...8192)
    if (width == nil) != (height == nil) { try keys.refuse(width == nil ? "height" : "width", "a size has both sides") }
    var quirks = CameraQuirks(
      pixels: format.flatMap { VideoFormat.Pixels(rawValue: $0.rawValue) },
      rate: try keys.double("fps", in: FrameRates.range),
      frozenAfter: try Self.nanoseconds(keys, "frozen_after_ms", in: 100...60_000))
    if let width, let height { quirks.size = CameraQuirks.Size(width: width, height: height) }
    let controls = try keys.mapOrEmpty("controls")
    for name in controls.keys {
      try Self.checkControl(name, controls, key: name)
      if let value = try controls.int(name, in: Self.controlValues) { quirks.controls[name] = value }
    }
    return map.has("quirks") ? quirks : nil
  }

  static func checkControl(_ name: String, _ keys: DocumentReader, key: String) throws(DocumentError) {
    if !isControl(name) {
      try keys.refuse(key, "a control's name has lower-case letters, digits and underscores, as v4l2-ctl prints it")
    }
  }

  /// A name as V4L2's, in lower case with underscores.
  static func isControl(_ name: String) -> Bool {
    let letters = Set("abcdefghijklmnopqrstuvwxyz0123456789_")
    return !name.isEmpty && name.utf8.count <= 64 && name.allSatisfy(letters.contains)
  }

  static func clock(_ keys: DocumentReader) throws(DocumentError) -> ClockQuality {
    let clock = try keys.mapOrEmpty("clock")
    return ClockQuality(
      driftPPM: try clock.double("drift_ppm", in: -1000...1000) ?? 0,
      jitter: (try clock.double("jitter_ms", in: 0...100) ?? 0) * millisecond)
  }

  static func nanoseconds(
    _ keys: DocumentReader, _ key: String, in range: ClosedRange<Double>
  ) throws(DocumentError) -> UInt64? {
    try keys.double(key, in: range).map { UInt64(($0 * millisecond).rounded()) }
  }
}
