/// Cuts one frame into UVC payloads: a header of two bytes, then as much of the frame as has room.
package struct PayloadCutter: Sendable {
  /// Length and bits; no clock is sent, so that the driver stamps frames itself.
  package static let headerLength = 2
  private static let toggle: UInt8 = 0x01
  private static let endOfFrame: UInt8 = 0x02
  private static let stillImage: UInt8 = 0x20
  private static let errorBit: UInt8 = 0x40
  private static let endOfHeader: UInt8 = 0x80
  private let frame: [UInt8]
  private let bits: UInt8
  private var position = 0
  /// True when the payload with the end-of-frame bit was given.
  package private(set) var isFinished = false

  /// True before the first payload was given.
  package var isUntouched: Bool { position == 0 && !isFinished }

  /// - Parameters:
  ///   - frame: its bytes; none make one payload without content.
  ///   - toggle: another than the frame before.
  ///   - isError: tells the host that the frame is damaged.
  ///   - isStill: marks a photo.
  package init(_ frame: [UInt8], toggle: Bool, isError: Bool = false, isStill: Bool = false) {
    self.frame = frame
    bits =
      Self.endOfHeader | (toggle ? Self.toggle : 0) | (isError ? Self.errorBit : 0) | (isStill ? Self.stillImage : 0)
  }

  /// Appends the next payload of at most `room` bytes.
  /// - Returns: how long it is; 0 when the frame is finished or there is no room for a header and a byte.
  package mutating func append(to bytes: inout [UInt8], room: Int) -> Int {
    guard !isFinished, room > Self.headerLength else { return 0 }
    let count = min(frame.count - position, room - Self.headerLength)
    isFinished = position + count >= frame.count
    bytes += [UInt8(Self.headerLength), isFinished ? bits | Self.endOfFrame : bits]
    bytes += frame[position..<(position + count)]
    position += count
    return Self.headerLength + count
  }
}
