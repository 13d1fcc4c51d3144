/// The eight bytes that begin a control transfer.
package struct SetupPacket: Sendable, Equatable {
  /// Direction, type, recipient.
  package var requestType: UInt8
  /// Which request.
  package var request: UInt8
  /// wValue.
  package var value: UInt16
  /// wIndex.
  package var index: UInt16
  /// wLength.
  package var length: Int

  /// A packet of its parts.
  package init(requestType: UInt8, request: UInt8, value: UInt16 = 0, index: UInt16 = 0, length: Int = 0) {
    self.requestType = requestType
    self.request = request
    self.value = value
    self.index = index
    self.length = length
  }

  /// Eight bytes as they come; missing ones are zeros.
  package init(_ bytes: [UInt8]) {
    self.init(
      requestType: UInt8(bytes.little(at: 0, 1)), request: UInt8(bytes.little(at: 1, 1)),
      value: UInt16(bytes.little(at: 2, 2)), index: UInt16(bytes.little(at: 4, 2)), length: Int(bytes.little(at: 6, 2)))
  }

  var isIn: Bool { requestType & 0x80 != 0 }
  var kind: Kind { Kind(rawValue: requestType >> 5 & 3) ?? .vendor }
  var recipient: UInt8 { requestType & 31 }
  /// Control selector of a class request, or descriptor type.
  var selector: UInt8 { UInt8(value >> 8) }
  /// Entity of a class request to an interface.
  var entity: UInt8 { UInt8(index >> 8) }
  /// Interface or endpoint.
  var target: UInt8 { UInt8(truncatingIfNeeded: index) }

  enum Kind: UInt8 { case standard, classwise, vendor }
}
