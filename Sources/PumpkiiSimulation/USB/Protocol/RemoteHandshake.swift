/// What a host on the network says before it takes the device: USB/IP's list and import requests.
package enum RemoteHandshake {
  /// What the host wants.
  package enum Request: Sendable, Equatable {
    /// OP_REQ_DEVLIST.
    case list
    /// OP_REQ_IMPORT of a device by its name on the bus.
    case take(String)
  }

  /// Length of a request's head; an import is followed by ``nameLength`` bytes.
  package static let headLength = 8
  /// Of a name on the bus, zeros at its end.
  package static let nameLength = 32
  /// The one device there is.
  package static let name = "1-1"
  private static let version: UInt16 = 0x0111
  private static let listRequest: UInt16 = 0x8005
  private static let importRequest: UInt16 = 0x8003
  private static let listReply: UInt16 = 0x0005
  private static let importReply: UInt16 = 0x0003
  private static let pathLength = 256
  private static let highSpeed: UInt32 = 3

  /// Reads a request; nil while bytes are missing.
  /// - Throws: ``USBIPReader/Malformed`` for anything else.
  package static func read(_ bytes: [UInt8]) throws(USBIPReader.Malformed) -> Request? {
    guard bytes.count >= headLength else { return nil }
    switch UInt16(bytes[2]) << 8 | UInt16(bytes[3]) {
    case listRequest: return .list
    case importRequest:
      guard bytes.count >= headLength + nameLength else { return nil }
      let name = bytes[headLength..<(headLength + nameLength)].prefix { $0 != 0 }
      return .take(String(decoding: name, as: UTF8.self))
    case let other: throw USBIPReader.Malformed(reason: "unknown operation \(other)")
    }
  }

  /// The list, with the one device in it.
  package static func list(_ model: WebcamModel) -> [UInt8] {
    var bytes = head(listReply, isRefused: false)
    bytes.putBig(UInt32(1))
    bytes += device(model)
    let descriptors = WebcamDescriptors(model).configuration
    var at = 0
    while at + 8 < descriptors.count, descriptors[at] > 1 {
      // One line an interface: class, subclass, protocol, padding.
      if descriptors[at + 1] == WebcamDescriptors.Kind.interface, descriptors[at + 3] == 0 {
        bytes += descriptors[(at + 5)...(at + 7)] + [0]
      }
      at += Int(descriptors[at])
    }
    return bytes
  }

  /// The answer to an import; a refusal where the host asked for another device.
  package static func taken(_ name: String, _ model: WebcamModel) -> [UInt8] {
    name == Self.name ? head(importReply, isRefused: false) + device(model) : head(importReply, isRefused: true)
  }

  private static func head(_ code: UInt16, isRefused: Bool) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.putBig(version)
    bytes.putBig(code)
    bytes.putBig(UInt32(isRefused ? 1 : 0))
    return bytes
  }

  private static func device(_ model: WebcamModel) -> [UInt8] {
    var bytes = padded("/sys/devices/pumpkii/\(name)", pathLength) + padded(name, nameLength)
    for word in [1, 2, highSpeed] { bytes.putBig(word) }
    for word in [model.vendor, model.product, 0x0100] { bytes.putBig(word) }
    // Class of the device, one configuration, which nobody chose yet.
    return bytes + [0xEF, 2, 1, 0, 1, WebcamLayout(model).interfaces]
  }

  private static func padded(_ text: String, _ length: Int) -> [UInt8] {
    Array(text.utf8.prefix(length - 1)) + [UInt8](repeating: 0, count: max(length - text.utf8.count, 1))
  }
}
