/// The microphone of a simulated device.
public struct MicrophoneProfile: Sendable, Equatable {
  /// Where its sound comes from.
  public enum Source: Sendable, Equatable {
    /// A beep of 1 kHz and 40 ms at each full second, in step with the camera's flash.
    case tone
    /// Something that sounds like somebody speaking, without words.
    case speech
    /// Nothing but zeros.
    case silence
    /// A `.wav` that loops. It decides rate and channels.
    case file(String)
  }

  /// For people.
  public var name: String
  /// Where the sound comes from.
  public var source: Source
  /// Sample frames a second; a file has its own.
  public var rate: Int
  /// 1 or 2; a file has its own.
  public var channels: Int
  /// Length of a period in ns.
  public var period: UInt64
  /// Length of the driver's ring in ns.
  public var buffer: UInt64
  /// Drift and jitter.
  public var clock: ClockQuality
  /// What goes wrong, and when.
  public var faults: [Fault]
  private var offered: Set<Int> = []

  /// A microphone with the defaults of the schema.
  public init(
    name: String = "Simulated microphone", source: Source = .tone, rate: Int = 48_000, channels: Int = 1,
    period: UInt64 = 20_000_000, buffer: UInt64 = 200_000_000, clock: ClockQuality = ClockQuality(),
    faults: [Fault] = [], rates: [Int] = []
  ) {
    self.name = name
    self.source = source
    self.rate = rate
    self.channels = channels
    self.period = period
    self.buffer = buffer
    self.clock = clock
    self.faults = faults
    self.rates = rates
  }

  /// Every rate a program may choose on the bus, the lowest first; ``rate`` is one of them, and the in-process fake has
  /// no other.
  public var rates: [Int] {
    get { offered.union([rate]).sorted() }
    set { offered = Set(newValue) }
  }
}
