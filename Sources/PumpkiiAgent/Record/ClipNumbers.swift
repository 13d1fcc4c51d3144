internal import PumpkiiSystem
internal import PumpkiiWire
internal import Synchronization

/// Gives out clip numbers: device-wide, from 1 without a gap, each on the disk and synced before anything bears it.
final class ClipNumbers: Sendable {
  private static let head = "pumpkii/1 clip\n"
  let path: String
  private let counter = Mutex<Counter?>(nil)

  init(path: String) { self.path = path }

  /// Goes on above what the counter knows, and keeps it informed: a spool that was brought back or removed gives no
  /// number out twice, and what it lost is missed.
  func count(by counter: Counter) { self.counter.withLock { $0 = counter } }

  /// The highest number given out; 0 before the first.
  /// - Throws: ``AgentError`` `home`, also for a damaged file: numbers that begin anew would be given out twice.
  func last() throws(AgentError) -> UInt64 {
    max(try stored(), counter.withLock { $0 }?.value.clip ?? 0)
  }

  private func stored() throws(AgentError) -> UInt64 {
    let path = path
    guard let bytes = try AgentHome.guarded({ () throws(SystemError) in try DurableFile.read(path, limit: 64) }) else {
      return 0
    }
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.hasPrefix(Self.head), let number = UInt64(text.dropFirst(Self.head.count).dropLast()),
      Self.encode(number) == bytes
    else {
      throw AgentError(
        .home, "\(path) is damaged", advice: "Write the highest number of a clip into it, or remove the spool.")
    }
    return number
  }

  /// The next number.
  /// - Throws: ``AgentError`` `home`; the number is then given to nobody, or by the next call.
  func next() throws(AgentError) -> UInt64 {
    let number = try last() + 1
    try store(number)
    try counter.withLock { $0 }?.raise { $0.clip = number }
    return number
  }

  private func store(_ number: UInt64) throws(AgentError) {
    let path = path
    try AgentHome.guarded { () throws(SystemError) in try DurableFile.write(Self.encode(number), to: path) }
  }

  private static func encode(_ number: UInt64) -> [UInt8] { Array("\(head)\(number)\n".utf8) }
}
