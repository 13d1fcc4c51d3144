/// Mute, volume and sampling frequency of the microphone.
struct SoundControls: Sendable {
  private static let mute: UInt8 = 1
  private static let volume: UInt8 = 2
  private static let frequency: UInt8 = 1
  /// 1/256 dB.
  private static let volumeRange: (minimum: Int16, maximum: Int16, step: Int16) = (-24 * 256, 12 * 256, 256)
  private let rates: [Int]
  private(set) var rate: Int
  private(set) var isMuted = false
  /// In 1/256 dB.
  private(set) var gain: Int16 = 0

  init(_ microphone: WebcamModel.Microphone) {
    rates = microphone.rates
    rate = microphone.rates.first ?? 48_000
  }

  /// A request to the feature unit.
  mutating func answerUnit(_ setup: SetupPacket, _ data: [UInt8]) -> ControlAnswer {
    guard setup.entity == WebcamLayout.featureUnit else { return .stall(.invalidUnit) }
    // Channel 0 is the master; the others have no controls of their own.
    guard setup.value & 0xFF == 0 else { return .stall(.invalidControl) }
    switch (setup.selector, setup.request) {
    case (Self.mute, ClassRequest.getCurrent): return .data([isMuted ? 1 : 0])
    case (Self.mute, ClassRequest.setCurrent):
      isMuted = data.first == 1
      return .done
    case (Self.volume, ClassRequest.setCurrent) where data.count == 2:
      let asked = Int16(truncatingIfNeeded: data.little(at: 0, 2))
      gain = min(max(asked, Self.volumeRange.minimum), Self.volumeRange.maximum)
      return .done
    case (Self.volume, ClassRequest.getCurrent): return Self.number(gain)
    case (Self.volume, ClassRequest.getMinimum): return Self.number(Self.volumeRange.minimum)
    case (Self.volume, ClassRequest.getMaximum): return Self.number(Self.volumeRange.maximum)
    case (Self.volume, ClassRequest.getResolution): return Self.number(Self.volumeRange.step)
    default: return .stall(.invalidRequest)
    }
  }

  /// A request to the stream's endpoint.
  mutating func answerEndpoint(_ setup: SetupPacket, _ data: [UInt8]) -> ControlAnswer {
    guard setup.selector == Self.frequency else { return .stall(.invalidControl) }
    switch setup.request {
    case ClassRequest.setCurrent where data.count == 3:
      let asked = Int(data.little(at: 0, 3))
      rate = rates.min { abs($0 - asked) < abs($1 - asked) } ?? rate
      return .done
    case ClassRequest.getCurrent: return Self.frequency(rate)
    case ClassRequest.getMinimum: return Self.frequency(rates.min() ?? rate)
    case ClassRequest.getMaximum: return Self.frequency(rates.max() ?? rate)
    default: return .stall(.invalidRequest)
    }
  }

  private static func number(_ value: Int16) -> ControlAnswer {
    var bytes: [UInt8] = []
    bytes.putLittle(value)
    return .data(bytes)
  }

  private static func frequency(_ rate: Int) -> ControlAnswer {
    .data([
      UInt8(truncatingIfNeeded: rate), UInt8(truncatingIfNeeded: rate >> 8), UInt8(truncatingIfNeeded: rate >> 16),
    ])
  }
}
