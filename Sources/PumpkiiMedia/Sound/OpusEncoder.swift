internal import CPumpkiiCodecs

/// Opus at 48 kHz in packets of 20 ms. Confined to one thread.
@safe package final class OpusEncoder {
  /// Sample frames of a packet.
  package static let packetFrames = 960
  /// Samples by which what is decoded lags what went in.
  package let delay: Int
  private let encoder: OpaquePointer
  private var packet = [UInt8](repeating: 0, count: 4000)

  /// - Throws: ``MediaError`` `unsupported`.
  package init(channels: Int, bitrate: Int) throws(MediaError) {
    var delay: Int32 = 0
    guard let made = unsafe pk_opus_encoder_new(Int32(clamping: channels), Int32(clamping: bitrate), &delay) else {
      throw MediaError(
        .unsupported, "Opus refuses \(channels) channels at \(bitrate) bit/s",
        advice: "Set one or two channels and 6,000 to 510,000 bit/s.")
    }
    unsafe encoder = made
    self.delay = Int(delay)
  }

  deinit { unsafe pk_opus_encoder_free(encoder) }

  /// One packet of ``packetFrames`` interleaved sample frames.
  /// - Throws: ``MediaError`` `codecFailed`.
  package func encode(_ samples: [Int16], channels: Int) throws(MediaError) -> [UInt8] {
    let count = unsafe pk_opus_encoder_encode(
      encoder, samples, UInt32(samples.count / max(channels, 1)), &packet, packet.count)
    guard count > 0 else {
      throw MediaError(.codecFailed, "Opus encodes no more", advice: "Restart the microphone.")
    }
    return Array(packet[..<Int(count)])
  }
}
