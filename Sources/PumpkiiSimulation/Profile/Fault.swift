internal import PumpkiiCapture

/// One thing that goes wrong with a sensor: what, when, for how long, and at which opening.
public struct Fault: Sendable, Equatable {
  /// What goes wrong.
  public enum Kind: String, Sendable, CaseIterable {
    /// The device is pulled out, and put in again after ``Fault/backAfter``.
    case unplug
    /// No unit any more; only closing and opening helps.
    case freeze
    /// A transfer fails: buffers come back as damaged, all at once, then the stream goes on.
    case stall
    /// Units are made and lost: a step in the numbers.
    case lose
    /// Frames are cut short.
    case truncate
    /// The camera itself marks frames as bad: they are lost as damaged.
    case errorBit = "error_bit"
    /// Frames have no bytes.
    case empty
    /// JPEG frames lack their Huffman tables, as many webcams' do.
    case noHuffman = "no_huffman"
    /// Frames hold bytes that mean nothing.
    case junk
    /// The privacy shutter is closed: it is told, and frames go on, black. A film's frames stay as they are.
    case shutter
    /// Frames come at half their rate, as in the dark, without a step in their numbers.
    case rateDrop = "rate_drop"
    /// Control transfers are not answered any more: the stream goes on, the next opening takes ``Fault/length`` and
    /// fails, the one after it works.
    case controlStall = "control_stall"
    /// The sound card overwrote what nobody collected.
    case xrun
    /// The machine or the device slept.
    case suspend
    /// Timestamps are off by ``Fault/by``, until the closing where no end is given.
    case clockJump = "clock_jump"
  }

  /// When it begins.
  public enum Trigger: Sendable, Equatable {
    /// At this unit (a frame of a camera, a period of a microphone), counted from 0 at opening. It lasts
    /// ``Fault/count`` units.
    case unit(UInt64)
    /// So many ns after opening. It lasts ``Fault/length`` ns.
    case time(UInt64)
    /// At each unit with this probability, 0 to 1, by the device's seed. It lasts ``Fault/count`` units.
    case chance(Double)
  }

  /// What goes wrong.
  public var kind: Kind
  /// When it begins.
  public var trigger: Trigger
  /// How many units it befalls, where it begins at a unit or by chance.
  public var count: UInt64
  /// For how many ns it lasts, where it begins at a time; of ``Kind/controlStall``: how long an opening takes to fail.
  public var length: UInt64
  /// Which opening of the device it befalls, from 1; 0 for all.
  public var opening: Int
  /// After how many ns an unplugged device is back; nil for never.
  public var backAfter: UInt64?
  /// Of ``Kind/clockJump``: ns by which timestamps are off; negative for backwards.
  public var by: Int64

  /// A fault.
  /// - Parameters:
  ///   - count: nil for one unit, or for ever where the kind has no end of its own.
  ///   - length: nil for 100 ms, for ever, or the 5 s after which the kernel gives up a control transfer.
  public init(
    _ kind: Kind, when trigger: Trigger, count: UInt64? = nil, length: UInt64? = nil, opening: Int = 1,
    backAfter: UInt64? = nil, by: Int64 = 0
  ) {
    self.kind = kind
    self.trigger = trigger
    self.count = kind.stops ? .max : count ?? (kind.isEndless ? .max : 1)
    self.length = length ?? kind.usualLength
    self.opening = opening
    self.backAfter = backAfter
    self.by = by
  }

  /// A fault of a unit.
  public init(
    _ kind: Kind, at unit: UInt64, count: UInt64? = nil, opening: Int = 1, backAfter: UInt64? = nil, by: Int64 = 0
  ) {
    self.init(kind, when: .unit(unit), count: count, opening: opening, backAfter: backAfter, by: by)
  }
}

extension Fault.Kind {
  /// True where the device itself stops, rather than a unit being bad.
  var stops: Bool { self == .unplug || self == .freeze }

  /// True where nothing but its own end, a closing or a replugging, ends it.
  var isEndless: Bool { stops || self == .controlStall || self == .clockJump }

  /// As what units that it befalls are lost; nil where they are handed out.
  var loss: CaptureLoss? {
    switch self {
    case .lose: .gap
    case .stall, .errorBit: .damaged
    case .xrun: .overrun
    case .suspend: .suspended
    default: nil
    }
  }

  fileprivate var usualLength: UInt64 {
    if self == .controlStall { return 5_000_000_000 }
    return isEndless ? .max : 100_000_000
  }
}
