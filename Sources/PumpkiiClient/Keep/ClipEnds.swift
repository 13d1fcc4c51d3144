internal import PumpkiiChain
internal import PumpkiiWire

/// Holds a clip's signed record against what opened of the clip: nothing may be missing before the last object that
/// it names, and a segment that goes on after that object is not cut.
struct ClipEnds {
  /// The device's key, as its key heads have it.
  var key: SigningKey?
  /// What the account has keys for.
  var classes: Set<MediaKind> = []
  private var records: [[UInt8]] = []
  private var last: [UInt64: ClipRecord.Position] = [:]

  /// A record as it came; it is verified once the key is known.
  mutating func take(_ record: [UInt8]) { records.append(record) }

  /// An object opened.
  mutating func opened(_ segment: UInt64, _ index: UInt32) {
    guard let kid = try? SegmentKID(rawValue: segment) else { return }
    last[kid.place] = ClipRecord.Position(kid: kid, index: index)
  }

  /// The clip's number, proven.
  var number: UInt64? { record?.number }

  /// Whether the segment stands without its end because the clip ends in it.
  func explains(_ segment: UInt64) -> Bool {
    guard let kid = try? SegmentKID(rawValue: segment), let record else { return false }
    return record.ranges.contains { $0.last.kid == kid && last[kid.place] == $0.last }
  }

  /// Objects of which the record knows and that did not come behind the last one that opened.
  var missing: Int {
    (record?.ranges ?? []).reduce(0) { count, range in
      guard classes.contains(MediaKind(range.last.kid.track.mediaClass)) else { return count }
      guard let reached = last[range.last.kid.place] else { return count + 1 }
      guard reached < range.last else { return count }
      return count + (reached.kid == range.last.kid ? Int(range.last.index - reached.index) : 1)
    }
  }

  /// The code of what is wrong with the record; nil without a record.
  var problem: String? {
    guard let first = records.first, let key else { return nil }
    guard records.count == 1 else { return ClientError.Code.altered.rawValue }
    do throws(ChainError) {
      _ = try ClipCheck.verify(first, key: key)
      return nil
    } catch {
      return error.code.rawValue
    }
  }

  private var record: ClipRecord? {
    guard records.count == 1, let key, let bytes = records.first else { return nil }
    return (try? ClipCheck.verify(bytes, key: key))?.body
  }
}
