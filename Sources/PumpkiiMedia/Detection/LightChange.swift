/// How a whole picture became brighter or darker: a factor and an offset that most cells agree on, so that something
/// that moves in a part of it has no say.
struct LightChange: Sendable {
  private let gain: Float
  private let offset: Float
  /// Steps of luma by which cells may lie beside what is expected: cameras do not change in proportion.
  let uncertainty: Float
  /// True for a lamp that is switched or an exposure that jumps: what was white or black before cannot be foretold.
  let isStep: Bool

  init(from old: [Float], to new: [Float]) {
    var ratios: [Float] = []
    ratios.reserveCapacity(old.count)
    // Cells that are white or black tell of no proportion.
    for at in old.indices where old[at] >= 24 && old[at] < 240 && new[at] >= 4 && new[at] < 250 {
      ratios.append(new[at] / old[at])
    }
    let found = ratios.count >= old.count / 8 ? Self.middle(&ratios) : 1
    gain = min(max(found, 0.2), 5)
    var rests: [Float] = []
    rests.reserveCapacity(old.count)
    for at in old.indices where new[at] >= 4 && new[at] < 250 { rests.append(new[at] - gain * old[at]) }
    offset = rests.isEmpty ? 0 : Self.middle(&rests)
    uncertainty = min(40 * abs(gain - 1) + 0.5 * abs(offset), 24)
    isStep = abs(gain - 1) > 0.06 || abs(offset) > 6
  }

  func expected(_ cell: Float) -> Float { min(max(gain * cell + offset, 0), 255) }

  private static func middle(_ values: inout [Float]) -> Float {
    values.sort()
    return values[values.count / 2]
  }
}
