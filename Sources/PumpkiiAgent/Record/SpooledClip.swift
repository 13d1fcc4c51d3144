/// A finished clip on the device's disk.
package struct SpooledClip: Sendable, Equatable {
  package let number: UInt64
  package let path: String
  package let byteCount: Int
  /// Unix s of its end.
  package let modified: UInt64

  package init(number: UInt64, path: String, byteCount: Int, modified: UInt64) {
    self.number = number
    self.path = path
    self.byteCount = byteCount
    self.modified = modified
  }
}
