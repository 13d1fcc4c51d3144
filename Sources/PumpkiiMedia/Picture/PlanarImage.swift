/// A picture of even size as 4:2:0 planes without padding: Y, then U, then V.
package struct PlanarImage: Sendable, Equatable {
  /// Pixels, even.
  package let width: Int
  /// Pixels, even.
  package let height: Int
  /// True where black is 0 and white 255, as in JPEG; false where they are 16 and 235.
  package let fullRange: Bool
  /// width × height × 3 / 2 bytes.
  package var bytes: [UInt8]

  /// A grey picture.
  package init(width: Int, height: Int, fullRange: Bool) {
    self.width = max(width & ~1, 2)
    self.height = max(height & ~1, 2)
    self.fullRange = fullRange
    bytes = [UInt8](repeating: 128, count: Self.byteCount(width: self.width, height: self.height))
  }

  /// Nil when the number of bytes is not that of the size, or a side is odd.
  package init?(width: Int, height: Int, fullRange: Bool, bytes: [UInt8]) {
    guard width >= 2, height >= 2, width <= 16384, height <= 16384, (width | height) & 1 == 0,
      bytes.count == Self.byteCount(width: width, height: height)
    else { return nil }
    self.width = width
    self.height = height
    self.fullRange = fullRange
    self.bytes = bytes
  }

  /// Bytes of the three planes.
  package static func byteCount(width: Int, height: Int) -> Int { width * height * 3 / 2 }

  /// The Y plane.
  package var luma: ArraySlice<UInt8> { bytes[..<(width * height)] }
}
