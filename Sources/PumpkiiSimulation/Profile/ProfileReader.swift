internal import PumpkiiDocument

/// The schema of `devices/*.yaml` as code. Every key is asked for in every profile, so that the set of accepted keys
/// does not depend on the content; what does not fit together is refused by name.
struct ProfileReader {
  private enum CameraKind: String, CaseIterable { case pattern, pan, file }
  private enum MicrophoneKind: String, CaseIterable { case tone, speech, silence, file }
  private enum MicrophoneFault: String, CaseIterable { case unplug, freeze, lose }

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
      seed: UInt64(try map.int("seed", in: 0...Int.max) ?? 1), camera: try camera(), microphone: try microphone(),
      folder: folder)
    if profile.camera == nil, profile.microphone == nil {
      try map.refuse(nil, "a device needs a camera, a microphone or both")
    }
    return profile
  }

  private func camera() throws(DocumentError) -> CameraProfile? {
    let isThere = map.has("camera")
    let keys = try map.mapOrEmpty("camera")
    let inside = try keys.requiredMap("source")
    let kind = try inside.requiredEnumeration("kind", as: CameraKind.self)
    var camera = CameraProfile(source: try cameraSource(inside, kind))
    try readPicture(keys, kind, into: &camera)
    camera.name = try keys.string("name", limit: 120) ?? camera.name
    camera.quality = try inside.int("quality", in: 1...100) ?? camera.quality
    camera.bitrate = try inside.int("bitrate", in: 50_000...50_000_000) ?? camera.bitrate
    camera.groupFrames = try inside.int("group_frames", in: 1...600) ?? camera.groupFrames
    camera.buffers = try keys.int("buffers", in: 1...32) ?? camera.buffers
    camera.start = try nanoseconds(keys, "start_ms", in: 0...10_000) ?? camera.start
    camera.frozenAfter = try nanoseconds(keys, "frozen_after_ms", in: 100...60_000) ?? camera.frozenAfter
    camera.clock = try clock(keys)
    camera.faults = try faults(keys, unit: "frame", as: Fault.Kind.self) { $0 }
    if camera.format != .mjpeg, let index = camera.faults.firstIndex(where: { $0.kind == .noHuffman }) {
      try keys.refuse("faults", "entry \(index): only a camera of format mjpeg can lack Huffman tables")
    }
    return isThere ? camera : nil
  }

  private func cameraSource(_ keys: DocumentReader, _ kind: CameraKind) throws(DocumentError) -> CameraProfile.Source {
    let image = try keys.string("image")
    let file = try keys.string("file")
    let burnIn = try keys.bool("burn_in")
    if image != nil, kind != .pan { try keys.refuse("image", "belongs to a source of kind pan") }
    if file != nil, kind != .file { try keys.refuse("file", "belongs to a source of kind file") }
    if burnIn != nil, kind != .pan { try keys.refuse("burn_in", "belongs to a source of kind pan") }
    for key in ["quality", "bitrate", "group_frames"] where kind == .file && keys.has(key) {
      try keys.refuse(key, "belongs to a generated picture; a file is played as it is")
    }
    switch kind {
    case .pattern: return .pattern
    case .pan:
      if image == nil { try keys.refuse("kind", "a source of kind pan needs an image") }
      return .pan(image: image ?? "", burnIn: burnIn ?? false)
    case .file:
      if file == nil { try keys.refuse("kind", "a source of kind file needs a file") }
      return .file(file ?? "")
    }
  }

  private func readPicture(
    _ keys: DocumentReader, _ kind: CameraKind, into camera: inout CameraProfile
  ) throws(DocumentError) {
    let format = try keys.enumeration("format", as: CameraProfile.Format.self)
    let width = try keys.int("width", in: 320...3840)
    let height = try keys.int("height", in: 240...2160)
    camera.fps = try keys.double("fps", in: 1...120)
    if kind == .file {
      for key in ["format", "width", "height"] where keys.has(key) {
        try keys.refuse(key, "a file decides this itself")
      }
      return
    }
    for key in ["format", "width", "height", "fps"] where !keys.has(key) && !keys.keys.isEmpty {
      try keys.refuse(nil, "a generated picture needs \(key)")
    }
    for (key, side) in [("width", width), ("height", height)] where (side ?? 0) % 2 != 0 {
      try keys.refuse(key, "must be even")
    }
    camera.format = format ?? camera.format
    camera.width = width ?? camera.width
    camera.height = height ?? camera.height
  }

  private func microphone() throws(DocumentError) -> MicrophoneProfile? {
    let isThere = map.has("microphone")
    let keys = try map.mapOrEmpty("microphone")
    let inside = try keys.requiredMap("source")
    let kind = try inside.requiredEnumeration("kind", as: MicrophoneKind.self)
    let file = try inside.string("file")
    if file != nil, kind != .file { try inside.refuse("file", "belongs to a source of kind file") }
    if file == nil, kind == .file { try inside.refuse("kind", "a source of kind file needs a file") }
    for key in ["rate", "channels"] where kind == .file && keys.has(key) {
      try keys.refuse(key, "a file decides this itself")
    }
    let source: MicrophoneProfile.Source =
      switch kind {
      case .tone: .tone
      case .speech: .speech
      case .silence: .silence
      case .file: .file(file ?? "")
      }
    var microphone = MicrophoneProfile(source: source)
    microphone.name = try keys.string("name", limit: 120) ?? microphone.name
    microphone.rate = try keys.int("rate", in: 8000...192_000) ?? microphone.rate
    microphone.channels = try keys.int("channels", in: 1...2) ?? microphone.channels
    microphone.period = try nanoseconds(keys, "period_ms", in: 5...100) ?? microphone.period
    microphone.buffer = try nanoseconds(keys, "buffer_ms", in: 20...2000) ?? microphone.buffer
    if microphone.buffer < microphone.period * 2 { try keys.refuse("buffer_ms", "must hold two periods") }
    microphone.clock = try clock(keys)
    microphone.faults = try faults(keys, unit: "period", as: MicrophoneFault.self) { Fault.Kind(rawValue: $0.rawValue) }
    return isThere ? microphone : nil
  }

  private func clock(_ keys: DocumentReader) throws(DocumentError) -> ClockQuality {
    let clock = try keys.mapOrEmpty("clock")
    return ClockQuality(
      driftPPM: try clock.double("drift_ppm", in: -1000...1000) ?? 0,
      jitter: (try clock.double("jitter_ms", in: 0...100) ?? 0) * Self.millisecond)
  }

  private func faults<Kind: RawRepresentable<String> & CaseIterable>(
    _ keys: DocumentReader, unit: String, as type: Kind.Type, _ kind: (Kind) -> Fault.Kind?
  ) throws(DocumentError) -> [Fault] {
    var faults: [Fault] = []
    for entry in try keys.maps("faults", limit: 64) ?? [] {
      let what = try entry.requiredEnumeration("kind", as: type)
      let at = try entry.requiredInt("at_\(unit)", in: 0...1_000_000_000)
      let count = try entry.int("\(unit)s", in: 1...1_000_000_000)
      let opening = try entry.int("opening", in: 0...1_000_000)
      let back = try nanoseconds(entry, "back_after_ms", in: 0...3_600_000)
      guard let kind = kind(what) else { continue }
      if back != nil, kind != .unplug { try entry.refuse("back_after_ms", "belongs to a fault of kind unplug") }
      faults.append(
        Fault(kind, at: UInt64(at), count: UInt64(count ?? 1), opening: opening ?? 1, backAfter: back))
    }
    return faults
  }

  private func nanoseconds(
    _ keys: DocumentReader, _ key: String, in range: ClosedRange<Double>
  ) throws(DocumentError) -> UInt64? {
    try keys.double(key, in: range).map { UInt64($0 * Self.millisecond) }
  }
}
