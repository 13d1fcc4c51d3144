/// One thing that goes wrong with a sensor, at a unit that the profile names: a frame of a camera, a period of a
/// microphone.
public struct Fault: Sendable, Equatable {
  /// What goes wrong.
  public enum Kind: String, Sendable, CaseIterable {
    /// The device is pulled out, and put in again after ``Fault/backAfter``.
    case unplug
    /// No unit any more; only closing and opening helps.
    case freeze
    /// Units are made and lost: a step in the numbers.
    case lose
    /// Frames are cut short.
    case truncate
    /// Frames have no bytes.
    case empty
    /// Frames hold bytes that mean nothing.
    case junk
    /// JPEG frames lack their Huffman tables, as many webcams' do.
    case noHuffman = "no_huffman"
  }

  /// What goes wrong.
  public var kind: Kind
  /// The first unit it befalls, counted from 0 at opening.
  public var at: UInt64
  /// How many units it befalls.
  public var count: UInt64
  /// Which opening of the device it befalls, from 1; 0 for all.
  public var opening: Int
  /// After how many ns an unplugged device is back; nil for never.
  public var backAfter: UInt64?

  /// A fault of the first opening.
  public init(_ kind: Kind, at: UInt64, count: UInt64 = 1, opening: Int = 1, backAfter: UInt64? = nil) {
    self.kind = kind
    self.at = at
    self.count = count
    self.opening = opening
    self.backAfter = backAfter
  }

  /// True where the device itself stops, rather than a frame being bad.
  var stops: Bool { kind == .unplug || kind == .freeze }

  func befalls(_ unit: UInt64) -> Bool { unit >= at && unit - at < count }
}

/// The faults of one opening.
struct FaultScript: Sendable {
  private let faults: [Fault]

  init(_ faults: [Fault], opening: Int) {
    self.faults = faults.filter { $0.opening == 0 || $0.opening == opening }
  }

  /// The fault that ends this opening, nil for none.
  var stop: Fault? { faults.filter(\.stops).min { $0.at < $1.at } }

  /// What befalls a unit, in the order of the profile.
  func faults(of unit: UInt64) -> [Fault.Kind] {
    faults.isEmpty ? [] : faults.filter { !$0.stops && $0.befalls(unit) }.map(\.kind)
  }
}
