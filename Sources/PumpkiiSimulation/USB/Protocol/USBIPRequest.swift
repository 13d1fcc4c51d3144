/// What the host asks of the device: a transfer, or that an earlier one be taken back.
package enum USBIPRequest: Sendable, Equatable {
  /// USBIP_CMD_SUBMIT.
  case submit(USBTransfer)
  /// USBIP_CMD_UNLINK: `target` is the sequence number of the transfer.
  case unlink(sequence: UInt32, target: UInt32)
}

/// One transfer (URB) that waits for its answer.
package struct USBTransfer: Sendable, Equatable {
  /// Comes back with the answer.
  package var sequence: UInt32
  /// The endpoint's number without its direction.
  package var endpoint: UInt8
  /// True from device to host.
  package var isIn: Bool
  /// Bytes the host has room for, or sends.
  package var length: Int
  /// Of an isochronous transfer.
  package var startFrame: UInt32
  /// Eight bytes of a control transfer; zeros otherwise.
  package var setup: [UInt8]
  /// What the host sends.
  package var data: [UInt8]
  /// Of an isochronous transfer; empty otherwise.
  package var packets: [IsochronousPacket]

  /// A transfer of its parts.
  package init(
    sequence: UInt32, endpoint: UInt8, isIn: Bool, length: Int, startFrame: UInt32 = 0,
    setup: [UInt8] = [UInt8](repeating: 0, count: 8), data: [UInt8] = [], packets: [IsochronousPacket] = []
  ) {
    self.sequence = sequence
    self.endpoint = endpoint
    self.isIn = isIn
    self.length = length
    self.startFrame = startFrame
    self.setup = setup
    self.data = data
    self.packets = packets
  }
}

/// Where one packet of an isochronous transfer lies, and what became of it: 16 bytes on the wire.
package struct IsochronousPacket: Sendable, Equatable {
  /// In the host's buffer.
  package var offset: UInt32
  /// Room in the host's buffer.
  package var length: UInt32
  /// Bytes used.
  package var actual: UInt32
  /// 0 or −errno.
  package var status: Int32

  /// A packet; nothing came yet unless told otherwise.
  package init(offset: UInt32, length: UInt32, actual: UInt32 = 0, status: Int32 = 0) {
    self.offset = offset
    self.length = length
    self.actual = actual
    self.status = status
  }
}
