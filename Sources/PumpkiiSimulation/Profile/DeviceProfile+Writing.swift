internal import PumpkiiCapture

extension DeviceProfile {
  /// The profile as the text of a file of `devices/`, with a comment where a reader may wonder. Reading it gives the
  /// same profile.
  public var yaml: String {
    var text = ProfileText()
    text.line("# yaml-language-server: $schema=schema.json")
    text.pair("name", name)
    if !description.isEmpty { text.quoted("description", description) }
    if seed != 1 { text.pair("seed", "\(seed)") }
    writeQuirks(&text)
    camera?.write(&text)
    microphone?.write(&text)
    return text.text
  }

  private func writeQuirks(_ text: inout ProfileText) {
    if let match {
      var items = [("vendor", USBNumber.text(match.vendor))]
      if let product = match.product { items.append(("product", USBNumber.text(product))) }
      if let name = match.name { items.append(("name", ProfileText.quote(name))) }
      text.line("# Which real cameras the quirks are of.")
      text.items("match", items)
    }
    guard let quirks else { return }
    text.line("# What is better asked for than found out; the agent's configuration wins.")
    text.map("quirks") { text in
      if let pixels = quirks.pixels { text.pair("format", pixels.rawValue) }
      if let size = quirks.size {
        text.pair("width", "\(size.width)")
        text.pair("height", "\(size.height)")
      }
      if let rate = quirks.rate { text.pair("fps", ProfileText.number(rate)) }
      if let time = quirks.frozenAfter { text.milliseconds("frozen_after_ms", time) }
      let controls = quirks.controls.sorted { $0.key < $1.key }
      if !controls.isEmpty { text.items("controls", controls.map { ($0.key, "\($0.value)") }) }
    }
  }
}

extension CameraProfile {
  fileprivate func write(_ text: inout ProfileText) {
    let usual = CameraProfile()
    text.map("camera") { text in
      text.quoted("name", name)
      text.items("source", sourceItems(usual))
      if case .file = source {
        if let fps { text.pair("fps", ProfileText.number(fps)) }
      } else {
        writeModes(&text)
      }
      if buffers != usual.buffers { text.pair("buffers", "\(buffers)") }
      if start != usual.start { text.milliseconds("start_ms", start) }
      if frozenAfter != usual.frozenAfter { text.milliseconds("frozen_after_ms", frozenAfter) }
      text.clock(clock)
      writeBus(&text)
      text.faults(faults, unit: "frame")
    }
  }

  private func sourceItems(_ usual: CameraProfile) -> [(String, String)] {
    var items: [(String, String)]
    switch source {
    case .pattern: items = [("kind", "pattern")]
    case .pan(let image, let burnIn):
      items = [("kind", "pan"), ("image", ProfileText.quote(image)), ("burn_in", "\(burnIn)")]
    case .file(let file): return [("kind", "file"), ("file", ProfileText.quote(file))]
    }
    if quality != usual.quality { items.append(("quality", "\(quality)")) }
    if bitrate != usual.bitrate { items.append(("bitrate", "\(bitrate)")) }
    if groupFrames != usual.groupFrames { items.append(("group_frames", "\(groupFrames)")) }
    return items
  }

  private func writeModes(_ text: inout ProfileText) {
    if modes.count > 1 { text.line("# The first mode, at its highest rate, is the one the in-process fake streams.") }
    text.list("modes", modes.map { $0.items(rates: true) })
  }

  private func writeBus(_ text: inout ProfileText) {
    if hasShutter { text.pair("shutter", "true") }
    if usb != USBProfile(productName: name) {
      text.map("usb") { text in
        text.pair("vendor", USBNumber.text(usb.vendor))
        text.pair("product", USBNumber.text(usb.product))
        if let serial = usb.serial { text.quoted("serial", serial) }
        text.quoted("manufacturer", usb.manufacturer)
        text.quoted("product_name", usb.productName)
        text.pair("transfer", usb.transfer.rawValue)
      }
    }
    text.list(
      "controls",
      controls.map { control in
        let step = control.step == 1 ? [] : [("step", "\(control.step)")]
        return [("name", control.name), ("minimum", "\(control.minimum)"), ("maximum", "\(control.maximum)")] + step
          + [("standard", "\(control.standard)")]
      })
    guard hasStillTrigger || !stillModes.isEmpty else { return }
    text.map("still") { text in
      if hasStillTrigger { text.pair("trigger", "true") }
      text.list("modes", stillModes.map { $0.items(rates: false) })
    }
  }
}

extension CameraMode {
  fileprivate func items(rates: Bool) -> [(String, String)] {
    let picture = [("format", format.rawValue), ("width", "\(width)"), ("height", "\(height)")]
    return rates ? picture + [("fps", self.rates.map(ProfileText.number).joined(separator: " "))] : picture
  }
}

extension MicrophoneProfile {
  fileprivate func write(_ text: inout ProfileText) {
    let usual = MicrophoneProfile()
    text.map("microphone") { text in
      text.quoted("name", name)
      switch source {
      case .tone: text.items("source", [("kind", "tone")])
      case .speech: text.items("source", [("kind", "speech")])
      case .silence: text.items("source", [("kind", "silence")])
      case .file(let file): text.items("source", [("kind", "file"), ("file", ProfileText.quote(file))])
      }
      if rate != usual.rate { text.pair("rate", "\(rate)") }
      if rates.count > 1 { text.pair("rates", rates.map { "\($0)" }.joined(separator: " ")) }
      if channels != usual.channels { text.pair("channels", "\(channels)") }
      if period != usual.period { text.milliseconds("period_ms", period) }
      if buffer != usual.buffer { text.milliseconds("buffer_ms", buffer) }
      text.clock(clock)
      text.faults(faults, unit: "period")
    }
  }
}
