package import Logging
package import PumpkiiSystem
package import PumpkiiVault
package import PumpkiiWire
internal import ServiceLifecycle
internal import Synchronization

/// Records on the device what the sealing desk sealed: the last seconds in memory, and clips on the disk. It sees
/// sealed objects alone; it holds no key. What it is called with under the desk's lock never waits: a thread of its
/// own writes.
package final class Recorder: RecordingOutlet, Service {
  struct State {
    var isAllowed = false
    var book = SegmentBook()
    var ring: PreRollRing
    var machine: ClipMachine
    /// Of the present epoch, and of those that the ring holds objects of.
    var messages: [UInt32: KeyMessage] = [:]
    /// Epochs that the open clip has the key messages of.
    var clipEpochs: Set<UInt32> = []
    /// Bytes of objects handed to the open clip.
    var clipBytes = 0
    var note: ClipNote?
    /// Since when the relay may have clips, by the recorder's clock; nil while it may not.
    var uploadSince: UInt64?
  }

  /// Key messages kept for the ring; the oldest groups go when epochs change faster than that.
  static let messageLimit = 32
  private static let tickSeconds = 1.0

  let state: Mutex<State>
  package let settings: RecordSettings
  package let spool: Spool
  package let queue: SpoolQueue
  /// What it does now.
  package let report = Published(RecorderState())
  private let logger: Logger
  private let isGranted: @Sendable (ClassMask) -> Bool
  let clock: @Sendable () -> UInt64

  /// Opens the spool; what a crash left there is taken care of when it runs.
  /// - Parameters:
  ///   - folder: `HOME/spool`.
  ///   - clock: CLOCK_MONOTONIC in ns; another for tests.
  ///   - isGranted: whether what holds these classes may be kept: asked of a clip that a crash left open.
  /// - Throws: ``AgentError`` `home`.
  package init(
    folder: String, identity: SigningIdentity, settings: RecordSettings = RecordSettings(), logger: Logger,
    clock: @escaping @Sendable () -> UInt64 = { Clocks.monotonic() },
    isGranted: @escaping @Sendable (ClassMask) -> Bool = { _ in true }
  ) throws(AgentError) {
    self.isGranted = isGranted
    self.settings = settings
    self.logger = logger
    self.clock = clock
    spool = try Spool(folder: folder, identity: identity, settings: settings, report: report, logger: logger)
    queue = SpoolQueue(bytes: settings.queueBytes, items: settings.queueItems)
    let ring = PreRollRing(
      limits: PreRollRing.Limits(span: UInt64(settings.preRollSeconds * 1e9), bytes: settings.ringBytes))
    let limits = ClipMachine.Limits(
      postRoll: UInt64(settings.postRollSeconds * 1e9), length: UInt64(settings.maxClipSeconds * 1e9))
    state = Mutex(State(ring: ring, machine: ClipMachine(mode: settings.mode, limits: limits)))
  }

  /// The number that key heads and beacons carry.
  package var highestClip: UInt64 { report.value.highestClip }

  /// Runs the writing thread until graceful shutdown; the open clip is then ended and everything written.
  /// - Throws: nothing; the signature is the protocol's.
  package func run() async throws {
    let (spool, queue, logger, isGranted) = (spool, queue, logger, isGranted)
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        await DeviceThread.run(named: "recorder") {
          do throws(AgentError) { try spool.heal(isGranted: isGranted) } catch { logger.error("the spool: \(error)") }
          var writer = SpoolWriter(spool: spool, queue: queue, logger: logger)
          writer.run()
        }
      }
      await cancelWhenGracefulShutdown { [self] in
        while !Task.isCancelled {
          try? await Task.sleep(for: .seconds(Self.tickSeconds))
          tick()
        }
      }
      close()
    }
  }

  /// Time passed: ends a clip to which nothing came for a while. Called by ``run()``.
  package func tick() {
    let now = clock()
    state.withLock { state in
      if state.machine.tick(now: now) { endClip(&state) }
      publish(state, now)
    }
    queue.offer(.sweep)
  }

  /// Ends the open clip and takes nothing more.
  package func close() {
    state.withLock { state in
      state.isAllowed = false
      if state.machine.withdraw() { endClip(&state) }
      forget(&state)
      publish(state, clock())
    }
    queue.finish()
  }

  /// Something happened that is worth a clip, or goes on: tell it as long as it does.
  /// - Parameter length: how long it is a reason to record, in ns; nil is the post-roll.
  /// - Returns: false when recording is not allowed now, or the mode does not record for this.
  @discardableResult
  package func trigger(_ reason: ClipMachine.Reason, for length: UInt64? = nil) -> Bool {
    let now = clock()
    return state.withLock { $0.isAllowed && $0.machine.trigger(reason, for: length, now: now) }
  }

  /// Whether the relay may have what is recorded from now on; the clip that is open when it no longer may stays here.
  package func allowed(upload: Bool) {
    state.withLock { state in
      if upload { return state.uploadSince = state.uploadSince ?? clock() }
      guard state.uploadSince.take() != nil else { return }
      if state.machine.isRecording { queue.offer(.stay) }
    }
  }

  /// The owner's flags changed: what is withdrawn is wiped before this returns.
  package func allowed(record: Bool) {
    guard record else { return wipe() }
    state.withLock { state in
      state.isAllowed = true
      publish(state, clock())
    }
  }

  /// Recording is withdrawn: the pre-roll is overwritten and gone; the open clip ends at its last object or is
  /// removed with what waited for the disk, as the owner set. Returns when memory is clean; ``SpoolQueue/settle()``
  /// tells when the disk is.
  package func wipe() {
    state.withLock { state in
      state.isAllowed = false
      var bytes = forget(&state)
      if state.machine.withdraw() {
        switch settings.onWithdraw {
        case .keep: endClip(&state)
        case .delete:
          let (hadBegun, dropped) = queue.drop()
          bytes += dropped
          if !hadBegun { queue.offer(.discard) }
          state.clipEpochs = []
        }
      }
      report.update { $0.wipedBytes += bytes }
      publish(state, clock())
    }
  }

  /// Lets go what is in memory, which overwrites it, but for the present key message.
  @discardableResult
  private func forget(_ state: inout State) -> Int {
    state.book.wipe()
    state.note = nil
    let newest = state.messages.keys.max()
    state.messages = state.messages.filter { $0.key == newest }
    return state.ring.wipe()
  }

  func endClip(_ state: inout State) {
    state.clipEpochs = []
    queue.offer(.end)
  }

  func publish(_ state: State, _ now: UInt64) {
    let (allowed, recording, ring) = (state.isAllowed, state.machine.isRecording, state.ring)
    let lost = queue.lost
    report.update { report in
      report.isAllowed = allowed
      report.isRecording = recording
      report.ringSeconds = Double(ring.span(now: now)) / 1e9
      report.ringBytes = ring.byteCount
      report.lostGroups = ring.lostGroups
      report.lostInQueue = lost
    }
  }
}
