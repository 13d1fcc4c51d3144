internal import PumpkiiCapture

/// What an answer that is not what was asked for is worth a line.
enum MicrophoneNotes {
  static func about(_ shape: PCMShape, _ wish: MicrophoneWish) -> [String] {
    var notes: [String] = []
    let asked = wish.sampleRate ?? 48_000
    if shape.rate != asked { notes.append("asked for \(asked) Hz, the microphone gives \(shape.rate) Hz") }
    if let channels = wish.channels, channels != shape.used {
      notes.append("asked for \(channels) channel(s), the microphone gives \(shape.used)")
    }
    if shape.channels > shape.used {
      notes.append("of the microphone's \(shape.channels) channels the first \(shape.used) are used")
    }
    let buffer = shape.duration(shape.buffer) / 1_000_000
    if buffer < UInt64(PCMSetup.leastBuffer / 1000) {
      notes.append("the microphone's buffer holds \(buffer) ms only: a busy machine may lose sound")
    }
    return notes
  }
}
