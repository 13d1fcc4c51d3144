/// Scales a part of a plane to a whole plane, with two by two neighbours and positions between pixels.
struct PlaneScaler {
  /// A plane inside an array.
  struct Plane {
    var offset: Int
    var width: Int
    var height: Int
  }

  /// The part of the source to show, in its pixels.
  struct View {
    var x: Double
    var y: Double
    var width: Double
    var height: Double
  }

  /// One target position: the left source pixel and the weight, in 1/256, of its right neighbour.
  private struct Tap {
    var index: Int32
    var weight: Int32
  }

  private var columns: [Tap] = []

  /// Fills `target` from `view`. Sides beyond the source repeat its rim.
  mutating func scale(_ source: [UInt8], _ from: Plane, _ view: View, _ target: inout [UInt8], _ to: Plane) {
    guard from.width > 1, from.height > 1, to.width > 0, to.height > 0,
      from.offset + from.width * from.height <= source.count, to.offset + to.width * to.height <= target.count
    else { return }
    columns = (0..<to.width).map { Self.tap($0, of: to.width, from: view.x, span: view.width, limit: from.width) }
    // Pointers for speed: each index below comes from a tap, which lies inside the source, or from the target's own
    // size.
    unsafe source.withUnsafeBufferPointer { source in
      unsafe target.withUnsafeMutableBufferPointer { target in
        unsafe columns.withUnsafeBufferPointer { columns in
          for row in 0..<to.height {
            let line = Self.tap(row, of: to.height, from: view.y, span: view.height, limit: from.height)
            let upper = from.offset + Int(line.index) * from.width
            let out = to.offset + row * to.width
            for column in 0..<to.width {
              let tap = unsafe columns[column]
              let at = upper + Int(tap.index)
              let (a, b) = unsafe (Int32(source[at]), Int32(source[at + 1]))
              let (c, d) = unsafe (Int32(source[at + from.width]), Int32(source[at + from.width + 1]))
              let above = a << 8 &+ (b &- a) &* tap.weight
              let below = c << 8 &+ (d &- c) &* tap.weight
              let value = above << 8 &+ (below &- above) &* line.weight &+ 0x8000
              unsafe target[out + column] = UInt8(truncatingIfNeeded: value >> 16)
            }
          }
        }
      }
    }
  }

  private static func tap(_ index: Int, of count: Int, from start: Double, span: Double, limit: Int) -> Tap {
    let centre = start + (Double(index) + 0.5) * span / Double(count) - 0.5
    let position = min(max(centre, 0), Double(limit - 1) - 1.0 / 256)
    let whole = min(Int(position), limit - 2)
    return Tap(index: Int32(whole), weight: Int32((position - Double(whole)) * 256))
  }
}
