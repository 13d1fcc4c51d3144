internal import PumpkiiCapture

/// One of the driver's buffers, lent until the session's next call. Made once a buffer, not once a frame.
///
/// `@unchecked Sendable`: it belongs to the session's thread, as the frame that carries it.
@safe final class LentFrame: LentBuffer, @unchecked Sendable {
  let descriptors: [Int32]
  let index: Int
  private(set) var used: [Int] = []
  private var planes: [UnsafeRawBufferPointer] = unsafe []
  private let layout: FrameLayout

  init(descriptors: [Int32], index: Int, layout: FrameLayout) {
    self.descriptors = descriptors
    self.index = index
    self.layout = layout
  }

  /// Holds what the driver has filled.
  func hold(_ planes: [UnsafeRawBufferPointer]) {
    unsafe self.planes = planes
    used = unsafe planes.map { $0.count }
  }

  /// Goes back to the driver: nothing of it may be read from here on.
  func end() {
    unsafe planes = []
    used = []
  }

  func copy() -> [UInt8] { unsafe planes.isEmpty ? [] : FrameCopy.bytes(planes, layout) }
}
