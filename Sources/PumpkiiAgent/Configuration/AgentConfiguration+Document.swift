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
  /// - `notices` (map of `motion`, `sound`, `clip`, `sensor`, `viewer` to true or false): what the person at this machine's
  ///   screen is told of, where notify.system allows it.
  /// - `clock.trusted` (true or false, default false): the operator vouches for the clock of a machine that has neither a
  ///   time source nor a battery; without either, the policy's times deny.
  /// - `privacy.masks` (list of maps `left`, `top`, `width`, `height`, in thousandths of the picture's sides): what nobody
  ///   ever sees of the picture.
  /// - `detect.motion` (map): `sensitivity` (0–1, default 0.5), `minimum_area` (thousandths of the picture, 1–1000,
  ///   default 3), `looks_per_second` (0.2–30, default 5), `quiet_seconds` (1–600, default 5), `holdoff_seconds` (0–3600,
  ///   default 2), and `zones`, a list of maps `name`, `kind` (`include` or `exclude`, default `include`), and a
  ///   rectangle as for masks.
  /// - `detect.sound` (map): `margin_db` (3–60, default 15), `least_dbfs` (−110–0, default −50), `quiet_seconds` (1–600,
  ///   default 3), `holdoff_seconds` (0–3600, default 2).
  /// - `preview` (map): `listen` (`127.0.0.1:PORT`; off by default), `lan` (true where other machines may look), `fps` (of
  ///   JPEGs, 0.2–60, default 10), `names` (what others may call the board, with `lan` alone).
  /// - `metrics.listen` (`127.0.0.1:PORT`, loopback only; off by default): numbers for Prometheus at `/metrics`.
  /// - `record` (map): `mode` (`motion`, `continuous` or `manual`, default `motion`), `pre_roll_seconds` (4–60, default 8),
  ///   `post_roll_seconds` (1–600, default 10), `max_clip_seconds` (10–3600, default 300), `days` (1–3650, default 30),
  ///   `bytes` (16777216 and up, default 4294967296), `on_withdraw` (the open clip), `queued_on_withdraw` (what waits
  ///   for the relay) and `after_upload` (`keep` or `delete`, default `keep`), `upload_earlier` (true where clips go to
  ///   the relay that began while it might not have them).
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
    configuration.record = try record(try reader.mapOrEmpty("record"))
    configuration.ceiling = try ceiling(reader)
    let notices = try reader.mapOrEmpty("notices")
    for notice in Notice.allCases where try notices.bool(notice.kind) == true {
      configuration.notices.insert(notice)
    }
    configuration.trustsClock = try reader.mapOrEmpty("clock").bool("trusted") ?? false
    configuration.video.masks = try masks(reader, camera: configuration.cameraWish)
    let detect = try reader.mapOrEmpty("detect")
    configuration.motion = try motion(try detect.mapOrEmpty("motion"))
    configuration.sound = try sound(try detect.mapOrEmpty("sound"))
    configuration.preview = try preview(try reader.mapOrEmpty("preview"))
    configuration.metrics = try metrics(try reader.mapOrEmpty("metrics"))
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

  private static func record(_ record: DocumentReader) throws(DocumentError) -> RecordSettings {
    var settings = RecordSettings()
    settings.mode = try record.enumeration("mode", as: RecordSettings.Mode.self) ?? settings.mode
    settings.preRollSeconds = try record.double("pre_roll_seconds", in: 4...60) ?? settings.preRollSeconds
    settings.postRollSeconds = try record.double("post_roll_seconds", in: 1...600) ?? settings.postRollSeconds
    settings.maxClipSeconds = try record.double("max_clip_seconds", in: 10...3600) ?? settings.maxClipSeconds
    settings.days = try record.int("days", in: 1...3650) ?? settings.days
    settings.bytes = try record.int("bytes", in: 16 << 20...1 << 60) ?? settings.bytes
    settings.onWithdraw =
      try record.enumeration("on_withdraw", as: RecordSettings.Withdrawal.self) ?? settings.onWithdraw
    settings.queuedOnWithdraw =
      try record.enumeration("queued_on_withdraw", as: RecordSettings.QueueWithdrawal.self) ?? settings.queuedOnWithdraw
    settings.afterUpload =
      try record.enumeration("after_upload", as: RecordSettings.AfterUpload.self) ?? settings.afterUpload
    settings.uploadEarlier = try record.bool("upload_earlier") ?? settings.uploadEarlier
    return settings
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
