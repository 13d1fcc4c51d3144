/// All descriptors of a webcam, as bytes.
package struct WebcamDescriptors: Sendable {
  /// The device descriptor.
  package let device: [UInt8]
  /// What a high-speed device would be at another speed; some tools ask.
  package let qualifier: [UInt8]
  /// The configuration with everything in it.
  package let configuration: [UInt8]
  private let strings: [String]

  /// Descriptors of a device.
  package init(_ model: WebcamModel) {
    let layout = WebcamLayout(model)
    strings = [model.manufacturer, model.name] + (model.serial.map { [$0] } ?? [])
    var device: [UInt8] = [18, Kind.device]
    device.putLittle(UInt16(0x0200))
    // Class of devices whose functions are grouped by association descriptors.
    device += [0xEF, 2, 1, 64]
    device.putLittle(model.vendor)
    device.putLittle(model.product)
    device.putLittle(UInt16(0x0100))
    device += [1, 2, model.serial == nil ? 0 : 3, 1]
    self.device = device
    qualifier = [10, Kind.qualifier, 0x00, 0x02, 0xEF, 2, 1, 64, 1, 0]
    let functions =
      (model.formats.isEmpty ? [] : VideoDescriptors(model, layout).bytes)
      + (model.microphone.map { AudioDescriptors($0, layout).bytes } ?? [])
    var configuration: [UInt8] = [9, Kind.configuration]
    configuration.putLittle(UInt16(9 + functions.count))
    // Powered by the bus, 500 mA.
    configuration += [layout.interfaces, 1, 0, 0x80, 250]
    self.configuration = configuration + functions
  }

  /// A string descriptor; 0 lists the languages.
  package func string(_ index: Int) -> [UInt8]? {
    if index == 0 { return [4, Kind.string, 0x09, 0x04] }
    guard strings.indices.contains(index - 1) else { return nil }
    // A length byte of 255 holds 126 units.
    let units = Array(strings[index - 1].utf16.prefix(126))
    var bytes: [UInt8] = [UInt8(2 + 2 * units.count), Kind.string]
    for unit in units { bytes.putLittle(unit) }
    return bytes
  }

  /// bDescriptorType.
  enum Kind {
    static let device: UInt8 = 1
    static let configuration: UInt8 = 2
    static let string: UInt8 = 3
    static let interface: UInt8 = 4
    static let endpoint: UInt8 = 5
    static let qualifier: UInt8 = 6
    static let association: UInt8 = 11
    static let classInterface: UInt8 = 0x24
    static let classEndpoint: UInt8 = 0x25
  }
}
