internal import CPumpkiiV4L2

/// Which queue of a node is meant (`enum v4l2_buf_type`).
package enum BufferType: UInt32, Sendable, CaseIterable {
  /// Pictures come out, each in one stretch of memory.
  case capture = 1
  /// Pictures go in.
  case output = 2
  /// Pictures come out in several planes.
  case captureMultiplanar = 9
  /// Pictures go in in several planes.
  case outputMultiplanar = 10

  /// True for the two that use `v4l2_plane`.
  package var isMultiplanar: Bool { self == .captureMultiplanar || self == .outputMultiplanar }
}
