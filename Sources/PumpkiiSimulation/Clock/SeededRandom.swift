/// Chance that can be repeated and asked for out of order: the value of step n needs none of the steps before it.
struct SeededRandom: Sendable {
  private let seed: UInt64

  init(seed: UInt64, stream: UInt64) { self.seed = Self.mix(seed ^ Self.mix(stream &+ 0x632B_E59B_D9B4_E019)) }

  /// 64 even bits.
  func bits(_ step: UInt64) -> UInt64 { Self.mix(seed &+ step &* 0x9E37_79B9_7F4A_7C15) }

  /// From 0 to below 1.
  func unit(_ step: UInt64) -> Double { Double(bits(step) >> 11) * 0x1p-53 }

  /// The finalizer of SplitMix64.
  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
