internal import CPumpkiiALSA
internal import Glibc
internal import PumpkiiCapture
internal import PumpkiiSystem

/// alsa-lib's PCM: the only place that captures through it. Confined to one thread.
@safe final class PCMHandle: PCMPort {
  let shape: PCMShape
  private let handle: OpaquePointer
  private var isOpen = true
  /// The PCM's own descriptors, and one for the waker.
  private var entries: [pollfd]
  private let own: Int

  /// Opens, negotiates and prepares; does not start.
  /// - Throws: ``CaptureError``.
  init(_ pcm: String, wish: MicrophoneWish, directory: ALSADirectory) throws(CaptureError) {
    pk_sound_quiet()
    var opened: OpaquePointer?
    let result = unsafe snd_pcm_open(&opened, pcm, SND_PCM_STREAM_CAPTURE, Int32(SND_PCM_NONBLOCK))
    guard result >= 0, let handle = unsafe opened else {
      throw directory.openingError(pcm, errno: -result)
    }
    do throws(CaptureError) {
      shape = try unsafe PCMSetup(pcm: pcm, handle: handle).negotiate(wish)
    } catch {
      unsafe snd_pcm_close(handle)
      // `hw:` opens while another's parameters hold the device; they refuse ours only now.
      guard case .busy = error.code else { throw error }
      throw directory.openingError(pcm, errno: EBUSY)
    }
    unsafe self.handle = handle
    own = max(0, unsafe Int(snd_pcm_poll_descriptors_count(handle)))
    entries = [pollfd](repeating: pollfd(fd: -1, events: 0, revents: 0), count: own + 1)
  }

  deinit { close() }

  var state: PCMState {
    switch unsafe snd_pcm_state(handle) {
    case SND_PCM_STATE_OPEN: .open
    case SND_PCM_STATE_SETUP: .setup
    case SND_PCM_STATE_PREPARED: .prepared
    case SND_PCM_STATE_RUNNING: .running
    case SND_PCM_STATE_XRUN: .overrun
    case SND_PCM_STATE_SUSPENDED: .suspended
    case SND_PCM_STATE_DISCONNECTED: .disconnected
    default: .other
    }
  }

  func wait(milliseconds: Int32, waker: Int32) -> PCMReadiness {
    // The descriptors may be others after each prepare.
    let filled = unsafe snd_pcm_poll_descriptors(handle, &entries, UInt32(own))
    guard filled >= 0 else { return PCMReadiness(error: filled) }
    entries[own] = pollfd(fd: waker, events: Int16(POLLIN), revents: 0)
    let count = unsafe pk_sound_poll(&entries, UInt32(entries.count), milliseconds)
    if count == -EINTR || count == 0 { return PCMReadiness() }
    if count < 0 { return PCMReadiness(error: count) }
    if entries[own].revents != 0, pk_sound_rest(waker) != 0 { return PCMReadiness(isWoken: true) }
    // What the descriptors say means nothing by itself: a plugin's may be a timer.
    var happened: UInt16 = 0
    let result = unsafe snd_pcm_poll_descriptors_revents(handle, &entries, UInt32(own), &happened)
    if result < 0 { return PCMReadiness(error: result) }
    return PCMReadiness(
      hasSound: Int32(happened) & POLLIN != 0, hasTrouble: Int32(happened) & (POLLERR | POLLHUP | POLLNVAL) != 0)
  }

  func position() -> PCMPosition {
    var available: snd_pcm_uframes_t = 0
    var stamp = timespec()
    let result = unsafe snd_pcm_htimestamp(handle, &available, &stamp)
    guard result >= 0 else { return PCMPosition(available: Int(result), stamp: nil) }
    let time = stamp.tv_sec > 0 ? UInt64(stamp.tv_sec) &* 1_000_000_000 &+ UInt64(max(stamp.tv_nsec, 0)) : nil
    return PCMPosition(available: Int(available), stamp: time.flatMap(Self.monotonic))
  }

  /// Old drivers stamp by the wall clock.
  private static func monotonic(_ time: UInt64) -> UInt64? {
    let now = Clocks.monotonic()
    let near: UInt64 = 10_000_000_000
    if time <= now + near { return now < near || time >= now - near ? min(time, now) : nil }
    let wall = Clocks.unixMicroseconds() &* 1000
    guard time <= wall + near, wall < near || time >= wall - near else { return nil }
    let age = wall > time ? wall - time : 0
    return now > age ? now - age : nil
  }

  func latency() -> Int {
    var delay: snd_pcm_sframes_t = 0
    guard unsafe snd_pcm_delay(handle, &delay) >= 0 else { return 0 }
    let extra = delay - max(0, unsafe snd_pcm_avail_update(handle))
    // Beyond a second no converter holds sound back.
    return extra > 0 && extra < shape.rate ? extra : 0
  }

  func read(_ target: UnsafeMutableRawPointer, frames: Int) -> Int {
    unsafe snd_pcm_readi(handle, target, snd_pcm_uframes_t(frames))
  }

  func prepare() -> Int32 { unsafe snd_pcm_prepare(handle) }

  func start() -> Int32 { unsafe snd_pcm_start(handle) }

  func resume() -> Int32 { unsafe snd_pcm_resume(handle) }

  func now() -> UInt64 { Clocks.monotonic() }

  func pause(milliseconds: Int32) { _ = pk_sound_poll(nil, 0, milliseconds) }

  func close() {
    guard isOpen else { return }
    isOpen = false
    unsafe snd_pcm_close(handle)
  }
}
