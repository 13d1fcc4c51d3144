import CPumpkiiV4L2
import Glibc
import PumpkiiV4L2

/// A driver's node in user space: formats, buffers, queues, events, and faults on schedule. What it did stays readable.
@safe final class ScriptedNode {
  // What it is.
  var driver = "uvcvideo"
  var card = "Scripted Camera"
  var bus = "usb-0000:00:14.0-1"
  /// Of the whole device; DEVICE_CAPS is added.
  var capabilities = UInt32(V4L2_CAP_VIDEO_CAPTURE) | UInt32(V4L2_CAP_STREAMING)
  /// Of this node.
  var deviceCaps = UInt32(V4L2_CAP_VIDEO_CAPTURE) | UInt32(V4L2_CAP_STREAMING)
  /// False for an old driver that knows no device_caps.
  var hasDeviceCaps = true
  var formats: [ScriptedFormat]
  var controls: [ScriptedControl] = []
  /// nil: the node has no DV timings.
  var timings: ScriptedTimings?
  var hasInputs = true
  /// False: no TIMEPERFRAME; nil: G_PARM answers ENOTTY.
  var setsRate: Bool? = true
  var hasSourceEvents = false
  /// How many buffers it makes of a wish.
  var grants: (Int) -> Int = { $0 }
  var exports = false
  /// REQBUFS 0 works while buffers are mapped.
  var keepsOrphans = false
  /// ns from STREAMON to the first frame, and what a request takes.
  var firstFrameAfter: UInt64 = 0
  var delays: [UInt: UInt64] = [:]
  var timestampFlags = UInt32(V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC)
  var firstSequence: UInt32 = 0
  var field: UInt32 = 1

  // What goes wrong.
  /// Per request: answers in turn, positive errno; 0 lets one pass.
  var failures: [UInt: [Int32]] = [:]
  /// Per request: what it answers from now on.
  var refusals: [UInt: Int32] = [:]
  /// By frame, counted from 0 over all streams of the node.
  var faults: [UInt64: [ScriptedFault]] = [:]
  var frozenUntil: ScriptedRung?
  /// poll says IN once although nothing is there.
  var spuriousReadiness = 0

  // What it is doing.
  var isPresent = true
  /// Descriptors of an older one are dead.
  var generation = 0
  var queues: [UInt32: ScriptedQueue] = [:]
  var format = (index: 0, width: UInt32(0), height: UInt32(0), stride: UInt32(0))
  var rate = 30.0
  var nextFrame: UInt64 = .max
  var nextSequence: UInt32 = 0
  var events: [v4l2_event] = []
  var subscriptions: [(type: UInt32, id: UInt32)] = []
  var refusedBuffers = 0
  /// The descriptor that set a format or has buffers; others get EBUSY.
  var owner: Int32?

  // What it did.
  /// Frames made, lost ones included.
  var made: UInt64 = 0
  /// Names of the requests in their order.
  var log: [String] = []
  /// Content of frame n; the default is its number in 8 bytes, then a pattern of it.
  var picture: (UInt64, UnsafeMutableRawBufferPointer) -> Void = unsafe ScriptedNode.number
  /// A memory-to-memory device: makes what goes out of what came in; nil for a camera.
  var encode: (([UInt8]) -> [UInt8])?

  init(_ formats: [ScriptedFormat] = [.mjpeg()]) {
    self.formats = formats
    setDefaultFormat()
  }

  deinit { for type in Array(queues.keys) { free(type) } }

  /// Makes it a multiplanar node.
  func beMultiplanar() {
    deviceCaps = UInt32(V4L2_CAP_VIDEO_CAPTURE_MPLANE) | UInt32(V4L2_CAP_STREAMING)
    capabilities = deviceCaps
  }

  var isMultiplanar: Bool {
    deviceCaps & (UInt32(V4L2_CAP_VIDEO_CAPTURE_MPLANE) | UInt32(V4L2_CAP_VIDEO_M2M_MPLANE)) != 0
  }

  func setDefaultFormat() {
    guard let first = formats.first else { return }
    var size = (UInt32(640), UInt32(480))
    switch first.sizes {
    case .discrete(let sizes): size = sizes.first.map { ($0.width, $0.height) } ?? size
    case .stepwise(_, let most, _, _): size = most
    case .unlisted: break
    }
    format = (0, size.0, size.1, 0)
  }

  /// Frame n as it is told apart: its number first.
  static func number(_ frame: UInt64, _ memory: UnsafeMutableRawBufferPointer) {
    for at in 0..<min(memory.count, 64) {
      unsafe memory[at] =
        at < 8 ? UInt8(truncatingIfNeeded: frame >> (8 * UInt64(at))) : UInt8(truncatingIfNeeded: frame)
    }
  }

  /// The number that ``number(_:_:)`` wrote.
  static func number(of bytes: [UInt8]) -> UInt64 {
    bytes.prefix(8).enumerated().reduce(0) { $0 | UInt64($1.element) << (8 * UInt64($1.offset)) }
  }

  /// Ends all descriptors; the next opening finds it only after ``isPresent`` is true again.
  func unplug() {
    isPresent = false
    generation += 1
    stopAll()
    owner = nil
    events = []
    subscriptions = []
  }

  func stopAll() {
    for type in Array(queues.keys) {
      queues[type]?.isStreaming = false
      queues[type]?.queued = []
      queues[type]?.done = []
      for index in queues[type]?.buffers.indices ?? 0..<0 { queues[type]?.buffers[index].state = .idle }
    }
    nextFrame = .max
  }

  /// A rung of the ladder was taken.
  func thaw(_ rung: ScriptedRung) {
    if let until = frozenUntil, until <= rung { frozenUntil = nil }
  }

  func free(_ type: UInt32) {
    for buffer in queues[type]?.buffers ?? [] { for plane in buffer.planes { unsafe plane.memory?.deallocate() } }
    queues[type]?.buffers = []
    queues[type]?.queued = []
    queues[type]?.done = []
  }

  func post(_ event: v4l2_event) {
    if subscriptions.contains(where: {
      $0.type == event.type && ($0.type != UInt32(V4L2_EVENT_CTRL) || $0.id == event.id)
    }) {
      events.append(event)
    }
  }

  func postControl(_ id: UInt32, _ value: Int32) {
    var event = v4l2_event()
    event.type = UInt32(V4L2_EVENT_CTRL)
    event.id = id
    unsafe event.u.ctrl.value = value
    unsafe event.u.ctrl.changes = UInt32(V4L2_EVENT_CTRL_CH_VALUE)
    post(event)
  }

  func postSourceChange() {
    var event = v4l2_event()
    event.type = UInt32(V4L2_EVENT_SOURCE_CHANGE)
    unsafe event.u.src_change.changes = UInt32(V4L2_EVENT_SRC_CH_RESOLUTION)
    post(event)
  }
}
