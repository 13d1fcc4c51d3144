import Dispatch
import Foundation
import Glibc
import PumpkiiSimulation
import PumpkiiSystem

/// The other side of the cable: what a kernel's controller does, as far as a test needs it. Owns its socket.
final class USBHost {
  /// What came back for a transfer.
  struct Answer {
    let command: Int
    let sequence: Int
    let status: Int
    let data: [UInt8]
    /// Data of each isochronous packet, and its status.
    let packets: [(data: [UInt8], status: Int)]
  }

  struct Gone: Error {}

  /// A webcam at work on a thread of its own.
  private final class Serving {
    private let webcam: EmulatedWebcam
    private let ended = DispatchSemaphore(value: 0)

    init(_ webcam: EmulatedWebcam) {
      self.webcam = webcam
      Thread.detachNewThread { [ended] in
        webcam.run()
        ended.signal()
      }
    }

    func end() {
      webcam.detach()
      ended.wait()
    }
  }

  private let socket: Int32
  private var sequence: UInt32 = 0
  private var early: [Answer] = []

  private init(_ socket: Int32) { self.socket = socket }

  /// A host that comes over TCP.
  init(port: Int) throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr = in_addr(s_addr: UInt32(INADDR_LOOPBACK).bigEndian)
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw Gone() }
  }

  /// Says something before transfers begin, and reads so many bytes of the answer.
  func ask(_ bytes: [UInt8], _ count: Int) throws -> [UInt8] {
    try send(bytes)
    return try read(count)
  }

  deinit { close(socket) }

  /// Serves a webcam of a profile on a thread of its own while `body` is its host; then lets it go.
  static func with(
    _ profile: DeviceProfile, _ body: (USBHost, EmulatedWebcam) async throws -> Void
  ) async throws {
    let webcam = try EmulatedWebcam(profile)
    var ends: [Int32] = [-1, -1]
    unsafe _ = socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends)
    webcam.hold(ends[0])
    let host = USBHost(ends[1])
    // A thread of its own from the start: the host's calls block, and may hold every thread that tasks have.
    let serving = Serving(webcam)
    defer { serving.end() }
    try await body(host, webcam)
  }

  /// Runs of ``punctual(_:_:)``.
  private static let mostRuns = 20

  /// What `body` saw of a webcam that came in time for every frame. One whose thread or host was held skips frames, and
  /// what was to befall one of them befalls the next: such a run says nothing, and is made again.
  static func punctual<Seen>(
    _ profile: DeviceProfile, _ body: (USBHost, EmulatedWebcam) async throws -> Seen
  ) async throws -> Seen {
    for _ in 0..<mostRuns {
      var (seen, log): (Result<Seen, any Error>?, WebcamLog?)
      try await with(profile) { host, webcam in
        log = webcam.log
        do { seen = .success(try await body(host, webcam)) } catch { seen = .failure(error) }
      }
      if let seen, log?.skipped == 0 { return try seen.get() }
    }
    throw Late()
  }

  /// It was late in every run.
  struct Late: Error {}

  /// Sends a control transfer and waits for its answer.
  @discardableResult
  func control(_ setup: SetupPacket, _ data: [UInt8] = []) throws -> Answer {
    let sent = try submitControl(setup, data)
    return try answer(to: sent)
  }

  @discardableResult
  func submitControl(_ setup: SetupPacket, _ data: [UInt8] = []) throws -> Int {
    let bytes: [UInt8] = [
      setup.requestType, setup.request, UInt8(setup.value & 0xFF), UInt8(setup.value >> 8), UInt8(setup.index & 0xFF),
      UInt8(setup.index >> 8), UInt8(setup.length & 0xFF), UInt8(setup.length >> 8),
    ]
    let isIn = setup.requestType & 0x80 != 0
    return try submit(0, isIn: isIn, length: setup.length, setup: bytes, data: data)
  }

  /// Sends a transfer to an endpoint; `packets` of equal size make it isochronous.
  @discardableResult
  func submit(
    _ endpoint: UInt32, isIn: Bool = true, length: Int, setup: [UInt8] = [UInt8](repeating: 0, count: 8),
    data: [UInt8] = [], packets: Int = 0
  ) throws -> Int {
    sequence += 1
    var bytes = words(1, sequence, 0x10002, isIn ? 1 : 0, endpoint, 0, UInt32(length), 0, UInt32(packets), 0)
    bytes += setup + data
    for index in 0..<packets {
      bytes += words(UInt32(index * length / packets), UInt32(length / packets), 0, 0)
    }
    try send(bytes)
    return Int(sequence)
  }

  func unlink(_ target: Int) throws -> Answer {
    sequence += 1
    try send(words(2, sequence, 0x10002, 0, 0, UInt32(target)) + [UInt8](repeating: 0, count: 24))
    return try answer(to: Int(sequence))
  }

  /// The answer to one transfer; others are kept for later.
  func answer(to sequence: Int) throws -> Answer {
    if let index = early.firstIndex(where: { $0.sequence == sequence }) { return early.remove(at: index) }
    while true {
      let one = try receive()
      if one.sequence == sequence { return one }
      early.append(one)
    }
  }

  /// True when nothing comes for so many ms.
  func isSilent(_ milliseconds: Int32) -> Bool {
    var entry = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
    return unsafe early.isEmpty && poll(&entry, 1, milliseconds) == 0
  }

  private func receive() throws -> Answer {
    let head = try read(48)
    let (command, sequence) = (big(head, 0), big(head, 4))
    let status = Int(Int32(truncatingIfNeeded: big(head, 20)))
    guard command == 3 else {
      return Answer(command: command, sequence: sequence, status: status, data: [], packets: [])
    }
    // Answers to what was sent carry a length without data.
    let data = outgoing.contains(sequence) ? [] : try read(big(head, 24))
    let table = try read(16 * big(head, 32))
    var at = 0
    let packets = (0..<big(head, 32)).map { index in
      let count = big(table, 16 * index + 8)
      defer { at += count }
      return (Array(data[at..<(at + count)]), Int(Int32(truncatingIfNeeded: big(table, 16 * index + 12))))
    }
    return Answer(command: command, sequence: sequence, status: status, data: data, packets: packets)
  }

  private var outgoing: Set<Int> = []

  private func send(_ bytes: [UInt8]) throws {
    if bytes.count >= 48, big(bytes, 0) == 1, big(bytes, 12) == 0 { outgoing.insert(big(bytes, 4)) }
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.send(socket, $0.baseAddress! + done, bytes.count - done, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Gone() }
      done += count
    }
  }

  private func read(_ count: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      var entry = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&entry, 1, 120_000) == 1 else { throw Gone() }
      var part = [UInt8](repeating: 0, count: count - bytes.count)
      let got = unsafe Glibc.read(socket, &part, part.count)
      guard got > 0 else { throw Gone() }
      bytes += part[..<got]
    }
    return bytes
  }

  private func words(_ values: UInt32...) -> [UInt8] {
    values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
  }

  private func big(_ bytes: [UInt8], _ offset: Int) -> Int { (0..<4).reduce(0) { $0 << 8 | Int(bytes[offset + $1]) } }
}

