internal import CPumpkiiV4L2

/// Names of controls as people write them.
package enum ControlName {
  /// `White Balance Temperature, Auto` becomes `white_balance_temperature_auto`: letters and digits of ASCII in lower
  /// case, what lies between them one underscore.
  package static func normalised(_ title: String) -> String {
    let words = title.utf8.split { byte in !isLetterOrDigit(byte) }
    return words.map { String(decoding: $0, as: UTF8.self).lowercased() }.joined(separator: "_")
  }

  /// Kernels renamed these (5.19 and 6.x); a configuration written on one machine holds on another.
  private static let renamed: [String: UInt32] = [
    "exposure_auto": UInt32(V4L2_CID_EXPOSURE_AUTO), "auto_exposure": UInt32(V4L2_CID_EXPOSURE_AUTO),
    "exposure_absolute": UInt32(V4L2_CID_EXPOSURE_ABSOLUTE),
    "exposure_time_absolute": UInt32(V4L2_CID_EXPOSURE_ABSOLUTE),
    "exposure_auto_priority": UInt32(V4L2_CID_EXPOSURE_AUTO_PRIORITY),
    "exposure_dynamic_framerate": UInt32(V4L2_CID_EXPOSURE_AUTO_PRIORITY),
    "focus_auto": UInt32(V4L2_CID_FOCUS_AUTO), "focus_automatic_continuous": UInt32(V4L2_CID_FOCUS_AUTO),
    "white_balance_temperature_auto": UInt32(V4L2_CID_AUTO_WHITE_BALANCE),
    "white_balance_automatic": UInt32(V4L2_CID_AUTO_WHITE_BALANCE),
  ]

  /// The control meant by a name, also by one that another kernel gives it.
  package static func find(_ name: String, in controls: [ControlDescription]) -> ControlDescription? {
    let wanted = normalised(name)
    return controls.first { $0.name == wanted } ?? renamed[wanted].flatMap { id in controls.first { $0.id == id } }
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}
