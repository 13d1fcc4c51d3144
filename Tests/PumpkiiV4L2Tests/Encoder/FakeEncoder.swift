import CPumpkiiV4L2
import Glibc
import PumpkiiV4L2

/// What goes wrong with one picture of a fake encoder.
enum FakeEncoderFault: Equatable {
  /// Nothing comes back any more.
  case hang
  /// ERROR flag.
  case errorFlag
  /// DQBUF says EIO, poll POLLERR.
  case fatal
  /// An empty coded buffer: the picture was left out.
  case leaveOut
  /// The coded buffer says it has more bytes than it holds.
  case oversized
  /// The coded buffer's index is none.
  case badIndex
  /// So many ns late.
  case late(UInt64)
  /// A coded picture of another time comes first.
  case stray
}

/// How a fake encoder answers.
struct FakeEncoderScript {
  var isMultiplanar = false
  var raw: [UInt32] = [PK_FOURCC_NV12, PK_FOURCC_YUV420]
  var coded: [UInt32] = [PK_FOURCC_H264]
  var deviceCaps: UInt32?
  /// Widths are rounded up to this.
  var widthStep = 2
  var heightStep = 2
  /// Lines are rounded up to this many bytes.
  var strideStep = 32
  var largest = (width: 1920, height: 1088)
  var hasCrop = true
  var hasRate = true
  /// id → least, greatest, what is kept of a value.
  var controls: [UInt32: FakeEncoderControl] = FakeEncoderControl.usual
  var faults: [Int: FakeEncoderFault] = [:]
  var streamOnErrno: Int32 = 0
  var rawQueueErrno: Int32 = 0
  /// Sets are before each IDR; only before the first; or in a buffer of their own before the first.
  var headers = Headers.repeated
  /// Pictures from one IDR to the next where nobody asks.
  var group = 1000
  var copiesTimestamps = true
  /// ns that each call takes.
  var callTime: UInt64 = 1000
  var codedSize = 0

  enum Headers { case repeated, once, separate }
}

struct FakeEncoderControl {
  var least: Int32 = 0
  var greatest: Int32
  var value: Int32 = 0
  var isMenu = false
  var keeps: @Sendable (Int32) -> Int32 = { $0 }

  static let usual: [UInt32: FakeEncoderControl] = [
    UInt32(V4L2_CID_MPEG_VIDEO_BITRATE): .init(least: 25_000, greatest: 25_000_000),
    UInt32(V4L2_CID_MPEG_VIDEO_H264_I_PERIOD): .init(greatest: 0x7FFF_FFFF),
    UInt32(V4L2_CID_MPEG_VIDEO_H264_PROFILE): .init(greatest: 4, isMenu: true),
    UInt32(V4L2_CID_MPEG_VIDEO_H264_LEVEL): .init(greatest: 11, isMenu: true),
    UInt32(V4L2_CID_MPEG_VIDEO_REPEAT_SEQ_HEADER): .init(greatest: 1),
    UInt32(V4L2_CID_MPEG_VIDEO_HEADER_MODE): .init(greatest: 1, isMenu: true),
    UInt32(V4L2_CID_MPEG_VIDEO_FORCE_KEY_FRAME): .init(greatest: 0),
  ]
}

/// A memory-to-memory driver with one node, on a clock of its own: waiting costs nothing. Used from one thread.
@safe final class FakeEncoder: DeviceKernel, @unchecked Sendable {
  static let path = "/dev/video11"
  var script: FakeEncoderScript
  /// Calls in order, by name.
  var calls: [String] = []
  var clock: UInt64 = 1_000_000_000
  /// Descriptors that are open.
  var open = 0
  /// Mappings that are not unmapped.
  var mappings = 0
  /// What was encoded: the pictures' bytes without padding, by plane.
  var seen: [[UInt8]] = []
  /// Descriptors that came in.
  var descriptors: [[Int32]] = []
  /// What a DMABUF descriptor leads to.
  var foreign: [Int32: [UInt8]] = [:]
  var raw = FakeEncoderQueue()
  var coded = FakeEncoderQueue()
  var pictures = 0
  var wantsKey = false
  var sinceKey = 0
  var isHung = false
  var isFatal = false
  var isDrained = false
  var givenLast = false
  var events = 0

  init(_ script: FakeEncoderScript = FakeEncoderScript()) { self.script = script }

  func open(_ path: String, flags: Int32) -> Int32 {
    guard path == Self.path else { return -ENOENT }
    open += 1
    return 100
  }

  func close(_ descriptor: Int32) { open -= 1 }

  func ioctl(_ descriptor: Int32, _ request: UInt, _ argument: UnsafeMutableRawPointer?) -> Int32 {
    clock += script.callTime
    guard let argument = unsafe argument else { return -EFAULT }
    return unsafe answer(request, argument)
  }

  func map(_ descriptor: Int32, length: Int, offset: Int64, writable: Bool) -> UnsafeMutableRawPointer? {
    mappings += 1
    let (queue, buffer, plane) = (Int(offset >> 16) & 1, Int(offset >> 8) & 255, Int(offset) & 255)
    let memory = unsafe (queue == 0 ? raw : coded).buffers[buffer].memory[plane]
    return length == memory.count ? memory.baseAddress : nil
  }

  func unmap(_ address: UnsafeMutableRawPointer, length: Int) { mappings -= 1 }

  func poll(_ entries: inout [PollEntry], timeout: Int32) -> Int32 {
    clock += script.callTime
    if happened(entries[0].events) == 0 {
      let limit = clock + UInt64(max(timeout, 0)) * 1_000_000
      let ready = [raw, coded].flatMap(\.done).map(\.readyAt).filter { $0 > clock }.min() ?? limit
      clock = min(max(ready, clock), limit)
    }
    entries[0].happened = happened(entries[0].events)
    return entries[0].happened == 0 ? 0 : 1
  }

  private func happened(_ wanted: Int16) -> Int16 {
    var found: Int32 = 0
    if raw.done.first.map({ $0.readyAt <= clock }) == true { found |= POLLOUT }
    if coded.done.first.map({ $0.readyAt <= clock }) == true || givenLast { found |= POLLIN }
    if events > 0 { found |= POLLPRI }
    found &= Int32(wanted)
    if isFatal { found |= POLLERR }
    return Int16(found)
  }

  func now() -> UInt64 { clock }
  func makeWaker() -> Int32 { 200 }
  func wake(_ waker: Int32) {}
  func rest(_ waker: Int32) {}
}

/// One queue of it.
@safe struct FakeEncoderQueue {
  @safe struct Buffer {
    var memory: [UnsafeMutableRawBufferPointer] = unsafe []
    var used = 0
    var flags: UInt32 = 0
    var seconds = 0
    var microseconds = 0
    var claimedIndex: Int?
    var claimedUsed: Int?
    var descriptors: [Int32] = []
  }
  struct Done {
    var index: Int
    var readyAt: UInt64
  }
  var width = 0
  var height = 0
  var fourcc: UInt32 = 0
  var strides: [Int] = []
  var sizes: [Int] = []
  var crop: (width: Int, height: Int)?
  var buffers: [Buffer] = []
  var queued: [Int] = []
  var done: [Done] = []
  var isStreaming = false
  var memory: UInt32 = 0

  mutating func release() {
    for buffer in buffers { unsafe buffer.memory.forEach { unsafe $0.deallocate() } }
    buffers = []
    queued = []
    done = []
  }
}
