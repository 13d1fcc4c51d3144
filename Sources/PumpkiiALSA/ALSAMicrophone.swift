public import PumpkiiCapture

/// A microphone behind alsa-lib: a card's, or any PCM that has a name there.
public final class ALSAMicrophone: Microphone {
  private let device: ALSADevice
  private let wish: MicrophoneWish
  private let directory: ALSADirectory
  private let silence: SilenceWatch

  /// A microphone, closed.
  public convenience init(_ device: ALSADevice, wish: MicrophoneWish = MicrophoneWish()) {
    self.init(device, wish: wish, directory: ALSADirectory())
  }

  /// - Parameters:
  ///   - directory: where the device is looked for at each opening.
  ///   - silence: when a source that gives zeros is told of.
  package init(
    _ device: ALSADevice, wish: MicrophoneWish = MicrophoneWish(), directory: ALSADirectory,
    silence: SilenceWatch = SilenceWatch()
  ) {
    self.device = device
    self.wish = wish
    self.directory = directory
    self.silence = silence
  }

  /// What the microphone is.
  public var identity: SensorIdentity { device.identity }

  /// Finds the device where it is now, opens and starts it.
  /// - Throws: ``CaptureError`` `busy`, `noPermission`, `gone`, `unsupported` or `failed`.
  public func open(observer: @escaping SensorObserver) throws(CaptureError) -> any MicrophoneSession {
    let (engine, waker, counters) = try start(observer)
    return ALSASession(engine, waker: waker, counters: counters)
  }

  /// The same for sound that is only measured: no sample leaves the session.
  /// - Throws: as ``open(observer:)``.
  public func openLevels(
    observer: @escaping SensorObserver
  ) throws(CaptureError) -> (any LevelSession)? {
    let (engine, waker, counters) = try start(observer)
    return ALSALevelSession(engine, waker: waker, counters: counters)
  }

  private func start(_ observer: @escaping SensorObserver) throws(CaptureError) -> (PCMEngine, Waker, CounterBox) {
    let pcm = try currentPCM()
    let handle = try PCMHandle(pcm, wish: wish, directory: directory)
    let waker = Waker()
    let counters = CounterBox()
    let engine = try PCMEngine(
      handle, pcm: pcm, waker: waker.descriptor, counters: counters, silence: silence, observer: observer)
    for note in MicrophoneNotes.about(handle.shape, wish) { observer(.note(note)) }
    return (engine, waker, counters)
  }

  /// A card's id moves like its number: the second of two equal webcams is the first one once the first is unplugged.
  private func currentPCM() throws(CaptureError) -> String {
    guard device.isListed else { return device.pcm }
    guard let found = directory.nodes().first(where: { $0.id == device.identity.id }) else {
      throw PCMFailure.absent(device.pcm)
    }
    return found.pcm
  }
}
