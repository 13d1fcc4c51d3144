internal import PumpkiiWire
internal import Synchronization

/// What clips hold, read once each: their files say it, at the price of reading them through.
final class ClipClasses: Sendable {
  /// Clips that are remembered; the lowest number goes first.
  private static let limit = 65_536
  private let key: SigningKey
  private let known = Mutex<[UInt64: ClassMask]>([:])

  init(key: SigningKey) { self.key = key }

  /// Nil where the file cannot be read, or is none of ours. Blocks.
  func of(_ clip: SpooledClip) -> ClassMask? {
    if let classes = known.withLock({ $0[clip.number] }) { return classes }
    guard let scan = try? ClipScan(path: clip.path, key: key, verifies: false) else { return nil }
    let classes = scan.tally.classes
    known.withLock { known in
      known[clip.number] = classes
      if known.count > Self.limit, let lowest = known.keys.min() { known[lowest] = nil }
    }
    return classes
  }
}
