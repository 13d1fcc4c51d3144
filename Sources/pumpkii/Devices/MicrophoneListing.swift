internal import PumpkiiALSA
internal import PumpkiiAgent
internal import PumpkiiCapture

/// One microphone for people and programs.
struct MicrophoneListing: Encodable, Sendable {
  let id: String
  /// What `pumpkii permissions confirm microphone` takes.
  let fingerprint: String
  let name: String
  let pcm: String
  let rates: [Int]
  let channels: [Int]
  let formats: [String]

  init(_ device: ALSADevice) {
    id = device.identity.id
    fingerprint = SensorFingerprint.of(device.identity)
    name = device.identity.name
    pcm = device.pcm
    rates = device.rates
    channels = device.channels
    formats = device.formats
  }

  var text: String {
    let what =
      "\(rates.map(String.init).joined(separator: "/")) Hz, \(channels.map(String.init).joined(separator: "/")) channel(s)"
    return "microphone  \(name)\n  id        \(id)\n  print     \(fingerprint)\n  pcm       \(pcm)\n  offers    \(what)"
  }
}
