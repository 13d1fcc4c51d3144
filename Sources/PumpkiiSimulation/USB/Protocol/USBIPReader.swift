/// Cuts the byte stream of a USB/IP connection into requests. Holds one request's bytes at most, beside what was fed.
package struct USBIPReader: Sendable {
  /// Why a connection cannot go on.
  package struct Malformed: Error, Sendable, Equatable {
    /// One phrase for the log.
    package let reason: String
  }

  static let headerLength = 48
  /// Of data sent to the device: it has nothing but controls there.
  static let largestData = 1 << 16
  /// Of a buffer the host has for one transfer.
  static let largestBuffer = 8 << 20
  static let largestPacketCount = 1024
  private var bytes: [UInt8] = []
  private var taken = 0

  /// A reader at the beginning of a request.
  package init() {}

  /// Bytes that were fed and not yet given out.
  package var waiting: Int { bytes.count - taken }

  /// Adds what the socket gave.
  package mutating func feed(_ slice: ArraySlice<UInt8>) {
    if taken > 0 {
      bytes.removeFirst(taken)
      taken = 0
    }
    bytes += slice
  }

  /// The next whole request, nil when more bytes are needed.
  /// - Throws: ``Malformed`` when the stream makes no sense.
  package mutating func next() throws(Malformed) -> USBIPRequest? {
    let head = bytes[taken...]
    guard head.count >= Self.headerLength else { return nil }
    switch head.big32(at: 0) {
    case USBIPCommand.submit.rawValue: return try submit(head)
    case USBIPCommand.unlink.rawValue:
      taken += Self.headerLength
      return .unlink(sequence: head.big32(at: 4), target: head.big32(at: 20))
    case let other: throw Malformed(reason: "unknown command \(other)")
    }
  }

  private mutating func submit(_ head: ArraySlice<UInt8>) throws(Malformed) -> USBIPRequest? {
    let isIn = head.big32(at: 12) != 0
    let endpoint = head.big32(at: 16)
    let length = Int(head.big32(at: 24))
    // Transfers without packets say 0 or −1, by the kernel's age.
    let stated = head.big32(at: 32)
    let count = stated == .max ? 0 : Int(stated)
    guard endpoint < 16 else { throw Malformed(reason: "endpoint \(endpoint)") }
    guard length <= (isIn ? Self.largestBuffer : Self.largestData) else { throw Malformed(reason: "length \(length)") }
    guard count <= Self.largestPacketCount else { throw Malformed(reason: "\(count) packets") }
    let sent = isIn ? 0 : length
    guard head.count >= Self.headerLength + sent + 16 * count else { return nil }
    let start = head.startIndex + Self.headerLength
    let table = start + sent
    let packets = (0..<count).map { index in
      let entry = bytes[(table + 16 * index)...]
      return IsochronousPacket(
        offset: entry.big32(at: 0), length: entry.big32(at: 4), actual: entry.big32(at: 8),
        status: Int32(bitPattern: entry.big32(at: 12)))
    }
    taken += Self.headerLength + sent + 16 * count
    return .submit(
      USBTransfer(
        sequence: head.big32(at: 4), endpoint: UInt8(endpoint), isIn: isIn, length: length,
        startFrame: head.big32(at: 28), setup: Array(bytes[(start - 8)..<start]), data: Array(bytes[start..<table]),
        packets: packets))
  }
}

/// The first word of every message.
enum USBIPCommand: UInt32 {
  case submit = 1
  case unlink = 2
  case submitted = 3
  case unlinked = 4
}
