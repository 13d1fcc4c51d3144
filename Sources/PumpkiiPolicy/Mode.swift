/// Presets over flags, in the words that people know from HomeKit. A mode only ever sets flags; the flags decide.
///
/// No mode turns the microphone on: what listens is chosen by itself. Modes that could use it leave it as it is.
package enum Mode: String, Sendable, CaseIterable {
  case off, detect, stream, record

  /// In a sentence.
  package var summary: String {
    switch self {
    case .off: "Off: no sensor is open, nothing is looked for, kept or shared."
    case .detect: "Detect Activity: motion is looked for on the device; nothing is streamed or recorded."
    case .stream: "Stream: whoever may watch can watch; nothing is looked for or recorded."
    case .record: "Stream & Allow Recording: as Stream, and motion begins recordings on the device."
    }
  }

  /// What it sets: true allows, false denies; what is absent stays as it is.
  package var settings: [Flag: Bool] {
    switch self {
    case .off: Dictionary(uniqueKeysWithValues: Self.governed.map { ($0, false) })
    case .detect:
      [
        .sensorCamera: true, .detectMotion: true, .recordLocal: false, .recordCloud: false, .sharePhoto: false,
        .shareVideo: false, .shareAudio: false,
      ]
    case .stream:
      [
        .sensorCamera: true, .sharePhoto: true, .shareVideo: true, .detectMotion: false, .detectSound: false,
        .recordLocal: false, .recordCloud: false,
      ]
    case .record:
      [.sensorCamera: true, .sharePhoto: true, .shareVideo: true, .detectMotion: true, .recordLocal: true]
    }
  }

  /// The flags that modes speak of. Terms, risk, notices, diagnostics, disclosure and control are no matter of a mode.
  package static let governed: [Flag] = [
    .sensorCamera, .sensorMicrophone, .detectMotion, .detectSound, .recordLocal, .recordCloud, .sharePhoto, .shareVideo,
    .shareAudio,
  ]

  /// The flags after the mode was chosen.
  package func applied(to flags: Set<Flag>) -> Set<Flag> {
    var result = flags
    for (flag, allow) in settings {
      if allow { result.insert(flag) } else { result.remove(flag) }
    }
    return result
  }

  /// The mode that these flags are; nil for flags that somebody chose one by one.
  package static func of(_ flags: Set<Flag>) -> Mode? { allCases.first { $0.applied(to: flags) == flags } }
}
