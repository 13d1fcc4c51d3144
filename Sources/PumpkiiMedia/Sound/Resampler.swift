internal import CPumpkiiCodecs

/// Changes a PCM rate by speexdsp; the output is in step with the input from the first sample. Confined to one thread.
@safe package final class Resampler {
  private let resampler: OpaquePointer
  private let channels: Int
  private let ratio: Double

  /// - Throws: ``MediaError`` `unsupported` for rates outside 4 to 384 kHz, or more than two channels.
  package init(channels: Int, from: Int, to: Int) throws(MediaError) {
    guard let made = unsafe pk_resampler_new(Int32(clamping: channels), Int32(clamping: from), Int32(clamping: to))
    else {
      throw MediaError(
        .unsupported, "\(channels) channels of \(from) Hz cannot be resampled",
        advice: "Set the microphone to one or two channels of 8 to 192 kHz.")
    }
    unsafe resampler = made
    self.channels = channels
    ratio = Double(to) / Double(from)
  }

  deinit { unsafe pk_resampler_free(resampler) }

  /// Interleaved samples in, interleaved samples out; a few stay inside until more come.
  /// - Throws: ``MediaError`` `codecFailed`.
  package func process(_ samples: [Int16]) throws(MediaError) -> [Int16] {
    var output: [Int16] = []
    var rest = samples[...]
    while rest.count >= channels {
      let input = Array(rest.prefix(48_000 * channels))
      var read = UInt32(input.count / channels)
      var written = UInt32(Double(read) * ratio) + 64
      var block = [Int16](repeating: 0, count: Int(written) * channels)
      let result = unsafe pk_resampler_process(resampler, input, &read, &block, &written)
      guard result == PK_OK, read > 0 || written > 0 else {
        throw MediaError(.codecFailed, "speexdsp resamples no more", advice: "Restart the microphone.")
      }
      output += block[..<(Int(written) * channels)]
      rest = rest.dropFirst(Int(read) * channels)
    }
    return output
  }

  /// Makes what comes out longer by `ppm`, from the next sample on and without a break. Steps are up to 15 ppm wide.
  /// - Throws: ``MediaError`` `codecFailed` outside ±5000.
  package func trim(_ ppm: Int) throws(MediaError) {
    guard unsafe pk_resampler_trim(resampler, Int32(clamping: ppm)) == PK_OK else {
      throw MediaError(
        .codecFailed, "speexdsp does not change its rate by \(ppm) ppm", advice: "Restart the microphone.")
    }
  }
}
