internal import CPumpkiiV4L2
internal import PumpkiiCapture

/// An encoder's node with both queues set up, in the order the kernel's documentation and the field agree on: coded
/// format, raw format, crop, rate, controls, buffers, start. Every answer is read back.
final class M2MDevice {
  /// Coded buffers asked for.
  private static let codedWish = 4
  /// Raw buffers asked for: one is being coded, one filled.
  private static let rawWish = 2

  let encoder: EncoderDescription
  let format: VideoFormat
  let settings: M2MSettings
  let handle: V4L2Handle
  let queues: EncoderQueues
  /// What differs from what was asked, for people.
  private(set) var notes: [String] = []
  /// The raw side's format as answered.
  var raw = NodeFormat(fourcc: 0, width: 0, height: 0, field: 0, isFullRange: false, planes: [])
  /// How a picture lies in the encoder's memory.
  var layout: RawLayout?
  private(set) var canForceKey = false
  private(set) var rawCount = 0
  private(set) var rawMemory: [[EncoderMapping]] = []
  private(set) var codedMemory: [EncoderMapping] = []
  private let began: UInt64

  /// Opens the node; ``setUp()`` does the rest.
  /// - Throws: ``CaptureError``.
  init(
    _ encoder: EncoderDescription, _ format: VideoFormat, _ settings: M2MSettings, kernel: any DeviceKernel
  ) throws(CaptureError) {
    self.encoder = encoder
    self.format = format
    self.settings = settings
    queues = EncoderQueues(isMultiplanar: encoder.isMultiplanar)
    began = kernel.now()
    handle = try V4L2Handle(path: encoder.path, kernel: kernel)
  }

  deinit { close() }

  var isForeign: Bool { settings.route == .dmabuf }

  /// - Throws: ``M2MFailure`` where the encoder cannot do what is asked, or takes too long.
  func setUp() throws(M2MFailure) {
    try negotiate()
    try keepTime()
    try configure()
    try keepTime()
    try reserve()
    try keepTime()
    try start()
    try keepTime()
  }

  /// Stops and releases everything; a second call does nothing.
  func close() {
    guard handle.descriptor >= 0 else { return }
    handle.streamOff(queues.raw)
    handle.streamOff(queues.coded)
    for mapping in rawMemory.joined() { mapping.unmap(handle.kernel) }
    for mapping in codedMemory { mapping.unmap(handle.kernel) }
    rawMemory = []
    codedMemory = []
    _ = try? handle.requestBuffers(queues.raw, count: 0, memory: memory)
    _ = try? handle.requestBuffers(queues.coded, count: 0)
    handle.close()
  }

  /// Ends the coded stream and begins another one, whose first picture stands alone: for encoders that know no
  /// other way to force one.
  /// - Throws: ``M2MFailure``.
  func restart() throws(M2MFailure) {
    for queue in [queues.raw, queues.coded] {
      let result = handle.streamOff(queue)
      if result < 0 { throw M2MFailure(CallError("STREAMOFF", errno: -result)) }
    }
    try start()
  }

  private var memory: UInt32 { isForeign ? V4L2_MEMORY_DMABUF.rawValue : V4L2_MEMORY_MMAP.rawValue }

  private func keepTime() throws(M2MFailure) {
    let took = handle.kernel.now() &- began
    guard took > settings.limits.opening else { return }
    throw M2MFailure("opening took \(took / 1_000_000) ms, \(settings.limits.opening / 1_000_000) ms are allowed")
  }

  private func configure() throws(M2MFailure) {
    let rate = try M2MFailure.attempt { () throws(CallError) in try handle.setRate(queues.raw, format.rate) }
    if let rate, abs(rate.value - format.rate.value) > 0.5 {
      notes.append("rate is \(rate.value), not \(format.rate.value)")
    }
    var controls = EncoderControls(handle)
    let problem = controls.set(
      width: format.width, height: format.height, rate: format.rate.value, bitrate: settings.bitrate,
      group: settings.groupPictures, isH264: encoder.coding == .h264)
    if let problem { throw M2MFailure(problem) }
    notes += controls.notes
    canForceKey = controls.canForceKey
    handle.subscribe(UInt32(V4L2_EVENT_EOS))
  }

  private func reserve() throws(M2MFailure) {
    rawCount = try M2MFailure.attempt { () throws(CallError) in
      try handle.requestBuffers(queues.raw, count: Self.rawWish, memory: memory)
    }
    let coded = try M2MFailure.attempt { () throws(CallError) in
      try handle.requestBuffers(queues.coded, count: Self.codedWish)
    }
    guard rawCount >= 1, coded >= 1 else { throw M2MFailure("it gives no buffers") }
    for index in 0..<coded {
      guard let mapping = try map(queues.coded, index).first else { throw M2MFailure("it gives no buffers") }
      codedMemory.append(mapping)
    }
    guard !isForeign, let layout else { return }
    for index in 0..<rawCount {
      let mappings = try map(queues.raw, index)
      rawMemory.append(mappings)
      guard mappings.count == layout.needed.count, zip(layout.needed, mappings).allSatisfy({ $0 <= $1.length }) else {
        throw M2MFailure("its buffers are too small for what its format says")
      }
    }
  }

  private func map(_ queue: BufferType, _ index: Int) throws(M2MFailure) -> [EncoderMapping] {
    let planes = try M2MFailure.attempt { () throws(CallError) in try handle.queryBuffer(queue, index: index) }
    var mappings: [EncoderMapping] = []
    for plane in planes {
      guard
        let address = unsafe handle.kernel.map(
          handle.descriptor, length: plane.length, offset: plane.offset, writable: true)
      else {
        for mapping in mappings { mapping.unmap(handle.kernel) }
        throw M2MFailure("its memory cannot be mapped")
      }
      mappings.append(unsafe EncoderMapping(address: address, length: plane.length))
    }
    return mappings
  }

  private func start() throws(M2MFailure) {
    for index in codedMemory.indices {
      let result = handle.queueCoded(queues.coded, index: index)
      if result < 0 { throw M2MFailure(CallError("QBUF", errno: -result)) }
    }
    for queue in [queues.raw, queues.coded] {
      try M2MFailure.attempt { () throws(CallError) in try handle.streamOn(queue) }
    }
  }
}
