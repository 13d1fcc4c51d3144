internal import CPumpkiiCodecs

/// How bright a picture is in each of 64 × 36 cells: all that motion detection ever sees of it.
package struct LumaGrid: Sendable, Equatable {
  /// Cells beside each other.
  package static let columns = 64
  /// Cells above each other.
  package static let rows = 36
  /// All cells.
  package static let count = columns * rows

  /// Row by row from the upper left, in sixteenths of a step of luma.
  package private(set) var cells: [UInt16]

  /// Nil for a wrong number of cells.
  package init?(cells: [UInt16]) {
    guard cells.count == Self.count else { return nil }
    self.cells = cells
  }

  /// Of a picture.
  package init(_ image: PlanarImage) {
    cells = [UInt16](repeating: 0, count: Self.count)
    unsafe pk_luma_cells(
      image.bytes, image.width * image.height, Int32(image.width), Int32(image.height), Int32(image.width),
      Int32(Self.columns), Int32(Self.rows), &cells)
  }

  /// Of a plane without padding.
  @safe init(plane: UnsafeBufferPointer<UInt8>, width: Int, height: Int) {
    cells = [UInt16](repeating: 0, count: Self.count)
    unsafe pk_luma_cells(
      plane.baseAddress, plane.count, Int32(width), Int32(height), Int32(width), Int32(Self.columns),
      Int32(Self.rows), &cells)
  }
}
