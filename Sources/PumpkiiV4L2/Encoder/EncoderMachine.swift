internal import PumpkiiCapture

/// What an encoder's two queues hold and what is due: a pure machine that a shell feeds with what the kernel says.
struct EncoderMachine {
  /// A coded buffer as DQBUF gave it.
  struct Coded: Equatable {
    var index: Int
    var used: Int
    var isError = false
    var isLast = false
    var isTimestampCopied = true
    var microseconds: Int64 = 0
  }
  /// What to do with a coded buffer.
  enum Verdict: Equatable {
    /// It holds the picture of this capture time, in ns.
    case picture(timestamp: UInt64)
    /// The encoder left a picture out.
    case skipped
    /// A picture nobody waits for, or nothing: back with the buffer.
    case ignore
    /// The stream is drained.
    case last
    /// The encoder cannot be trusted any more.
    case failed(String)
  }
  /// What DQBUF's refusal means.
  enum Refusal: Equatable {
    case nothingYet
    case drained
    case failed(String)
  }

  private struct Awaited {
    let microseconds: Int64
    let timestamp: UInt64
  }

  let limits: EncoderLimits
  /// Coded pictures so far.
  private(set) var pictures: UInt64 = 0
  /// Coded pictures that nobody waited for.
  private(set) var strays: UInt64 = 0
  private(set) var isDrained = false
  private var rawWithDriver: [Bool]
  private var codedWithDriver: [Bool]
  private var awaited: [Awaited] = []
  private var lastKey: Int64 = -1
  private var deadline: UInt64 = 0

  init(limits: EncoderLimits, rawBuffers: Int, codedBuffers: Int) {
    self.limits = limits
    rawWithDriver = Array(repeating: false, count: rawBuffers)
    codedWithDriver = Array(repeating: true, count: codedBuffers)
  }

  /// True while a picture is being waited for.
  var isWaiting: Bool { !awaited.isEmpty }
  /// True while the encoder holds a raw buffer.
  var holdsRaw: Bool { rawWithDriver.contains(true) }

  /// Gives a picture to the encoder.
  /// - Returns: the raw buffer to use and the time to pass in, which comes back with the coded picture; nil when the
  ///   encoder has every buffer.
  mutating func submit(timestamp: UInt64, now: UInt64) -> (index: Int, microseconds: Int64)? {
    guard let index = rawWithDriver.firstIndex(of: false) else { return nil }
    // A camera may repeat a time; the key must not.
    let key = max(Int64(clamping: timestamp / 1000), lastKey &+ 1)
    lastKey = key
    rawWithDriver[index] = true
    awaited.append(Awaited(microseconds: key, timestamp: timestamp))
    deadline = now &+ (pictures == 0 ? limits.firstPicture : limits.picture)
    return (index, key)
  }

  /// Waits for what is still to come at the end.
  mutating func drain(now: UInt64) {
    isDrained = false
    deadline = now &+ limits.picture
  }

  /// ms to wait for the next event; nil when the time is over.
  func patience(now: UInt64) -> Int32? {
    guard now < deadline else { return nil }
    return Int32(clamping: (deadline - now + 999_999) / 1_000_000)
  }

  /// For people, when the time is over.
  var lateness: String {
    let limit = (pictures == 0 ? limits.firstPicture : limits.picture) / 1_000_000
    return isWaiting ? "it gave no picture for \(limit) ms" : "it kept a picture's buffer for \(limit) ms"
  }

  /// A raw buffer came back.
  /// - Returns: false for one that the driver did not have.
  mutating func rawCameBack(_ index: Int) -> Bool {
    guard rawWithDriver.indices.contains(index), rawWithDriver[index] else { return false }
    rawWithDriver[index] = false
    return true
  }

  /// A coded buffer was given to the driver.
  mutating func codedWentOut(_ index: Int) {
    if codedWithDriver.indices.contains(index) { codedWithDriver[index] = true }
  }

  /// - Parameter length: of the buffer; `used` comes from the driver and may lie.
  mutating func codedCameBack(_ coded: Coded, length: (Int) -> Int) -> Verdict {
    guard codedWithDriver.indices.contains(coded.index), codedWithDriver[coded.index] else {
      return .failed("its driver gave buffer \(coded.index), which it did not have")
    }
    codedWithDriver[coded.index] = false
    guard coded.used <= length(coded.index) else {
      return .failed("its driver claims \(coded.used) bytes in a buffer of \(length(coded.index))")
    }
    if coded.isLast { isDrained = true }
    if coded.isError { return .failed("it coded a picture with errors") }
    // The empty buffer that ends the stream is no picture.
    if coded.isLast, coded.used == 0 { return .last }
    guard let place = place(of: coded) else {
      strays += 1
      return .ignore
    }
    let timestamp = awaited[place].timestamp
    guard coded.used > 0 else {
      awaited.removeFirst(place + 1)
      return .skipped
    }
    return .picture(timestamp: timestamp)
  }

  /// The buffer that was judged a picture is one; parameter sets alone are not, and the waiting goes on.
  mutating func accept(timestamp: UInt64) {
    pictures += 1
    if let place = awaited.firstIndex(where: { $0.timestamp == timestamp }) { awaited.removeFirst(place + 1) }
  }

  mutating func refused(errno: Int32, again: Int32, ended: Int32) -> Refusal {
    if errno == again { return .nothingYet }
    guard errno == ended else { return .failed("DQBUF gave errno \(errno)") }
    isDrained = true
    return .drained
  }

  /// All buffers are ours again; the coded ones will be queued anew.
  mutating func restart() {
    rawWithDriver = rawWithDriver.map { _ in false }
    codedWithDriver = codedWithDriver.map { _ in false }
    awaited = []
    isDrained = false
  }

  /// Matched by the time that was passed in; by order where the driver does not copy it.
  private func place(of coded: Coded) -> Int? {
    guard coded.isTimestampCopied else { return awaited.isEmpty ? nil : 0 }
    return awaited.firstIndex { $0.microseconds == coded.microseconds }
  }
}
