package import PumpkiiCapture

/// How samples lie in memory, in the order in which they are preferred: all but the first are converted.
package enum SampleFormat: String, Sendable, CaseIterable {
  /// Signed 16 bits, what the pipeline takes.
  case s16 = "S16_LE"
  /// Signed 32 bits.
  case s32 = "S32_LE"
  /// Signed 24 bits in three bytes.
  case s24packed = "S24_3LE"
  /// Signed 24 bits in the lower part of four bytes.
  case s24 = "S24_LE"
  /// 32-bit floating point, 1 is full scale.
  case float = "FLOAT_LE"

  /// Bytes of one sample.
  package var width: Int {
    switch self {
    case .s16: 2
    case .s24packed: 3
    case .s32, .s24, .float: 4
    }
  }
}

/// What an open PCM answered; it does not obey.
package struct PCMShape: Sendable, Equatable {
  /// Sample frames per second.
  package var rate: Int
  /// Channels of the device, which may be more than are used.
  package var channels: Int
  /// How samples lie in memory.
  package var format: SampleFormat
  /// Sample frames of a period.
  package var period: Int
  /// Sample frames of the buffer.
  package var buffer: Int
  /// Channels that are handed out: the first ones.
  package var used: Int

  /// An answer.
  package init(rate: Int, channels: Int, format: SampleFormat, period: Int, buffer: Int, used: Int) {
    self.rate = rate
    self.channels = channels
    self.format = format
    self.period = period
    self.buffer = buffer
    self.used = used
  }

  /// Bytes of one sample frame as the device gives it.
  package var frameBytes: Int { channels * format.width }
  /// True where samples need no conversion.
  package var isDirect: Bool { format == .s16 && used == channels }
  /// What the session says it delivers.
  package var audio: AudioFormat { AudioFormat(sampleRate: rate, channels: used) }
  /// ns of `frames`.
  package func duration(_ frames: Int) -> UInt64 { UInt64(max(frames, 0)) * 1_000_000_000 / UInt64(max(rate, 1)) }
}
