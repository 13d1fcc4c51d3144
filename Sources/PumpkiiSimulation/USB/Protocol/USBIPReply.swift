/// What the device answers, as bytes of the USB/IP stream.
package enum USBIPReply {
  /// USBIP_RET_SUBMIT of a bulk, interrupt or control transfer.
  /// - Parameters:
  ///   - status: 0 or −errno.
  ///   - data: to the host.
  ///   - sent: bytes taken from the host, for a transfer in that direction.
  package static func submitted(
    _ transfer: USBTransfer, status: Int32 = 0, data: ArraySlice<UInt8> = [], sent: Int = 0
  ) -> [UInt8] {
    header(
      transfer, status: status, actual: transfer.isIn ? data.count : sent, packets: 0, errors: 0, data: data, more: 0)
  }

  /// USBIP_RET_SUBMIT of an isochronous transfer: the packets' data without gaps, then their descriptors.
  package static func isochronous(
    _ transfer: USBTransfer, packets: [IsochronousPacket], data: ArraySlice<UInt8>
  ) -> [UInt8] {
    var bytes = header(
      transfer, status: 0, actual: data.count, packets: packets.count, errors: packets.count { $0.status != 0 },
      data: data, more: 16 * packets.count)
    for packet in packets {
      bytes.putBig(packet.offset)
      bytes.putBig(packet.length)
      bytes.putBig(packet.actual)
      bytes.putBig(packet.status)
    }
    return bytes
  }

  /// USBIP_RET_UNLINK.
  /// - Parameter found: whether the transfer was still waiting; the host is told −ECONNRESET then.
  package static func unlinked(sequence: UInt32, found: Bool) -> [UInt8] {
    var bytes: [UInt8] = []
    for word in [USBIPCommand.unlinked.rawValue, sequence, 0, 0, 0] as [UInt32] { bytes.putBig(word) }
    bytes.putBig(found ? connectionReset : 0)
    return bytes + [UInt8](repeating: 0, count: USBIPReader.headerLength - bytes.count)
  }

  /// −EPIPE: the endpoint stalls.
  package static let stall: Int32 = -32
  private static let connectionReset: Int32 = -104

  private static func header(
    _ transfer: USBTransfer, status: Int32, actual: Int, packets: Int, errors: Int, data: ArraySlice<UInt8>, more: Int
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(USBIPReader.headerLength + data.count + more)
    for word in [USBIPCommand.submitted.rawValue, transfer.sequence, 0, 0, 0] as [UInt32] { bytes.putBig(word) }
    bytes.putBig(status)
    for word in [UInt32(actual), transfer.startFrame, UInt32(packets), UInt32(errors), 0, 0] { bytes.putBig(word) }
    bytes += data
    return bytes
  }
}
