internal import PumpkiiCapture

extension V4L2Device {
  /// What the device says it can do, as one text that is the same whatever order the driver lists it in: card, driver,
  /// and a line for each format. Permissions bind to its hash.
  /// - Parameter offers: all formats, as the open node lists them.
  public func capabilities(_ offers: [FormatOffer]) -> String {
    let formats = offers.map { offer in
      let rates = offer.rates.sorted { ($0.value, $0.denominator) < ($1.value, $1.denominator) }
        .map { "\($0.numerator)/\($0.denominator)" }
      return "format \(offer.name) \(offer.width)x\(offer.height) \(rates.joined(separator: ","))"
    }
    return (["card \(card)", "driver \(driver)"] + Set(formats).sorted()).joined(separator: "\n") + "\n"
  }

  /// The same device with ``SensorIdentity/capabilities`` filled in.
  public func withCapabilities(_ offers: [FormatOffer]) -> V4L2Device {
    var device = self
    device.identity.capabilities = capabilities(offers)
    return device
  }
}
