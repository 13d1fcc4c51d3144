/// What one layer says.
struct Verdict {
  let layer: Layer
  /// Why it denies and what would change that; nil when it allows.
  var denial: Decision.Denial?
  /// When this layer's answer changes by itself.
  var changesAt: UInt64?

  init(_ layer: Layer, changesAt: UInt64? = nil) {
    self.layer = layer
    self.changesAt = changesAt
  }

  init(_ layer: Layer, denial: Decision.Denial, changesAt: UInt64? = nil) {
    self.layer = layer
    self.denial = denial
    self.changesAt = changesAt
  }
}

/// What the layers say together. Nothing is put in lists: every frame is decided about, several times.
struct Judgement {
  /// The first layer that denies.
  private(set) var denying: Verdict?
  /// When the first of all layers changes; what an allowed request waits for.
  private var first: UInt64?
  /// When the last layer that denies does; a denied request changes by itself only where every one of them will.
  private var last: UInt64?
  private var deniesForEver = false

  mutating func hear(_ verdict: Verdict?) {
    guard let verdict else { return }
    if let instant = verdict.changesAt { first = min(first ?? instant, instant) }
    guard verdict.denial != nil else { return }
    denying = denying ?? verdict
    if let instant = verdict.changesAt { last = max(last ?? instant, instant) } else { deniesForEver = true }
  }

  /// When the answer changes by itself.
  var changesAt: UInt64? { denying == nil ? first : deniesForEver ? nil : last }
}
