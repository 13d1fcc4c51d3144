internal import CPumpkiiV4L2
internal import Glibc
internal import PumpkiiCapture

extension V4L2Session {
  /// Opens the camera for the first time. One that does not answer has its port reset before it is given up.
  func begin() throws(CaptureError) {
    do throws(StartFailure) {
      try connect()
    } catch {
      let words = error.words(path: device?.path ?? parts.identity.name, directory: parts.directory)
      teardown()
      guard error.isSilence, device?.usb != nil else {
        closeWaker()
        throw words
      }
      stumble(words.reason, lowest: .reset)
      try climbToTheEnd(words)
    }
  }

  /// Nobody has the session yet, so nobody can interrupt it: the pauses are waited for.
  private func climbToTheEnd(_ failure: CaptureError) throws(CaptureError) {
    while true {
      switch phase {
      case .streaming: return
      case .dead, .noSignal:
        teardown()
        closeWaker()
        throw failure
      default:
        do throws(CaptureError) {
          _ = try attend(until: .max)
        } catch {
          closeWaker()
          // What the camera did tells more than that our reset did not bring it back.
          throw error.code == .frozen || error.code == .gone ? failure : error
        }
      }
    }
  }

  /// Finds the camera wherever it is now, opens, negotiates, starts.
  func connect() throws(StartFailure) {
    let device = try find()
    self.device = device
    let handle: V4L2Handle
    do throws(CaptureError) {
      handle = try V4L2Handle(path: device.path, kernel: kernel)
    } catch {
      throw .said(
        error.code == .busy
          ? StartFailure.call(CallError("open", errno: EBUSY)).words(
            path: device.path, directory: parts.directory) : error)
    }
    self.handle = handle
    entries[0].descriptor = handle.descriptor
    try check(handle, device)
    handle.subscribe(UInt32(V4L2_EVENT_SOURCE_CHANGE))
    if handle.hasControl(UInt32(V4L2_CID_PRIVACY)) {
      _ = handle.freshControlValue(UInt32(V4L2_CID_PRIVACY))
      handle.subscribe(UInt32(V4L2_EVENT_CTRL), id: UInt32(V4L2_CID_PRIVACY), initial: true)
    }
    try call { () throws(CallError) in
      if !type.isMultiplanar { try handle.takeInput() }
    }
    if case .absent(let errno) = try call({ () throws(CallError) in try handle.takeTimings() }) {
      throw .call(CallError("QUERY_DV_TIMINGS", errno: errno))
    }
    offers = handle.formats(type)
    choices = FormatChoice.ranking(offers, wish: parts.wish)
    guard let best = choices.first else { throw .said(nothingUsable()) }
    try startStream()
    // The shutter's state waits since the subscription.
    if hearEvents() { heardAt = kernel.now() }
    note(
      format.pixels == best.offer.pixels && format.width == best.offer.width && format.height == best.offer.height
        ? best.reason : "\(best.reason); the camera answered \(format.pixels.rawValue) \(format.width)×\(format.height)"
    )
    if parts.wish.lendsBuffers, stream?.lenders.isEmpty == true, !format.pixels.isCompressed {
      note("the driver exports no buffers: frames are copied")
    }
  }

  private func find() throws(StartFailure) -> V4L2Device {
    guard let device = parts.directory.find(parts.identity.id) else {
      throw .said(CaptureError(.gone, "\(parts.identity.name) is not there", advice: "Plug the camera in again."))
    }
    if let known = parts.identity.capabilities, let found = device.identity.capabilities, known != found {
      throw .said(
        CaptureError(
          .stranger, "another camera sits where \(parts.identity.name) was", advice: "Allow it, or plug the old one in."
        ))
    }
    ladder = device.usb != nil && self.device == nil ? RecoveryLadder(isUSB: true) : ladder
    return device
  }

  /// `device_caps` decides, whatever the directory thought.
  private func check(_ handle: V4L2Handle, _ device: V4L2Device) throws(StartFailure) {
    let node = try call { () throws(CallError) in try handle.capabilities() }
    if case .rawSensor(let advice) = device.kind {
      throw .said(CaptureError(.notCapture, "\(device.path) is a bare sensor", advice: advice))
    }
    let what: String
    switch node.role {
    case .capture:
      type = node.isMultiplanar ? .captureMultiplanar : .capture
      return
    case .metadata: what = "gives metadata"
    case .output: what = "shows pictures"
    case .memoryToMemory: what = "is an encoder or converter"
    case .other: what = "streams no pictures"
    }
    throw .said(
      CaptureError(
        .notCapture, "\(device.path) \(what), it is no camera", advice: "Choose one that `pumpkii devices` lists."))
  }

  private func nothingUsable() -> CaptureError {
    let names = Set(offers.map(\.name)).sorted().joined(separator: ", ")
    return CaptureError(
      .unsupported, "\(parts.identity.name) offers nothing that can be used (\(names.isEmpty ? "no format" : names))",
      advice: "Leave size and format open, or look at `pumpkii devices`.")
  }

  /// S_FMT to STREAMON, then the controls, which some cameras take only while they stream.
  func startStream() throws(StartFailure) {
    guard let handle else { throw .call(CallError("STREAMON", errno: ENODEV)) }
    let stream = try call { () throws(CallError) in
      try CameraStream(
        handle, type: type, choices: choices, onlyPixels: parts.wish.pixels, lends: parts.wish.lendsBuffers)
    }
    began(stream)
    for outcome in ControlBook(handle).apply(parts.wish.controls) where outcome.problem != nil {
      note(outcome.description)
    }
    // What the controls took is not the camera's silence.
    heardAt = kernel.now()
    phase = .streaming
  }

  func call<Result>(_ body: () throws(CallError) -> Result) throws(StartFailure) -> Result {
    do throws(CallError) { return try body() } catch { throw .call(error) }
  }
}
