internal import CPumpkiiALSA
internal import Glibc
internal import PumpkiiCapture

/// The talk with an open PCM about what it will deliver; every answer is read back.
@safe struct PCMSetup {
  /// µs of a period that is asked for: one packet of Opus, fifty wake-ups a second.
  static let period: UInt32 = 20_000
  /// µs of buffer that are asked for, and the least that is taken without a word. It costs no delay, only memory, and a
  /// busy board may not let a thread run for half a second.
  static let buffer: UInt32 = 1_000_000
  static let leastBuffer = 200_000

  private let pcm: String
  private let handle: OpaquePointer

  init(pcm: String, handle: OpaquePointer) {
    self.pcm = pcm
    unsafe self.handle = handle
  }

  /// - Throws: ``CaptureError`` `unsupported`, `busy`, `gone` or `failed`.
  func negotiate(_ wish: MicrophoneWish) throws(CaptureError) -> PCMShape {
    var made: OpaquePointer?
    try check(unsafe snd_pcm_hw_params_malloc(&made), "snd_pcm_hw_params_malloc")
    guard let space = unsafe made else { throw PCMFailure.failed(pcm, "snd_pcm_hw_params_malloc", -ENOMEM) }
    defer { unsafe snd_pcm_hw_params_free(space) }
    try check(unsafe snd_pcm_hw_params_any(handle, space), "snd_pcm_hw_params_any")
    guard unsafe snd_pcm_hw_params_set_access(handle, space, SND_PCM_ACCESS_RW_INTERLEAVED) >= 0 else {
      throw PCMFailure.unsupported(pcm, "interleaved access")
    }
    let format = try unsafe chooseFormat(space)
    try unsafe chooseChannels(space, wish)
    try unsafe chooseRate(space, wish)
    unsafe chooseTimes(space)
    try check(unsafe snd_pcm_hw_params(handle, space), "snd_pcm_hw_params")
    let shape = try unsafe answer(space, format, wish)
    try configureWaking(shape)
    return shape
  }

  private func chooseFormat(_ space: OpaquePointer) throws(CaptureError) -> SampleFormat {
    for format in SampleFormat.allCases
    where unsafe snd_pcm_hw_params_set_format(handle, space, format.alsa) >= 0 { return format }
    throw PCMFailure.unsupported(pcm, "sample format")
  }

  private func chooseChannels(_ space: OpaquePointer, _ wish: MicrophoneWish) throws(CaptureError) {
    for count in [wish.channels ?? 1, 1, 2] where count > 0 {
      if unsafe snd_pcm_hw_params_set_channels(handle, space, UInt32(count)) >= 0 { return }
    }
    // An array of microphones: the first ones are used.
    var count: UInt32 = 1
    guard unsafe snd_pcm_hw_params_set_channels_near(handle, space, &count) >= 0 else {
      throw PCMFailure.unsupported(pcm, "number of channels")
    }
  }

  private func chooseRate(_ space: OpaquePointer, _ wish: MicrophoneWish) throws(CaptureError) {
    var rate = UInt32(clamping: wish.sampleRate ?? 48_000)
    guard unsafe snd_pcm_hw_params_set_rate_near(handle, space, &rate, nil) >= 0 else {
      throw PCMFailure.unsupported(pcm, "sample rate")
    }
  }

  /// Each of these may fail; what holds is read back.
  private func chooseTimes(_ space: OpaquePointer) {
    var longest = Self.period
    _ = unsafe snd_pcm_hw_params_set_period_time_max(handle, space, &longest, nil)
    var period = Self.period
    _ = unsafe snd_pcm_hw_params_set_period_time_near(handle, space, &period, nil)
    var buffer = Self.buffer
    _ = unsafe snd_pcm_hw_params_set_buffer_time_near(handle, space, &buffer, nil)
  }

  private func answer(
    _ space: OpaquePointer, _ format: SampleFormat, _ wish: MicrophoneWish
  ) throws(CaptureError) -> PCMShape {
    var rate: UInt32 = 0
    var channels: UInt32 = 0
    var period: snd_pcm_uframes_t = 0
    var buffer: snd_pcm_uframes_t = 0
    try check(unsafe snd_pcm_hw_params_get_rate(space, &rate, nil), "snd_pcm_hw_params_get_rate")
    try check(unsafe snd_pcm_hw_params_get_channels(space, &channels), "snd_pcm_hw_params_get_channels")
    try check(unsafe snd_pcm_hw_params_get_period_size(space, &period, nil), "snd_pcm_hw_params_get_period_size")
    try check(unsafe snd_pcm_hw_params_get_buffer_size(space, &buffer), "snd_pcm_hw_params_get_buffer_size")
    // Rates nobody has would later be divided by, and resampled.
    guard (4000...384_000).contains(rate), channels > 0, period > 0, buffer >= period else {
      throw PCMFailure.unsupported(pcm, "sample rate")
    }
    let used = channels <= 2 ? Int(channels) : max(1, min(2, wish.channels ?? 1))
    return PCMShape(
      rate: Int(rate), channels: Int(channels), format: format, period: Int(period), buffer: Int(buffer), used: used)
  }

  /// Wakes once a period, starts only when told to, and stamps by CLOCK_MONOTONIC.
  private func configureWaking(_ shape: PCMShape) throws(CaptureError) {
    var made: OpaquePointer?
    try check(unsafe snd_pcm_sw_params_malloc(&made), "snd_pcm_sw_params_malloc")
    guard let rules = unsafe made else { throw PCMFailure.failed(pcm, "snd_pcm_sw_params_malloc", -ENOMEM) }
    defer { unsafe snd_pcm_sw_params_free(rules) }
    try check(unsafe snd_pcm_sw_params_current(handle, rules), "snd_pcm_sw_params_current")
    var never: snd_pcm_uframes_t = 0
    try check(unsafe snd_pcm_sw_params_get_boundary(rules, &never), "snd_pcm_sw_params_get_boundary")
    _ = unsafe snd_pcm_sw_params_set_start_threshold(handle, rules, never)
    _ = unsafe snd_pcm_sw_params_set_avail_min(handle, rules, snd_pcm_uframes_t(shape.period))
    _ = unsafe snd_pcm_sw_params_set_tstamp_mode(handle, rules, SND_PCM_TSTAMP_ENABLE)
    _ = unsafe snd_pcm_sw_params_set_tstamp_type(handle, rules, SND_PCM_TSTAMP_TYPE_MONOTONIC)
    try check(unsafe snd_pcm_sw_params(handle, rules), "snd_pcm_sw_params")
  }

  private func check(_ result: Int32, _ call: String) throws(CaptureError) {
    guard result < 0 else { return }
    switch -result {
    case EBUSY: throw PCMFailure.busy(pcm, holders: [])
    case ENODEV, ENXIO: throw PCMFailure.unplugged(pcm)
    default: throw PCMFailure.failed(pcm, call, result)
    }
  }
}
