internal import CPumpkiiALSA

/// alsa-lib's view of the cards.
package struct ControlInterface: CardInterface {
  /// Holds nothing.
  package init() {}

  /// By the card's control device.
  package func name(ofCard card: Int) -> String? {
    pk_sound_quiet()
    var control: OpaquePointer?
    guard unsafe snd_ctl_open(&control, "hw:\(card)", Int32(SND_CTL_READONLY)) >= 0, let control = unsafe control
    else { return nil }
    defer { unsafe snd_ctl_close(control) }
    var info: OpaquePointer?
    guard unsafe snd_ctl_card_info_malloc(&info) >= 0, let info = unsafe info else { return nil }
    defer { unsafe snd_ctl_card_info_free(info) }
    guard unsafe snd_ctl_card_info(control, info) >= 0, let name = unsafe snd_ctl_card_info_get_name(info) else {
      return nil
    }
    return unsafe String(cString: name)
  }

  /// Opens the PCM without setting it up: the device is not started and makes no sound.
  package func capabilities(of pcm: String) -> PCMCapabilities? {
    pk_sound_quiet()
    var opened: OpaquePointer?
    guard unsafe snd_pcm_open(&opened, pcm, SND_PCM_STREAM_CAPTURE, Int32(SND_PCM_NONBLOCK)) >= 0,
      let handle = unsafe opened
    else { return nil }
    defer { unsafe snd_pcm_close(handle) }
    var made: OpaquePointer?
    guard unsafe snd_pcm_hw_params_malloc(&made) >= 0, let space = unsafe made else { return nil }
    defer { unsafe snd_pcm_hw_params_free(space) }
    guard unsafe snd_pcm_hw_params_any(handle, space) >= 0 else { return nil }
    return PCMCapabilities(
      rates: PCMCapabilities.commonRates.filter {
        unsafe snd_pcm_hw_params_test_rate(handle, space, UInt32($0), 0) == 0
      },
      channels: (1...PCMCapabilities.mostChannels).filter {
        unsafe snd_pcm_hw_params_test_channels(handle, space, UInt32($0)) == 0
      },
      formats: SampleFormat.allCases.filter {
        unsafe snd_pcm_hw_params_test_format(handle, space, $0.alsa) == 0
      })
  }
}

extension SampleFormat {
  /// alsa-lib's number.
  var alsa: snd_pcm_format_t {
    switch self {
    case .s16: SND_PCM_FORMAT_S16_LE
    case .s32: SND_PCM_FORMAT_S32_LE
    case .s24packed: SND_PCM_FORMAT_S24_3LE
    case .s24: SND_PCM_FORMAT_S24_LE
    case .float: SND_PCM_FORMAT_FLOAT_LE
    }
  }
}
