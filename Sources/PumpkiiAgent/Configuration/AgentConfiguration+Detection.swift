internal import PumpkiiCapture
internal import PumpkiiDocument
internal import PumpkiiMedia

/// The keys `privacy`, `detect` and `preview`.
extension AgentConfiguration {
  private static let zoneLimit = 16

  static func masks(_ reader: DocumentReader, camera: CameraWish) throws(DocumentError) -> PrivacyMasks {
    let privacy = try reader.mapOrEmpty("privacy")
    var areas: [PictureArea] = []
    for mask in try privacy.maps("masks", limit: PrivacyMasks.limit) ?? [] {
      if let area = try area(mask), mask.isThere { areas.append(area) }
    }
    // A mask that was meant and is not there would show what it should hide.
    if privacy.isThere, privacy.has("masks"), areas.isEmpty {
      try privacy.refuse("masks", "name at least one rectangle")
    }
    if !areas.isEmpty, camera.pixels == .h264 {
      try privacy.refuse("masks", "a camera's own H.264 cannot be masked; set camera.format to mjpeg or yuyv")
    }
    return PrivacyMasks(areas)
  }

  private static func area(_ map: DocumentReader) throws(DocumentError) -> PictureArea? {
    let left = try map.requiredInt("left", in: 0...999)
    let top = try map.requiredInt("top", in: 0...999)
    let width = try map.requiredInt("width", in: 1...1000)
    let height = try map.requiredInt("height", in: 1...1000)
    guard let area = PictureArea(left: left, top: top, width: width, height: height) else {
      try map.refuse(nil, "the rectangle leaves the picture, whose sides are 1000")
      return nil
    }
    return area
  }

  static func motion(_ map: DocumentReader) throws(DocumentError) -> MotionSettings {
    var zones: [DetectionZone] = []
    for zone in try map.maps("zones", limit: zoneLimit) ?? [] {
      let name = try zone.requiredString("name", limit: 32)
      let kind = try zone.enumeration("kind", as: DetectionZone.Kind.self) ?? .include
      if let area = try area(zone), zone.isThere {
        zones.append(DetectionZone(name: name, kind: kind, area: area))
      }
    }
    return MotionSettings(
      sensitivity: try map.double("sensitivity", in: 0...1) ?? 0.5,
      minimumArea: Double(try map.int("minimum_area", in: 1...1000) ?? 3) / 1000,
      looks: try map.double("looks_per_second", in: 0.2...30) ?? 5,
      quiet: nanoseconds(try map.double("quiet_seconds", in: 1...600) ?? 5),
      holdOff: nanoseconds(try map.double("holdoff_seconds", in: 0...3600) ?? 2), zones: zones)
  }

  static func sound(_ map: DocumentReader) throws(DocumentError) -> SoundSettings {
    SoundSettings(
      margin: try map.double("margin_db", in: 3...60) ?? 15, least: try map.double("least_dbfs", in: -110...0) ?? -50,
      quiet: nanoseconds(try map.double("quiet_seconds", in: 1...600) ?? 3),
      holdOff: nanoseconds(try map.double("holdoff_seconds", in: 0...3600) ?? 2))
  }

  static func preview(_ map: DocumentReader) throws(DocumentError) -> PreviewSettings {
    let isLAN = try map.bool("lan") ?? false
    let rate = try map.double("fps", in: 0.2...60) ?? 10
    let names = try map.strings("names", limit: 16) ?? []
    if let wrong = names.first(where: { !PreviewSettings.isName($0) }) {
      try map.refuse("names", "\(wrong) is no host name, as camera.local is one")
    }
    if !names.isEmpty, !isLAN { try map.refuse("names", "they count with lan: true alone") }
    guard let listen = try map.string("listen", limit: 100) else { return PreviewSettings(isLAN: isLAN, rate: rate) }
    guard var settings = PreviewSettings(listen: listen, isLAN: isLAN, rate: rate) else {
      try map.refuse("listen", "must be an address with a port, as 127.0.0.1:8080 or [::1]:8080")
      return PreviewSettings()
    }
    if !settings.isLoopback, !isLAN {
      try map.refuse("listen", "other machines can reach this address; write lan: true beside it if they may look")
    }
    settings.names = Set(names.map { $0.lowercased() })
    return settings
  }

  static func metrics(_ map: DocumentReader) throws(DocumentError) -> PreviewSettings {
    guard let listen = try map.string("listen", limit: 100) else { return PreviewSettings() }
    guard let settings = PreviewSettings(listen: listen), settings.isLoopback else {
      try map.refuse("listen", "must be an address of this machine alone with a port, as 127.0.0.1:9090 or [::1]:9090")
      return PreviewSettings()
    }
    return settings
  }

  private static func nanoseconds(_ seconds: Double) -> UInt64 { UInt64(seconds * 1e9) }
}
