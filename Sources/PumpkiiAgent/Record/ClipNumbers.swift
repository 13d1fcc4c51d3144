internal import PumpkiiSystem

/// Gives out clip numbers: device-wide, from 1 without a gap, each on the disk and synced before anything bears it.
struct ClipNumbers {
  private static let head = "pumpkii/1 clip\n"
  let path: String

  /// The highest number given out; 0 before the first.
  /// - Throws: ``AgentError`` `home`, also for a damaged file: numbers that begin anew would be given out twice.
  func last() throws(AgentError) -> UInt64 {
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
    let path = path
    try AgentHome.guarded { () throws(SystemError) in try DurableFile.write(Self.encode(number), to: path) }
    return number
  }

  private static func encode(_ number: UInt64) -> [UInt8] { Array("\(head)\(number)\n".utf8) }
}
