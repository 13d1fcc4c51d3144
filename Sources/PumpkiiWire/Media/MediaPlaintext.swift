/// What lies inside an object's encryption: length, capture time, duration, kind, payload, zero padding.
package struct MediaPlaintext: Sendable, Equatable {
  /// What the payload is; the closed list of `docs/protocol.md`.
  package enum Kind: UInt8, Sendable, CaseIterable {
    /// A CMAF header (`ftyp`, `moov`) of this track.
    case initialization = 1
    /// A CMAF chunk (`moof`, `mdat`).
    case chunk = 2
    /// A JPEG picture, whole or the next part of one.
    case jpeg = 3
    /// The digests of a segment: count u32 ‖ SHA-256 of all digests in order.
    case segmentEnd = 4
    /// An event's JSON.
    case event = 5
    /// A part of a JPEG that goes on in the next object.
    case jpegPart = 6
  }

  /// Length u32, capture time u64, duration u32, kind u8.
  package static let headByteCount = 17
  /// Unix µs; never decreasing in a track of an epoch.
  package var captureTime: UInt64
  /// µs.
  package var duration: UInt32
  package var kind: Kind
  /// Without the padding.
  package var payload: [UInt8]

  /// - Parameters:
  ///   - captureTime: Unix time in µs; never decreasing in a track of an epoch.
  ///   - duration: µs.
  package init(captureTime: UInt64, duration: UInt32, kind: Kind, payload: [UInt8]) {
    self.captureTime = captureTime
    self.duration = duration
    self.kind = kind
    self.payload = payload
  }

  /// Appends the head and payload and pads with zeros to what `padding` says.
  package func write(to writer: inout ByteWriter, padding: Padding) {
    writer.write(UInt32(payload.count))
    writer.write(captureTime)
    writer.write(duration)
    writer.write(kind.rawValue)
    writer.write(payload)
    let count = Self.headByteCount + payload.count
    writer.write(repeatElement(0, count: padding.padded(count) - count))
  }

  /// - Throws: ``WireError``: `truncated`, `unknownValue`, or `padding` when a padding byte is not zero.
  package init(_ bytes: ArraySlice<UInt8>) throws(WireError) {
    var reader = ByteReader(bytes)
    let count: UInt32 = try reader.read("payload length")
    captureTime = try reader.read("capture time")
    guard captureTime < WireLimits.captureTimes else { throw WireError(.overLimit, "capture time") }
    duration = try reader.read("duration")
    kind = try reader.readCase("kind")
    payload = try reader.read(count: Int(count), "payload")
    guard bytes.dropFirst(reader.consumed).allSatisfy({ $0 == 0 }) else { throw WireError(.padding, "object") }
  }
}

/// How much an object's size tells (`media-security` padding profiles).
package enum Padding: Sendable, Equatable {
  case none
  /// Padmé (PURBs, PETS 2019): at most 12 % more, and O(log log n) bits of size leak.
  case padme
  /// Up to the next multiple of `bytes`.
  case bucket(bytes: Int)
  /// Always `bytes`; what is larger goes to the next multiple.
  case constant(bytes: Int)

  /// The padded size of `count` bytes.
  package func padded(_ count: Int) -> Int {
    switch self {
    case .none: count
    case .padme: Self.padme(count)
    case .bucket(let bytes), .constant(let bytes): (count + max(bytes, 1) - 1) / max(bytes, 1) * max(bytes, 1)
    }
  }

  private static func padme(_ count: Int) -> Int {
    guard count > 1 else { return count }
    let exponent = Int.bitWidth - 1 - count.leadingZeroBitCount
    let exponentBits = Int.bitWidth - exponent.leadingZeroBitCount
    let mask = (1 << max(0, exponent - exponentBits)) - 1
    return (count + mask) & ~mask
  }
}
