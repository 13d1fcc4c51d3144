/// What a program wants to do, and where.
package struct Request: Sendable, Hashable {
  /// Where it is asked.
  package var point: Point
  /// What is asked for.
  package var flag: Flag
  /// The account, in hexadecimal, on whose behalf it is asked; for keys (E4) and serving (E11) only.
  package var account: String?

  /// A request at a point, for an account where the point is about one.
  package init(point: Point, flag: Flag, account: String? = nil) {
    self.point = point
    self.flag = flag
    self.account = account
  }

  /// The flags that all must allow before an object of a media class (`video`, `audio`, `photo`, `event`) is sealed or
  /// its key given away. A kind that nobody knows needs every flag there is.
  package static func flags(for media: String) -> [Flag] {
    switch media {
    case "video": [.sensorCamera, .shareVideo]
    case "audio": [.sensorMicrophone, .shareAudio]
    case "photo": [.sensorCamera, .sharePhoto]
    case "event": [.detectMotion, .detectSound]
    default: Flag.allCases
    }
  }

  /// The requests that all must be allowed for a media class at a point.
  package static func all(for media: String, at point: Point, account: String? = nil) -> [Request] {
    flags(for: media).map { Request(point: point, flag: $0, account: account) }
  }
}
