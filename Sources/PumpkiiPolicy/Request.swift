/// What a program wants to do, and where.
package struct Request: Sendable, Hashable {
  /// Where it is asked.
  package var point: Point
  /// What is asked for.
  package var flag: Flag
  /// The account, in hexadecimal, on whose behalf it is asked; for keys (E4) and serving (E11) only.
  package var account: String?
  /// What it is for; another purpose than the flag's own is denied (C18).
  package var purpose: Purpose

  /// What a program is about to do at a point, for an account where the point is about one.
  package init(point: Point, flag: Flag, account: String? = nil, purpose: Purpose) {
    self.point = point
    self.flag = flag
    self.account = account
    self.purpose = purpose
  }

  /// How the flag itself stands, for people and for ledgers: asked for its own purpose. Whoever acts on the answer says
  /// its own (`Gate`).
  package init(point: Point, flag: Flag, account: String? = nil) {
    self.init(point: point, flag: flag, account: account, purpose: flag.purpose)
  }

  /// The media classes there are.
  static let mediaNames: Set<String> = ["video", "audio", "photo", "event"]

  /// The flags that a use of a media class asks for. All must allow; of an event each way in which it can come about
  /// asks for its own (see ``ways(for:use:)``). A kind that nobody knows, or a use that it cannot have, needs every
  /// flag.
  package static func flags(for media: String, use: Use = .live) -> [Flag] {
    let ways = ways(for: media, use: use)
    guard ways.count > 1 else { return ways.first ?? Flag.allCases }
    return Flag.allCases.filter { flag in ways.contains { $0.contains(flag) } }
  }

  /// The sets of flags of which one must be allowed whole. Only events have two: by motion, by sound.
  package static func ways(for media: String, use: Use) -> [[Flag]] {
    switch media {
    case "video": FlagTable.video[use] ?? FlagTable.everything
    case "audio": FlagTable.audio[use] ?? FlagTable.everything
    case "photo": FlagTable.photo[use] ?? FlagTable.everything
    case "event": FlagTable.event[use] ?? FlagTable.everything
    default: FlagTable.everything
    }
  }
}

/// Which flags a use of a media class asks for. Made once: every frame is decided about.
private enum FlagTable {
  static let everything: [[Flag]] = [Flag.allCases]
  static let video: [Use: [[Flag]]] = [
    .live: [[.sensorCamera, .shareVideo]], .record: [[.sensorCamera, .recordLocal]],
    .upload: [[.sensorCamera, .recordLocal, .recordCloud]], .preview: [[.sensorCamera]],
    .photo: [[.sensorCamera, .sharePhoto]], .detectMotion: [[.sensorCamera, .detectMotion]],
  ]
  static let audio: [Use: [[Flag]]] = [
    .live: [[.sensorMicrophone, .shareAudio]], .record: [[.sensorMicrophone, .recordLocal]],
    .upload: [[.sensorMicrophone, .recordLocal, .recordCloud]], .preview: [[.sensorMicrophone]],
    .detectSound: [[.sensorMicrophone, .detectSound]],
  ]
  static let photo: [Use: [[Flag]]] = [
    .live: [[.sensorCamera, .sharePhoto]], .photo: [[.sensorCamera, .sharePhoto]],
    .record: [[.sensorCamera, .recordLocal]], .upload: [[.sensorCamera, .recordLocal, .recordCloud]],
    .preview: [[.sensorCamera]],
  ]
  static let event: [Use: [[Flag]]] = [
    .live: byMotionOrSound(), .record: byMotionOrSound(.recordLocal),
    .upload: byMotionOrSound(.recordLocal, .recordCloud), .preview: byMotionOrSound(),
    .detectMotion: [[.sensorCamera, .detectMotion]], .detectSound: [[.sensorMicrophone, .detectSound]],
    .note: [[.recordLocal]],
  ]

  private static func byMotionOrSound(_ more: Flag...) -> [[Flag]] {
    [[.sensorCamera, .detectMotion] + more, [.sensorMicrophone, .detectSound] + more]
  }
}
