internal import CPumpkiiV4L2

/// Looks for encoders among a machine's nodes.
package enum EncoderFinder {
  /// Formats a driver may list before we stop asking.
  private static let most: UInt32 = 64

  /// - Parameter coding: H.264, but for the lab.
  /// - Returns: in the order of the nodes; what cannot be opened is left out.
  package static func find(
    kernel: any DeviceKernel, directory: any DeviceDirectory, coding: EncoderDescription.Coding = .h264
  ) -> [EncoderDescription] {
    directory.list().filter { $0.kind == .memoryToMemory }.compactMap { look(at: $0.path, kernel: kernel, coding) }
  }

  /// - Returns: nil where the node is no encoder of that kind, or cannot be opened.
  package static func look(
    at path: String, kernel: any DeviceKernel, _ coding: EncoderDescription.Coding = .h264
  ) -> EncoderDescription? {
    guard let handle = try? V4L2Handle(path: path, kernel: kernel) else { return nil }
    defer { handle.close() }
    guard let node = try? handle.capabilities(), node.role == .memoryToMemory else { return nil }
    let queues = EncoderQueues(isMultiplanar: node.isMultiplanar)
    guard fourccs(handle, queues.coded).contains(coding.fourcc) else { return nil }
    let raw = fourccs(handle, queues.raw).filter { RawLayout.pixels($0) != nil }
    guard !raw.isEmpty else { return nil }
    return EncoderDescription(
      path: path, driver: node.driver, card: node.card, isMultiplanar: node.isMultiplanar, coding: coding, fourccs: raw)
  }

  private static func fourccs(_ handle: V4L2Handle, _ queue: BufferType) -> [UInt32] {
    var found: [UInt32] = []
    for index in 0..<most {
      var entry = v4l2_fmtdesc()
      entry.type = queue.rawValue
      entry.index = index
      guard handle.patientCall(PK_VIDIOC_ENUM_FMT, &entry) >= 0 else { break }
      found.append(entry.pixelformat)
    }
    return found
  }
}

/// The two queues of an encoder: V4L2 names them as the device sees them, what goes in is its output.
struct EncoderQueues: Equatable {
  /// Pictures in.
  let raw: BufferType
  /// Coded pictures out.
  let coded: BufferType

  init(isMultiplanar: Bool) {
    raw = isMultiplanar ? .outputMultiplanar : .output
    coded = isMultiplanar ? .captureMultiplanar : .capture
  }
}

extension EncoderDescription.Coding {
  /// V4L2's name of it.
  var fourcc: UInt32 { self == .h264 ? PK_FOURCC_H264 : PK_FOURCC_FWHT }
}
