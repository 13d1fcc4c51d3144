internal import PumpkiiDocument

extension ProfileReader {
  /// Of modes.
  static let widths = 160...4096
  /// Of modes.
  static let heights = 90...3072
  private enum CameraKind: String, CaseIterable { case pattern, pan, file }

  func camera(_ map: DocumentReader) throws(DocumentError) -> CameraProfile? {
    let isThere = map.has("camera")
    let keys = try map.mapOrEmpty("camera")
    let inside = try keys.requiredMap("source")
    let kind = try inside.requiredEnumeration("kind", as: CameraKind.self)
    var camera = CameraProfile(source: try source(inside, kind))
    try readPicture(keys, kind, into: &camera)
    try readBus(keys, into: &camera)
    camera.quality = try inside.int("quality", in: 1...100) ?? camera.quality
    camera.bitrate = try inside.int("bitrate", in: 50_000...50_000_000) ?? camera.bitrate
    camera.groupFrames = try inside.int("group_frames", in: 1...600) ?? camera.groupFrames
    camera.buffers = try keys.int("buffers", in: 1...32) ?? camera.buffers
    camera.start = try Self.nanoseconds(keys, "start_ms", in: 0...10_000) ?? camera.start
    camera.frozenAfter = try Self.nanoseconds(keys, "frozen_after_ms", in: 100...60_000) ?? camera.frozenAfter
    camera.clock = try Self.clock(keys)
    camera.faults = try faults(keys, of: .camera)
    try check(camera, keys, kind)
    return isThere ? camera : nil
  }

  private func source(_ keys: DocumentReader, _ kind: CameraKind) throws(DocumentError) -> CameraProfile.Source {
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
    let modes = try modes(keys, "modes", rates: true)
    if kind == .file {
      for key in ["format", "width", "height", "modes"] where keys.has(key) {
        try keys.refuse(key, "a file decides this itself")
      }
      return
    }
    let single = ["format", "width", "height", "fps"]
    if keys.has("modes") {
      for key in single where keys.has(key) { try keys.refuse(key, "belongs into modes where there are any") }
      if modes.isEmpty { try keys.refuse("modes", "needs one entry at least") }
      camera.modes = modes
      return
    }
    for key in single where !keys.has(key) && !keys.keys.isEmpty {
      try keys.refuse(nil, "a generated picture needs \(key), or modes")
    }
    for (key, side) in [("width", width), ("height", height)] where (side ?? 0) % 2 != 0 {
      try keys.refuse(key, "must be even")
    }
    camera.format = format ?? camera.format
    camera.width = width ?? camera.width
    camera.height = height ?? camera.height
  }

  private func modes(_ keys: DocumentReader, _ key: String, rates: Bool) throws(DocumentError) -> [CameraMode] {
    var modes: [CameraMode] = []
    for entry in try keys.maps(key, limit: 256) ?? [] {
      let format = try entry.requiredEnumeration("format", as: CameraProfile.Format.self)
      let width = try entry.requiredInt("width", in: Self.widths)
      let height = try entry.requiredInt("height", in: Self.heights)
      let fps = rates ? try entry.requiredEnumeration("fps", as: FrameRates.self).values : []
      // A stand-in, read for its keys alone.
      if entry.keys.isEmpty { continue }
      for (key, side) in [("width", width), ("height", height)] where side % 2 != 0 {
        try entry.refuse(key, "must be even")
      }
      let mode = CameraMode(format: format, width: width, height: height, rates: fps)
      if modes.contains(where: { $0.isSamePicture(as: mode) }) {
        try entry.refuse("format", "\(format.rawValue) of \(width)x\(height) stands here twice; name all rates at once")
      }
      modes.append(mode)
    }
    return modes
  }

  /// What only a program on the bus sees.
  private func readBus(_ keys: DocumentReader, into camera: inout CameraProfile) throws(DocumentError) {
    camera.name = try keys.string("name", limit: 120) ?? camera.name
    camera.hasShutter = try keys.bool("shutter") ?? false
    let usb = try keys.mapOrEmpty("usb")
    let vendor = try usb.enumeration("vendor", as: USBNumber.self)?.value
    let product = try usb.enumeration("product", as: USBNumber.self)?.value
    if (vendor == nil) != (product == nil) {
      try usb.refuse(vendor == nil ? "product" : "vendor", "vendor and product stand together")
    }
    camera.usb = USBProfile(
      vendor: vendor ?? camera.usb.vendor, product: product ?? camera.usb.product,
      serial: try usb.string("serial", limit: 126),
      manufacturer: try usb.string("manufacturer", limit: 126) ?? camera.usb.manufacturer,
      productName: try usb.string("product_name", limit: 126) ?? camera.name,
      transfer: try usb.enumeration("transfer", as: USBProfile.Transfer.self) ?? camera.usb.transfer)
    camera.controls = try controls(keys)
    let still = try keys.mapOrEmpty("still")
    camera.hasStillTrigger = try still.bool("trigger") ?? false
    camera.stillModes = try modes(still, "modes", rates: false)
  }

  private func controls(_ keys: DocumentReader) throws(DocumentError) -> [ControlProfile] {
    let range = Self.controlValues
    var controls: [ControlProfile] = []
    for entry in try keys.maps("controls", limit: 64) ?? [] {
      let control = ControlProfile(
        name: try entry.requiredString("name", limit: 64), minimum: try entry.requiredInt("minimum", in: range),
        maximum: try entry.requiredInt("maximum", in: range),
        step: try entry.int("step", in: 1...range.upperBound) ?? 1,
        standard: try entry.requiredInt("standard", in: range))
      if entry.keys.isEmpty { continue }
      try Self.checkControl(control.name, entry, key: "name")
      if controls.contains(where: { $0.name == control.name }) { try entry.refuse("name", "stands here twice") }
      if control.minimum > control.maximum { try entry.refuse("maximum", "is below the minimum") }
      if control.standard < control.minimum || control.standard > control.maximum {
        try entry.refuse("standard", "is not within minimum and maximum")
      }
      controls.append(control)
    }
    return controls
  }

  private func check(_ camera: CameraProfile, _ keys: DocumentReader, _ kind: CameraKind) throws(DocumentError) {
    for (index, fault) in camera.faults.enumerated() {
      if fault.kind == .noHuffman, !camera.modes.contains(where: { $0.format == .mjpeg }) {
        try keys.refuse("faults", "entry \(index): only a camera of format mjpeg can lack Huffman tables")
      }
      if fault.kind == .shutter, kind == .file {
        try keys.refuse("faults", "entry \(index): only generated pictures turn black behind a shutter")
      }
      if fault.kind == .shutter, !camera.hasShutter {
        try keys.refuse("faults", "entry \(index): a shutter that closes needs 'shutter: true'")
      }
    }
    for (index, mode) in camera.stillModes.enumerated() where mode.area <= camera.width * camera.height {
      try keys.refuse("still", "entry \(index) of its modes is no larger than the stream")
    }
  }
}
