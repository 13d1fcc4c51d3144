internal import PumpkiiCapture

extension WebcamModel {
  /// UVC counts formats and sizes in bytes; cameras have far fewer.
  private static let mostModes = 255

  /// The USB device that a profile describes.
  /// - Throws: ``SimulationError`` for what USB video cannot carry.
  init(_ profile: DeviceProfile, plan: CameraPlan?, sound: SoundPlan?) throws(SimulationError) {
    let usb = profile.camera?.usb ?? USBProfile(productName: profile.microphone?.name ?? profile.name)
    self.init(
      vendor: usb.vendor, product: usb.product, manufacturer: usb.manufacturer, name: usb.productName,
      serial: usb.serial, transfer: usb.transfer == .bulk ? .bulk : .isochronous, formats: [])
    if let camera = profile.camera, let plan { try describe(camera, plan) }
    if let microphone = profile.microphone, let sound {
      let isFile = if case .file = microphone.source { true } else { false }
      self.microphone = Microphone(
        rates: isFile ? [sound.format.sampleRate] : microphone.rates, channels: sound.format.channels)
    }
  }

  private mutating func describe(_ camera: CameraProfile, _ plan: CameraPlan) throws(SimulationError) {
    for mode in plan.modes.prefix(Self.mostModes) {
      guard mode.format.coding != nil else {
        throw SimulationError(
          .profileInvalid, "USB video has no name for the format \(mode.format.rawValue)",
          advice: "Give the camera mjpeg, h264, yuyv, nv12, yuv420 or grey.")
      }
      let index = formats.firstIndex { $0.pixels == mode.format } ?? formats.count
      if index == formats.count { formats.append(StreamFormat(pixels: mode.format, frames: [])) }
      formats[index].frames.append(StreamFrame(width: mode.width, height: mode.height, rates: mode.rates))
    }
    for still in camera.stillModes {
      guard let index = formats.firstIndex(where: { $0.pixels == still.format }) else { continue }
      formats[index].stills.append(StillSize(width: still.width, height: still.height))
    }
    hasStillTrigger = camera.hasStillTrigger && formats.contains { !$0.stills.isEmpty }
    hasShutter = camera.hasShutter
    // What USB video does not know is a maker's own control, or that of another kind of camera.
    controls = camera.controls.compactMap { control in
      guard ControlTable.place(control.name) != nil else { return nil }
      return WebcamControl(
        name: control.name, minimum: control.minimum, maximum: control.maximum, step: control.step,
        standard: control.standard)
    }
  }
}
