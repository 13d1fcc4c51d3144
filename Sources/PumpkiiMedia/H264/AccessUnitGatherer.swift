/// Makes access units of what a camera puts into its buffers: one in each, as V4L2 says; several in one; or parts of
/// one in several, cut between NAL units or in the middle of one.
///
/// A camera is believed to keep to the rule until it twice begins a buffer in the middle of a picture. From then on a
/// unit is whole when the next one begins, one buffer later, and nothing is handed out before an IDR, as the beginning
/// of the picture at hand was given away already.
struct AccessUnitGatherer: Sendable {
  /// A picture with what belongs to it.
  struct Unit: Equatable {
    let bytes: [UInt8]
    /// Of its first buffer.
    let time: UInt64
  }
  /// What became of a buffer.
  enum Outcome: Equatable {
    /// These units are whole now.
    case units([Unit])
    /// Its bytes wait for those of the next buffer.
    case held
    /// It is the rest of something whose beginning is missing.
    case unusable
  }

  /// Bytes of parameter sets that may wait for their picture.
  private static let longestPrefix = 1 << 16
  /// Buffers within which a second continuation must follow the first.
  private static let memory = 8

  /// True once the camera was seen to cut units into parts.
  private(set) var isGathering = false
  private var prefix: [UInt8] = []
  private var sinceContinuation: Int?
  private var splitter = AnnexBAccessUnits()
  /// Where in the stream each buffer began, and when.
  private var marks: [(position: Int, time: UInt64)] = []
  private var awaitsIDR = false

  mutating func take(_ bytes: [UInt8], at time: UInt64) -> Outcome {
    if isGathering { return gather(bytes, time) }
    let shape = BufferShape(bytes)
    if let since = sinceContinuation { sinceContinuation = since < Self.memory ? since + 1 : nil }
    guard !shape.continues else {
      guard sinceContinuation != nil else {
        sinceContinuation = 0
        return .unusable
      }
      isGathering = true
      awaitsIDR = true
      prefix = []
      return gather(bytes, time)
    }
    guard shape.pictures > 0 else {
      // Parameter sets in a buffer of their own.
      guard shape.hasUnits, prefix.count + bytes.count <= Self.longestPrefix else { return .unusable }
      prefix += bytes
      return .held
    }
    let whole = prefix.isEmpty ? bytes : prefix + bytes
    prefix = []
    if shape.pictures == 1 { return .units([Unit(bytes: whole, time: time)]) }
    return .units(AnnexBAccessUnits.all(of: whole).map { Unit(bytes: $0, time: time) })
  }

  private mutating func gather(_ bytes: [UInt8], _ time: UInt64) -> Outcome {
    marks.append((splitter.total, time))
    splitter.append(bytes)
    var units: [Unit] = []
    while let unit = splitter.next() {
      let begin = splitter.position - unit.count
      while marks.count > 1, marks[1].position <= begin { marks.removeFirst() }
      let unitTime = marks[0].time
      if awaitsIDR {
        guard BufferShape.hasIDR(unit) else { continue }
        awaitsIDR = false
      }
      units.append(Unit(bytes: unit, time: unitTime))
    }
    return units.isEmpty ? .held : .units(units)
  }
}

/// What a buffer of H.264 holds, by its NAL units' first bytes.
struct BufferShape: Equatable {
  /// Pictures that begin in it.
  var pictures = 0
  /// True when it begins in the middle of a picture or of a NAL unit.
  var continues = false
  /// True when there is any NAL unit.
  var hasUnits = false

  init(_ bytes: [UInt8]) {
    let ranges = AnnexB.units(bytes)
    hasUnits = !ranges.isEmpty
    guard let first = ranges.first else {
      continues = !bytes.isEmpty
      return
    }
    // Before the first start code only zeros may stand.
    continues = bytes[..<(first.lowerBound - 3)].contains { $0 != 0 }
    for range in ranges where AnnexB.hasHead(AnnexB.type(of: bytes[range.lowerBound])) {
      if AnnexB.isFirstSlice(bytes, range) {
        pictures += 1
      } else if pictures == 0 {
        continues = true
      }
    }
  }

  static func hasIDR(_ unit: [UInt8]) -> Bool {
    AnnexB.units(unit).contains { AnnexB.type(of: unit[$0.lowerBound]) == AnnexB.UnitType.idr }
  }
}
