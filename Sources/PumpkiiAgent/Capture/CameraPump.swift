package import PumpkiiCapture
package import PumpkiiMedia
internal import PumpkiiPolicy
package import PumpkiiSystem
internal import PumpkiiVault
internal import PumpkiiWire

/// The camera's own thread: lease → frame → encode → gate → seal, one frame after the other. What it does not manage in
/// time, the driver's queue overwrites, and the sequence numbers tell.
package struct CameraPump: Sendable {
  /// What the thread works with.
  package struct Context: Sendable {
    package var gate: Gate
    package var desk: SealingDesk
    package var attendant: Attendant
    package var account: UnitAccount
    package var photos: PhotoDesk
    package var anchor: WallClockAnchor
    package var report: SensorReport
    /// Told that the camera is open, for the indicator.
    package var open: OpenSensors
    /// Looks for motion; nil where nobody does.
    package var detection: DetectionDesk?
    /// The preview on the device; nil where there is none.
    package var preview: PreviewDesk?
    /// What is made of the pictures.
    package var mode: VideoSettings.Mode
    /// Makes what frames of a format go through.
    /// - Throws: ``MediaError`` for a format that cannot be used.
    package var processor: @Sendable (VideoFormat) throws(MediaError) -> VideoProcessor
  }

  private static let track = Track(.video)
  /// Uses that take coded pictures.
  private static let coded: Uses = [.live, .record, .preview]
  private let camera: any Camera
  let context: Context

  package init(camera: any Camera, context: Context) {
    self.camera = camera
    self.context = context
  }

  /// Runs until the switch is off, the device fails, or policy takes the lease away. Blocks.
  /// - Returns: the device's error, nil when it was told to stop.
  package func run() -> CaptureError? {
    do throws(SensorLease<any CameraSession>.Refusal) {
      let lease = try SensorLease(
        gate: context.gate, sensor: .sensorCamera, open: context.open, base: { $0 },
        opening: { () throws(CaptureError) in
          try camera.open { context.report.happened(camera.identity, $0) }
        })
      return hold(lease)
    } catch {
      return error.failure
    }
  }

  private func hold(_ lease: consuming SensorLease<any CameraSession>) -> CaptureError? {
    var state = lease.withSession { session in
      context.attendant.camera.attach(session)
      context.report.opened(camera.identity, format: session.format)
      return CameraPumpState(format: session.format)
    }
    let failure = lease.withSession { pump($0, &state) }
    context.attendant.camera.attach(nil)
    let (made, counters) = lease.end()
    context.report.closed(camera.identity, made: made, counters: counters)
    state.drain(made: made) { context.account.dropped($0, .shutdown) }
    context.detection?.close(.motion)
    try? context.desk.pause(.video)
    return failure
  }

  private func pump(_ session: any CameraSession, _ state: inout CameraPumpState) -> CaptureError? {
    var work: Work?
    while context.attendant.camera.isOn, context.gate.denial(.keepSensor, .sensorCamera) == nil {
      do throws(CaptureError) {
        guard let frame = try session.next(timeout: .seconds(1)) else { continue }
        let sequence = state.arrive(frame.sequence) { context.account.dropped($0, .driver) }
        try handle(frame, sequence, session, &work)
      } catch {
        return error
      }
    }
    return nil
  }

  /// What frames of one format go through.
  struct Work {
    let format: VideoFormat
    let processor: VideoProcessor
  }

  private func handle(
    _ frame: CapturedFrame, _ sequence: UInt64, _ session: any CameraSession, _ work: inout Work?
  ) throws(CaptureError) {
    do throws(MediaError) {
      let processor = try processor(for: session.format, &work)
      let time = context.anchor.unixMicroseconds(frame.timestamp)
      defer {
        look(at: frame, processor)
        // Last, for a switch of size takes a lent frame back.
        if context.attendant.live.contains(.photo), context.photos.takeDue(now: Clocks.monotonic()) {
          photograph(frame, processor, session)
        }
      }
      let wanted = codedUses
      let (uses, denial) = context.gate.allowed(.video, among: wanted)
      guard !uses.isEmpty else {
        // Whoever comes next begins with an init and a random access point.
        try? context.desk.pause(.video)
        // The recorder would take all there is; what nobody watches is no denial for that.
        guard let denial, wanted.contains(.live) else { return context.account.dropped(sequence, .unwatched) }
        return deny(sequence, denial)
      }
      let sealed = uses.subtracting(.preview)
      let forced =
        (!sealed.isEmpty && context.desk.needsRandomAccess(Self.track, for: sealed))
        || (uses.contains(.preview) && context.preview?.needsRandomAccess == true)
      switch try processor.process(frame, at: time * 1000, randomAccess: forced) {
      case .dropped(let reason): context.account.dropped(sequence, Self.drop(reason))
      case .chunk(let chunk): seal(chunk, for: uses, sequence, captureTime: time, processor.initialization)
      }
    } catch {
      context.account.dropped(sequence, .decode)
      throw CaptureError(.unsupported, error.reason, advice: error.advice)
    }
  }

  private func deny(_ sequence: UInt64, _ decision: Decision) {
    context.account.denied(sequence, flag: decision.flag.rawValue)
    context.report.denied(decision)
  }

  /// What coded pictures are wanted for now.
  private var codedUses: Uses {
    var uses = context.attendant.pictureUses.intersection(Self.coded)
    // Pictures for the preview are taken from the frame; only its film needs the coded stream.
    if context.preview?.wants.value.wantsFilm != true { uses.remove(.preview) }
    return uses
  }

  /// An HDMI source may change its format while it runs; then everything begins anew.
  private func processor(for format: VideoFormat, _ work: inout Work?) throws(MediaError) -> VideoProcessor {
    if let work, work.format == format { return work.processor }
    if work != nil { try? context.desk.pause(.video) }
    let made = try context.processor(format)
    context.preview?.opened(width: made.outputSize.width, height: made.outputSize.height, mode: context.mode)
    work = Work(format: format, processor: made)
    return made
  }

  private static func drop(_ reason: DropReason) -> UnitAccount.Drop {
    switch reason {
    case .decode: .decode
    case .encoder: .encoder
    case .joined: .joined
    }
  }

  private func seal(
    _ chunk: EncodedChunk, for uses: Uses, _ sequence: UInt64, captureTime: UInt64, _ initialization: [UInt8]?
  ) {
    let unit = MediaUnit(
      track: Self.track, kind: .chunk, payload: chunk.bytes, captureTime: captureTime, duration: chunk.duration,
      isRandomAccess: chunk.randomAccess, initialization: initialization)
    switch context.gate.clear(.video, for: uses) {
    case .denied(let decision): deny(sequence, decision)
    case .cleared(let clearance):
      if clearance.uses.contains(.preview), let initialization {
        context.preview?.offer(chunk: chunk, initialization: initialization)
      }
      guard clearance.uses != .preview else { return context.account.dropped(sequence, .unwatched) }
      let cleared = clearance.uses
      do throws(VaultError) {
        if let position = try context.desk.seal(clearance, unit) {
          context.account.sealed(sequence, at: position, captureTime: captureTime, for: cleared)
          context.report.sealedFirst()
        } else {
          context.account.dropped(sequence, .unwatched)
        }
      } catch {
        context.account.dropped(sequence, .shutdown)
        context.report.sealingFailed(error.code.rawValue)
      }
    }
  }
}
