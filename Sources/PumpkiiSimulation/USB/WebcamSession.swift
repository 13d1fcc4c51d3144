internal import PumpkiiCapture
internal import PumpkiiSystem

/// A webcam between plugging in and pulling out: answers the host, and lets time pass for its sensors.
///
/// Confined to the webcam's thread.
final class WebcamSession {
  /// How a session ended.
  enum End: Equatable {
    /// The host let the device go, or its socket broke.
    case hostLeft
    /// Somebody here asked for it.
    case asked
    /// The script pulls the cable.
    case unplugged(backAfter: UInt64?)
  }

  /// A device asleep looks at its orders at least so often.
  private static let longestSleep: UInt64 = 1_000_000_000
  private let sensors: WebcamSensors
  private let connection: WebcamConnection
  private let inbox: WebcamInbox
  private var control: ControlEndpoint
  private var status = StatusEndpoint()
  private var end: End?
  /// A control stall: how long an opening takes to fail, and since when one is failing.
  private var stalled: (length: UInt64, since: UInt64?)?

  init(_ sensors: WebcamSensors, _ connection: WebcamConnection, inbox: WebcamInbox) {
    self.sensors = sensors
    self.connection = connection
    self.inbox = inbox
    control = ControlEndpoint(sensors.model)
    control.setShutter(closed: sensors.isShuttered)
  }

  /// Serves until the device is no longer plugged in; blocks.
  func run() -> End {
    while end == nil {
      for order in inbox.take() { obey(order) }
      connection.exchange()
      handleRequests()
      serve()
      connection.flush()
      if connection.isClosed { end = end ?? .hostLeft }
      guard end == nil else { break }
      // Painting takes time: what is due goes first, and the host is looked at again afterwards.
      if !sensors.prepare(at: Clocks.monotonic()) { connection.wait(until: deadline, waker: inbox.waker.descriptor) }
    }
    sensors.stop()
    connection.close()
    return end ?? .hostLeft
  }

  private var deadline: UInt64? {
    let due = connection.hasRoom ? sensors.nextDue : nil
    return min(due ?? .max, Clocks.monotonic() + Self.longestSleep)
  }

  private func handleRequests() {
    do throws(USBIPReader.Malformed) {
      while end == nil, connection.hasRoom, let request = try connection.next() { handle(request) }
    } catch {
      sensors.log.add(.failed("the host's message makes no sense: \(error.reason)"))
      connection.close()
    }
  }

  private func handle(_ request: USBIPRequest) {
    switch request {
    case .submit(let transfer): submit(transfer)
    case .unlink(let sequence, let target):
      let found = sensors.remove(target) || status.remove(target)
      connection.send(USBIPReply.unlinked(sequence: sequence, found: found))
    }
  }

  private func submit(_ transfer: USBTransfer) {
    let taken: Bool
    switch (transfer.endpoint, transfer.isIn) {
    case (0, _):
      answerControl(transfer)
      return
    case (WebcamLayout.videoEndpoint, true): taken = sensors.video?.transfers.add(transfer) ?? false
    case (WebcamLayout.audioEndpoint, true): taken = sensors.sound?.add(transfer, at: Clocks.monotonic()) ?? false
    case (WebcamLayout.statusEndpoint, true): taken = status.add(transfer)
    default: taken = false
    }
    if !taken { connection.send(USBIPReply.submitted(transfer, status: USBIPReply.stall)) }
  }

  private func answerControl(_ transfer: USBTransfer) {
    let setup = SetupPacket(transfer.setup)
    if control.isOfCamera(setup), staysSilent() { return }
    let (answer, effects) = control.answer(setup, transfer.data)
    switch answer {
    case .data(let bytes): connection.send(USBIPReply.submitted(transfer, data: bytes.prefix(transfer.length)))
    case .done: connection.send(USBIPReply.submitted(transfer, sent: transfer.data.count))
    case .stall: connection.send(USBIPReply.submitted(transfer, status: USBIPReply.stall))
    }
    for effect in effects { apply(effect) }
  }

  /// True while a control stall leaves requests unanswered: from its first one on, for the length it has.
  private func staysSilent() -> Bool {
    guard let stall = stalled else { return false }
    let now = Clocks.monotonic()
    let since = stall.since ?? now
    stalled?.since = since
    if now - since < stall.length { return true }
    stalled = nil
    return false
  }

  private func apply(_ effect: ControlEffect) {
    let now = Clocks.monotonic()
    switch effect {
    case .configured:
      stalled = nil
      sensors.thaw()
      sensors.log.add(.configured)
    case .videoStarted(let choice): sensors.video?.start(choice, at: now)
    case .videoStopped: sensors.video?.stop()
    case .soundStarted(let rate): sensors.sound?.start(rate: rate)
    case .soundStopped: sensors.sound?.stop()
    case .still(let size): sensors.video?.take(size)
    case .shutterRead: sensors.log.add(.shutterRead)
    case .controlSet(let name, let value): sensors.log.add(.control(name, value: value))
    }
  }

  private func serve() {
    let now = Clocks.monotonic()
    if let outcome = sensors.video?.serve(at: now) {
      if let closed = outcome.shutterClosed { moveShutter(closed: closed) }
      if let stall = outcome.controlStall, stalled == nil { stalled = (stall.length, nil) }
      if let stop = outcome.stop, stop.kind == .unplug { end = .unplugged(backAfter: stop.backAfter) }
    }
    while connection.hasRoom, let bytes = sensors.video?.transfers.answer(at: now) { connection.send(bytes) }
    sensors.sound?.level = control.soundGain
    while end == nil, connection.hasRoom, let (bytes, stop) = sensors.sound?.answer(at: now) {
      if let stop { end = .unplugged(backAfter: stop.backAfter) }
      guard let bytes else { break }
      connection.send(bytes)
    }
    for answer in status.answers() { connection.send(answer) }
  }

  private func obey(_ order: WebcamInbox.Order) {
    switch order {
    case .detach: end = .asked
    case .shutter(let isClosed): moveShutter(closed: isClosed)
    case .perform(let fault) where fault.kind == .unplug:
      sensors.log.add(.fault(.unplug, unit: sensors.video?.unit ?? 0))
      end = end ?? .unplugged(backAfter: fault.backAfter)
    case .perform(let fault) where fault.kind == .controlStall:
      sensors.log.add(.fault(.controlStall, unit: sensors.video?.unit ?? 0))
      stalled = (fault.length, nil)
    case .perform(let fault): sensors.perform(fault)
    }
  }

  private func moveShutter(closed: Bool) {
    sensors.log.add(.shutter(isClosed: closed))
    sensors.isShuttered = closed
    control.setShutter(closed: closed)
    status.shutterMoved(closed: closed)
  }
}
