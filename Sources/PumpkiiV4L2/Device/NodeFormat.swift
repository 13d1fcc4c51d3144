/// What a driver answered to S_FMT or G_FMT.
package struct NodeFormat: Sendable, Hashable {
  /// One plane of memory.
  package struct Plane: Sendable, Hashable {
    /// Bytes a line, 0 for coded pictures.
    package var bytesPerLine: Int
    /// Bytes of a whole buffer.
    package var size: Int

    /// A plane.
    package init(bytesPerLine: Int, size: Int) {
      self.bytesPerLine = bytesPerLine
      self.size = size
    }
  }

  /// Pixel format.
  package var fourcc: UInt32
  /// Pixels.
  package var width: Int
  /// Pixels.
  package var height: Int
  /// `enum v4l2_field`; ANY (0), which drivers should not answer but do, means progressive.
  package var field: UInt32
  /// True where the driver says that values go from 0 to 255.
  package var isFullRange: Bool
  /// One, or as many as the format has in memory.
  package var planes: [Plane]

  /// A format.
  package init(fourcc: UInt32, width: Int, height: Int, field: UInt32, isFullRange: Bool, planes: [Plane]) {
    self.fourcc = fourcc
    self.width = width
    self.height = height
    self.field = field
    self.isFullRange = isFullRange
    self.planes = planes
  }

  /// True where each buffer holds one field, or both, interlaced.
  package var isInterlaced: Bool { field > 1 }
}
