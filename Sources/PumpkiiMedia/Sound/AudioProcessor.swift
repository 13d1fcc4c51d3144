package import PumpkiiCapture

/// Five 20 ms packets of Opus as a CMAF chunk; the last one of a stream may have fewer.
package struct AudioChunk: Sendable, Equatable {
  /// `moof` and `mdat` with the absolute decode time.
  package let bytes: [UInt8]
  /// ns on the track's clock at which the chunk's first sound was taken.
  package let decodeTime: UInt64
  /// Five, or fewer at the end.
  package let packets: Int
  /// Number of the first packet since the start.
  package let firstUnit: UInt64
  /// Stretches of 20 ms, by the microphone's own count and those it lost included, that end in this chunk. As many as
  /// packets, but for one more or less now and then: a fast microphone fills more of them than the clock has.
  package let sourceUnits: Int
}

/// From a microphone's periods to the chunks of a CMAF track of Opus. Confined to one thread.
///
/// A decoder gives each sample ``preSkip`` samples late; the decode times are earlier by as much, so that a player
/// that drops the first ones and one that does not both play a sound at its time.
package final class AudioProcessor {
  /// Packets of a whole chunk.
  package static let packetsPerChunk = 5
  /// The CMAF header.
  package let initialization: [UInt8]
  /// Samples at 48 kHz by which decoded sound lags.
  package var preSkip: Int { encoder.delay }
  /// Sample frames the microphone lost to overruns, for which silence stands in.
  package var filledFrames: UInt64 { account.filled }
  /// Sample frames of silence put in because the microphone's clock is slow beyond resampling.
  package var stretchedFrames: UInt64 { account.stretched }
  /// Sample frames of the microphone left out because its clock runs fast beyond resampling.
  package var skippedFrames: UInt64 { account.skipped }
  private let format: AudioFormat
  private let encoder: OpusEncoder
  private var aligner: SoundAligner?
  private var account = SoundAligner.Account()
  private var chunks = ChunkWriter()
  /// Samples at 48 kHz that fill no packet yet.
  private var pending: [Int16] = []
  private var packets: [[UInt8]] = []
  /// Packets since the start, and since ``base``.
  private var units: UInt64 = 0
  private var unitsSinceBase: UInt64 = 0
  /// Decode time of the first packet of this timeline.
  private var base: UInt64 = 0
  /// The microphone's position at the first packet ever, and stretches of 20 ms that were told since.
  private var firstPosition: UInt64?
  private var toldUnits: UInt64 = 0

  /// - Throws: ``MediaError`` `unsupported`.
  package init(format: AudioFormat, settings: AudioSettings) throws(MediaError) {
    self.format = format
    let encoder = try OpusEncoder(channels: format.channels, bitrate: settings.bitrate(channels: format.channels))
    self.encoder = encoder
    initialization = TrackHeader.bytes(
      TrackDescription(
        entry: .opus(channels: format.channels, preSkip: encoder.delay, inputRate: format.sampleRate)))
    // Refuses a rate nobody resamples before the first sound comes.
    _ = try SoundConverter(channels: format.channels, rate: format.sampleRate)
  }

  /// Takes one period.
  /// - Parameter decodeTime: ns on the track's clock of the first sample.
  /// - Throws: ``MediaError`` `codecFailed`.
  package func process(_ audio: CapturedAudio, at decodeTime: UInt64) throws(MediaError) -> [AudioChunk] {
    guard audio.samples.count >= format.channels else { return [] }
    var ready: [AudioChunk] = []
    let current = try current(position: audio.position, at: decodeTime)
    if let sound = try current.process(audio, at: decodeTime) {
      pending += sound
    } else {
      ready = try flush()
      pending += try begin(position: audio.position, at: decodeTime).process(audio, at: decodeTime) ?? []
    }
    account = aligner?.account ?? account
    return try ready + encodeWholePackets()
  }

  /// Gives out what is left, the last packet filled up with silence; the next period begins anew.
  /// - Throws: ``MediaError`` `codecFailed`.
  package func flush() throws(MediaError) -> [AudioChunk] {
    guard let aligner else { return [] }
    pending += try aligner.drain()
    let packet = OpusEncoder.packetFrames * format.channels
    if pending.count % packet > 0 { pending += [Int16](repeating: 0, count: packet - pending.count % packet) }
    var ready = try encodeWholePackets()
    if !packets.isEmpty { ready.append(chunk(isLast: true)) }
    self.aligner = nil
    return ready
  }

  private func current(position: UInt64, at time: UInt64) throws(MediaError) -> SoundAligner {
    if let aligner { return aligner }
    return try begin(position: position, at: time)
  }

  private func begin(position: UInt64, at time: UInt64) throws(MediaError) -> SoundAligner {
    let fresh = try SoundAligner(format: format, position: position, time: time, account: account)
    let ticks = MediaTime.ticks(nanoseconds: time, timescale: MediaTime.audio)
    // No decode time lies before zero: there the sound comes late by at most the encoder's delay.
    base = ticks - min(ticks, UInt64(encoder.delay))
    unitsSinceBase = 0
    aligner = fresh
    if let first = firstPosition, position >= first + toldUnits * UInt64(format.sampleRate) / 50 { return fresh }
    // The first sound, or a device that counts anew.
    firstPosition = position
    toldUnits = 0
    return fresh
  }

  private func encodeWholePackets() throws(MediaError) -> [AudioChunk] {
    let count = OpusEncoder.packetFrames * format.channels
    var ready: [AudioChunk] = []
    var at = 0
    while pending.count - at >= count {
      packets.append(try encoder.encode(Array(pending[at..<at + count]), channels: format.channels))
      at += count
      units += 1
      unitsSinceBase += 1
      if packets.count == Self.packetsPerChunk { ready.append(chunk()) }
    }
    pending.removeFirst(at)
    return ready
  }

  /// Stretches of the microphone's count up to the last packet made, less those told before.
  private func newSourceUnits(isLast: Bool) -> Int {
    guard let aligner, let firstPosition else { return 0 }
    let ahead = isLast ? 0 : aligner.total - Double(unitsSinceBase * UInt64(OpusEncoder.packetFrames))
    let source = Double(aligner.endPosition - min(firstPosition, aligner.endPosition)) - max(ahead, 0) / aligner.ratio
    let units = max(source, 0) * 50 / Double(format.sampleRate)
    let whole = UInt64(isLast ? (units - 1e-6).rounded(.up) : units.rounded())
    defer { toldUnits = max(toldUnits, whole) }
    return Int(whole - min(whole, toldUnits))
  }

  private func chunk(isLast: Bool = false) -> AudioChunk {
    let count = UInt64(packets.count)
    let time = base + (unitsSinceBase - count) * UInt64(OpusEncoder.packetFrames)
    defer { packets = [] }
    return AudioChunk(
      bytes: chunks.packets(packets, at: time),
      decodeTime: MediaTime.nanoseconds(ticks: time + UInt64(encoder.delay), timescale: MediaTime.audio),
      packets: packets.count, firstUnit: units - count, sourceUnits: newSourceUnits(isLast: isLast))
  }
}
