internal import CPumpkiiV4L2

/// What QUERYCAP says of one node.
package struct NodeCapabilities: Sendable, Hashable {
  /// `uvcvideo`.
  package var driver: String
  /// `HD Pro Webcam C920`.
  package var card: String
  /// `usb-0000:00:14.0-1`.
  package var bus: String
  /// Of this node: `device_caps`. The device's `capabilities` name what its other nodes can do, too.
  package var flags: UInt32

  /// What a node is for.
  package enum Role: String, Sendable, CaseIterable {
    /// It captures pictures.
    case capture
    /// It gives metadata of another node's pictures.
    case metadata
    /// It shows pictures.
    case output
    /// It turns pictures into pictures: an encoder, a scaler.
    case memoryToMemory
    /// None of these, or it cannot stream.
    case other
  }

  /// Capabilities.
  package init(driver: String, card: String, bus: String, flags: UInt32) {
    self.driver = driver
    self.card = card
    self.bus = bus
    self.flags = flags
  }

  private func has(_ flag: some BinaryInteger) -> Bool { flags & UInt32(truncatingIfNeeded: flag) != 0 }

  /// True where pictures come in several planes of memory.
  package var isMultiplanar: Bool {
    has(V4L2_CAP_VIDEO_CAPTURE_MPLANE) || has(V4L2_CAP_VIDEO_M2M_MPLANE) || has(V4L2_CAP_VIDEO_OUTPUT_MPLANE)
  }

  /// What the node is for.
  package var role: Role {
    if has(V4L2_CAP_VIDEO_M2M) || has(V4L2_CAP_VIDEO_M2M_MPLANE) { return .memoryToMemory }
    let captures = has(V4L2_CAP_VIDEO_CAPTURE) || has(V4L2_CAP_VIDEO_CAPTURE_MPLANE)
    let shows = has(V4L2_CAP_VIDEO_OUTPUT) || has(V4L2_CAP_VIDEO_OUTPUT_MPLANE)
    // Older memory-to-memory drivers say both instead.
    if captures && shows { return .memoryToMemory }
    // Before metadata: some nodes are made for both.
    if captures { return has(V4L2_CAP_STREAMING) ? .capture : .other }
    if has(V4L2_CAP_META_CAPTURE) || has(V4L2_CAP_META_OUTPUT) { return .metadata }
    return shows ? .output : .other
  }
}

extension V4L2Handle {
  /// What the node is.
  /// - Throws: ``CallError``.
  package func capabilities() throws(CallError) -> NodeCapabilities {
    var answer = v4l2_capability()
    try require("QUERYCAP", PK_VIDIOC_QUERYCAP, &answer)
    let own = answer.capabilities & UInt32(V4L2_CAP_DEVICE_CAPS) != 0
    return NodeCapabilities(
      driver: Self.text(answer.driver), card: Self.text(answer.card), bus: Self.text(answer.bus_info),
      flags: own ? answer.device_caps : answer.capabilities)
  }

  /// A C array of characters that should end with 0, but need not; what is not printable becomes `?`.
  package static func text<Tuple>(_ tuple: Tuple) -> String {
    let bytes = unsafe withUnsafeBytes(of: tuple) { unsafe $0.prefix { $0 != 0 }.map { $0 } }
    let printable = bytes.map { $0 < 0x20 || $0 == 0x7F ? UInt8(ascii: "?") : $0 }
    return String(decoding: printable, as: UTF8.self)
  }
}
