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
  package private(set) var filledFrames: UInt64 = 0
  /// Sample frames of silence put in because the microphone's clock is slow.
  package private(set) var stretchedFrames: UInt64 = 0
  /// Sample frames of the microphone left out because its clock runs fast.
  package private(set) var skippedFrames: UInt64 = 0
  private let format: AudioFormat
  private let encoder: OpusEncoder
  private var resampler: Resampler?
  private var timeline: AudioTimeline?
  private var chunks = ChunkWriter()
  /// Samples at 48 kHz that fill no packet yet.
  private var pending: [Int16] = []
  private var packets: [[UInt8]] = []
  /// Packets since the start, and since ``base``.
  private var units: UInt64 = 0
  private var unitsSinceBase: UInt64 = 0
  /// Decode time of the first packet of this timeline.
  private var base: UInt64 = 0

  /// - Throws: ``MediaError`` `unsupported`.
  package init(format: AudioFormat, settings: AudioSettings) throws(MediaError) {
    self.format = format
    let encoder = try OpusEncoder(channels: format.channels, bitrate: settings.bitrate(channels: format.channels))
    self.encoder = encoder
    initialization = TrackHeader.bytes(
      TrackDescription(
        entry: .opus(channels: format.channels, preSkip: encoder.delay, inputRate: format.sampleRate)))
    resampler = try Self.resampler(for: format)
  }

  /// Takes one period.
  /// - Parameter decodeTime: ns on the track's clock of the first sample.
  /// - Throws: ``MediaError`` `codecFailed`.
  package func process(_ audio: CapturedAudio, at decodeTime: UInt64) throws(MediaError) -> [AudioChunk] {
    let count = audio.samples.count / format.channels
    guard count > 0 else { return [] }
    var ready: [AudioChunk] = []
    if timeline == nil { begin(position: audio.position, at: decodeTime) }
    var samples = Array(audio.samples.prefix(count * format.channels))
    switch timeline?.step(position: audio.position, count: count, at: decodeTime) ?? .go {
    case .go: break
    case .fill(let frames):
      filledFrames += UInt64(frames)
      try take([Int16](repeating: 0, count: frames * format.channels))
    case .stretch(let frames):
      stretchedFrames += UInt64(frames)
      try take([Int16](repeating: 0, count: frames * format.channels))
    case .skip(let frames):
      skippedFrames += UInt64(frames)
      samples.removeFirst(frames * format.channels)
    case .restart:
      ready = try flush()
      begin(position: audio.position, at: decodeTime)
      _ = timeline?.step(position: audio.position, count: count, at: decodeTime)
    }
    try take(samples)
    return try ready + encodeWholePackets()
  }

  /// Gives out what is left, the last packet filled up with silence; the next period begins anew.
  /// - Throws: ``MediaError`` `codecFailed`.
  package func flush() throws(MediaError) -> [AudioChunk] {
    guard let timeline else { return [] }
    try drain(timeline)
    let packet = OpusEncoder.packetFrames * format.channels
    if pending.count % packet > 0 { pending += [Int16](repeating: 0, count: packet - pending.count % packet) }
    var ready = try encodeWholePackets()
    if !packets.isEmpty { ready.append(chunk()) }
    self.timeline = nil
    resampler = try Self.resampler(for: format)
    return ready
  }

  private static func resampler(for format: AudioFormat) throws(MediaError) -> Resampler? {
    guard format.sampleRate != Int(MediaTime.audio) else { return nil }
    return try Resampler(channels: format.channels, from: format.sampleRate, to: Int(MediaTime.audio))
  }

  private func begin(position: UInt64, at time: UInt64) {
    timeline = AudioTimeline(rate: format.sampleRate, position: position, time: time)
    let ticks = MediaTime.ticks(nanoseconds: time, timescale: MediaTime.audio)
    // No decode time lies before zero: there the sound comes late by at most the encoder's delay.
    base = ticks - min(ticks, UInt64(encoder.delay))
    unitsSinceBase = 0
  }

  private func take(_ samples: [Int16]) throws(MediaError) {
    timeline?.advance(by: samples.count / format.channels)
    if let resampler { pending += try resampler.process(samples) } else { pending += samples }
  }

  /// Gets out of the resampler what belongs to the frames taken, not more.
  private func drain(_ timeline: AudioTimeline) throws(MediaError) {
    guard let resampler else { return }
    let rate = UInt64(format.sampleRate)
    let wanted = (timeline.frames * UInt64(MediaTime.audio) + rate - 1) / rate
    let done = unitsSinceBase * UInt64(OpusEncoder.packetFrames)
    let left = Int(wanted - min(wanted, done)) * format.channels
    let silence = [Int16](repeating: 0, count: format.sampleRate / 10 * format.channels)
    if pending.count < left { pending += try resampler.process(silence) }
    if pending.count > left { pending.removeLast(pending.count - left) }
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

  private func chunk() -> AudioChunk {
    let count = UInt64(packets.count)
    let time = base + (unitsSinceBase - count) * UInt64(OpusEncoder.packetFrames)
    defer { packets = [] }
    return AudioChunk(
      bytes: chunks.packets(packets, at: time),
      decodeTime: MediaTime.nanoseconds(ticks: time + UInt64(encoder.delay), timescale: MediaTime.audio),
      packets: packets.count, firstUnit: units - count)
  }
}
