internal import PumpkiiDocument

extension ProfileReader {
  private enum MicrophoneKind: String, CaseIterable { case tone, speech, silence, file }

  func microphone(_ map: DocumentReader) throws(DocumentError) -> MicrophoneProfile? {
    let isThere = map.has("microphone")
    let keys = try map.mapOrEmpty("microphone")
    var microphone = MicrophoneProfile(source: try source(keys))
    microphone.name = try keys.string("name", limit: 120) ?? microphone.name
    try readRates(keys, into: &microphone)
    microphone.channels = try keys.int("channels", in: 1...2) ?? microphone.channels
    microphone.period = try Self.nanoseconds(keys, "period_ms", in: 5...100) ?? microphone.period
    microphone.buffer = try Self.nanoseconds(keys, "buffer_ms", in: 20...2000) ?? microphone.buffer
    if microphone.buffer < microphone.period * 2 { try keys.refuse("buffer_ms", "must hold two periods") }
    microphone.clock = try Self.clock(keys)
    microphone.faults = try faults(keys, of: .microphone)
    return isThere ? microphone : nil
  }

  private func source(_ keys: DocumentReader) throws(DocumentError) -> MicrophoneProfile.Source {
    let inside = try keys.requiredMap("source")
    let kind = try inside.requiredEnumeration("kind", as: MicrophoneKind.self)
    let file = try inside.string("file")
    if file != nil, kind != .file { try inside.refuse("file", "belongs to a source of kind file") }
    if file == nil, kind == .file { try inside.refuse("kind", "a source of kind file needs a file") }
    for key in ["rate", "rates", "channels"] where kind == .file && keys.has(key) {
      try keys.refuse(key, "a file decides this itself")
    }
    switch kind {
    case .tone: return .tone
    case .speech: return .speech
    case .silence: return .silence
    case .file: return .file(file ?? "")
    }
  }

  private func readRates(_ keys: DocumentReader, into microphone: inout MicrophoneProfile) throws(DocumentError) {
    let rate = try keys.int("rate", in: 8000...192_000)
    let rates = try keys.enumeration("rates", as: SampleRates.self)?.values ?? []
    if let rate, !rates.isEmpty, !rates.contains(rate) { try keys.refuse("rate", "is none of its rates") }
    microphone.rate = rate ?? rates.max() ?? microphone.rate
    microphone.rates = rates
  }
}