extension WebcamLog {
  /// Frames that were due while nobody took any, in streams that are over.
  var skipped: UInt64 {
    events.reduce(0) { sum, event in
      if case .videoStopped(_, let skipped) = event { sum + skipped } else { sum }
    }
  }

  /// Faults that befell a unit, in order.
  var faults: [Event] { events.filter { if case .fault = $0 { true } else { false } } }
}

/// Gathers frames from payloads as a driver does.
struct FrameGatherer {
  struct Frame {
    var bytes: [UInt8] = []
    var bits: Set<UInt8> = []
  }

  private(set) var frames: [Frame] = []
  private var current = Frame()

  mutating func add(_ payload: [UInt8]) {
    guard payload.count >= 2 else { return }
    current.bytes += payload[2...]
    current.bits.insert(payload[1])
    if payload[1] & 2 != 0 {
      frames.append(current)
      current = Frame()
    }
  }
}

extension USBHost {
  static let setConfiguration = SetupPacket(requestType: 0, request: 9, value: 1)

  /// Commits to a mode by its indices.
  func commit(_ format: UInt8, _ frame: UInt8) throws {
    let data: [UInt8] = [0, 0, format, frame] + [UInt8](repeating: 0, count: 22)
    for selector in [1, 2] as [UInt16] {
      try control(SetupPacket(requestType: 0x21, request: 1, value: selector << 8, index: 1, length: 26), data)
    }
  }

  func select(_ interface: UInt16, _ alternate: UInt16) throws {
    try control(SetupPacket(requestType: 0x01, request: 11, value: alternate, index: interface))
  }

  /// So many frames of a bulk stream.
  func bulkFrames(_ count: Int) throws -> [FrameGatherer.Frame] {
    var gatherer = FrameGatherer()
    while gatherer.frames.count < count {
      gatherer.add(try answer(to: try submit(1, length: 16_384)).data)
    }
    return gatherer.frames
  }
}
