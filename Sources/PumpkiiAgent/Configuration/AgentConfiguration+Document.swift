internal import PumpkiiCapture
package import PumpkiiDocument
internal import PumpkiiMedia
internal import PumpkiiPolicy
internal import PumpkiiSystem
internal import PumpkiiWire

extension AgentConfiguration {
  /// Reads `agent.yaml`:
  ///
  /// - `profile` (text): a device profile.
  /// - `camera` (map): `device` (`auto`, an id of `pumpkii devices`, `/dev/videoN`, `rpicam`), `width`, `height`, `fps`,
  ///   `format` (`mjpeg`, `h264`, `yuyv`, …), `frozen_after_ms`, and `controls`, a map from V4L2 names to numbers.
  /// - `microphone` (map): `device` (`auto`, `none`, an id, or any PCM of alsa-lib), `rate`, `channels`.
  /// - `video.mode` (`h264` or `mjpeg`, default `h264`), `video.bitrate` (bits/s, default by size and rate),
  ///   `video.group_seconds` (0.2–30, default 2).
  /// - `audio.bitrate` (bits/s, default 48000).
  /// - `photo.interval_seconds` (1–86400, default none), `photo.size` (`full` or `stream`, default `full`).
  /// - `sensors.linger_seconds` (0–3600, default 10).
  /// - `padding` (`none`, `padme`, `bucket` or `constant`, default `padme`), with `padding_bytes` (256–4194304) for the
  ///   last two.
  /// - `ceiling` (map of flag to `allow` or `deny`): what the board's operator allows at most; a flag that is not named
  ///   is denied, so a mistyped one never widens.
  /// - `indicator` (map): `led` (a name under `/sys/class/leds`), `gpio` (`chip`, `line`, `active_low`), `command` (a list:
  ///   an absolute path and its arguments, run with `on` or `off` after them); any of them, several at once.
  /// - `kill_switch` (map): `evdev` (a path, best under `/dev/input/by-id`) with `code` and `kind` (`key`, which counts
  ///   while it is held, or `switch`; default `key`), or `gpio` as above.
  ///
  /// - Throws: ``DocumentError`` with line, column and key.
  package init(_ bytes: [UInt8], file: String) throws(DocumentError) {
    self = try DocumentReader.read(bytes, file: file) { reader throws(DocumentError) in try Self.read(reader) }
  }

  /// Every problem of the document, for `--check-config`.
  package static func problems(_ bytes: [UInt8], file: String) -> [DocumentError] {
    DocumentReader.problems(bytes, file: file) { reader throws(DocumentError) in _ = try Self.read(reader) }
  }

  private static func read(_ reader: DocumentReader) throws(DocumentError) -> AgentConfiguration {
    var configuration = AgentConfiguration()
    configuration.profile = try reader.string("profile")
    try readCamera(try reader.mapOrEmpty("camera"), into: &configuration)
    try readMicrophone(try reader.mapOrEmpty("microphone"), into: &configuration)
    let video = try reader.mapOrEmpty("video")
    configuration.video.mode = try video.enumeration("mode", as: VideoSettings.Mode.self) ?? .h264
    configuration.video.bitrate = try video.int("bitrate", in: 50_000...100_000_000) ?? 0
    configuration.video.groupSeconds = try video.double("group_seconds", in: 0.2...30) ?? 2
    configuration.audio.bitrate = try reader.mapOrEmpty("audio").int("bitrate", in: 6_000...510_000) ?? 0
    let photo = try reader.mapOrEmpty("photo")
    configuration.photoInterval = try photo.double("interval_seconds", in: 1...86_400)
    configuration.photoSize = try photo.enumeration("size", as: PhotoSize.self) ?? .full
    configuration.linger = try reader.mapOrEmpty("sensors").double("linger_seconds", in: 0...3600) ?? 10
    configuration.padding = try padding(reader)
    configuration.ceiling = try ceiling(reader)
    try readHardware(reader, into: &configuration)
    return configuration
  }

  private static func readCamera(
    _ camera: DocumentReader, into configuration: inout AgentConfiguration
  ) throws(DocumentError) {
    configuration.camera = try camera.string("device", limit: 200)
    configuration.cameraWish.width = try camera.int("width", in: 16...16_384)
    configuration.cameraWish.height = try camera.int("height", in: 16...16_384)
    configuration.cameraWish.rate = try camera.double("fps", in: 0.1...240)
    configuration.cameraWish.pixels = try camera.enumeration("format", as: VideoFormat.Pixels.self)
    configuration.cameraWish.frozenAfter = try camera.double("frozen_after_ms", in: 100...60_000)
      .map { UInt64($0 * 1_000_000) }
    configuration.cameraWish.controls = try camera.integers("controls", limit: 64)
  }

  private static func readMicrophone(
    _ microphone: DocumentReader, into configuration: inout AgentConfiguration
  ) throws(DocumentError) {
    configuration.microphone = try microphone.string("device", limit: 200)
    configuration.microphoneWish.sampleRate = try microphone.int("rate", in: 8000...192_000)
    configuration.microphoneWish.channels = try microphone.int("channels", in: 1...2)
  }

  private enum PaddingName: String, CaseIterable {
    case none
    case padme
    case bucket
    case constant
  }

  private static func padding(_ reader: DocumentReader) throws(DocumentError) -> Padding {
    let name = try reader.enumeration("padding", as: PaddingName.self) ?? .padme
    let bytes = try reader.int("padding_bytes", in: 256...4 << 20)
    switch (name, bytes) {
    case (.none, nil): return .none
    case (.padme, nil): return .padme
    case (.bucket, let bytes?): return .bucket(bytes: bytes)
    case (.constant, let bytes?): return .constant(bytes: bytes)
    case (.none, _), (.padme, _): throw reader.error("padding_bytes", "only bucket and constant have a size")
    case (.bucket, nil), (.constant, nil): throw reader.error("padding", "write padding_bytes beside it")
    }
  }

  private enum Verdict: String, CaseIterable {
    case allow
    case deny
  }

  private static func ceiling(_ reader: DocumentReader) throws(DocumentError) -> [Flag: Bool]? {
    guard let map = try reader.map("ceiling") else { return nil }
    var flags: [Flag: Bool] = [:]
    for flag in Flag.allCases {
      if let verdict = try map.enumeration(flag.rawValue, as: Verdict.self) { flags[flag] = verdict == .allow }
    }
    return flags
  }
}
