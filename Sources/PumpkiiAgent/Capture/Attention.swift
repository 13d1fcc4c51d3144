package import PumpkiiPolicy
package import PumpkiiWire

/// What the sensors should do now, derived from who wants them and what is allowed: a pure machine with a clock handed
/// in. Sensors open for the first viewer, recording or look at the preview, and close some time after the last.
package struct Attention: Sendable, Equatable {
  /// What is the same for as long as an agent runs.
  package struct Settings: Sendable, Equatable {
    /// ns a sensor stays open after the last viewer left.
    package var linger: UInt64 = 10_000_000_000
    package init() {}
  }

  /// What comes in.
  package struct Inputs: Sendable, Equatable {
    /// Classes that viewers want, as the relay says.
    package var wanted: ClassMask = []
    /// The uplink is connected.
    package var isConnected = false
    /// What pictures and sound are wanted for: by viewers, and on the device itself (a recording, motion, the preview).
    package var picture = Wish()
    package var sound = Wish()
    /// E1 and E2 for each sensor.
    package var cameraAllowed = false
    package var microphoneAllowed = false
    /// The agent ends.
    package var isRetired = false
    package init() {}
  }

  /// What a sensor's units are wanted for, and what of that every layer allows.
  package struct Wish: Sendable, Equatable {
    /// By anybody, allowed or not.
    package var desired: Uses = []
    package var allowed: Uses = []

    package init(desired: Uses = [], allowed: Uses = []) { (self.desired, self.allowed) = (desired, allowed) }

    /// Without what an uplink that does not stand could not carry.
    func reachable(_ isConnected: Bool) -> Wish {
      isConnected ? self : Wish(desired: desired.subtracting(.remote), allowed: allowed.subtracting(.remote))
    }
  }

  /// How long one sensor stays open.
  private struct Hold: Sendable, Equatable {
    var until: UInt64 = 0
    /// What it was open for last.
    var uses: Uses = []

    /// A sensor lingers after whoever left, never after a denial: what it was open for and is still wanted was taken
    /// away.
    mutating func follow(_ wish: Wish, now: UInt64, linger: UInt64) {
      if !wish.allowed.isEmpty {
        (until, uses) = (now + linger, wish.allowed)
      } else if !uses.isDisjoint(with: wish.desired) {
        self = Hold()
      }
    }
  }

  /// What goes out.
  package struct Directive: Sendable, Equatable {
    /// It should be open.
    package var camera = false
    package var microphone = false
    /// The uplink should be connected.
    package var uplink = false
    /// Classes that are sealed now.
    package var live: ClassMask = []
    /// Nothing opens any more.
    package var isRetired = false
    package init() {}
  }

  private let settings: Settings
  private var camera = Hold()
  private var microphone = Hold()
  private var uplinkUntil: UInt64 = 0

  package init(settings: Settings = Settings()) { self.settings = settings }

  /// The directive at `now` (CLOCK_MONOTONIC, ns) and the instant at which it changes by itself.
  package mutating func decide(_ inputs: Inputs, now: UInt64) -> (directive: Directive, changesAt: UInt64?) {
    guard !inputs.isRetired else {
      var directive = Directive()
      directive.isRetired = true
      return (directive, nil)
    }
    // A sensor opens when its first frame can be used: a camera that codes for itself begins with the only random
    // access point for seconds.
    let (picture, sound) = (inputs.picture.reachable(inputs.isConnected), inputs.sound.reachable(inputs.isConnected))
    camera.follow(picture, now: now, linger: settings.linger)
    microphone.follow(sound, now: now, linger: settings.linger)
    if !inputs.cameraAllowed { camera = Hold() }
    if !inputs.microphoneAllowed { microphone = Hold() }
    if !inputs.wanted.isEmpty { uplinkUntil = now + settings.linger }
    var directive = Directive()
    directive.camera = inputs.cameraAllowed && (!picture.allowed.isEmpty || now < camera.until)
    directive.microphone = inputs.microphoneAllowed && (!sound.allowed.isEmpty || now < microphone.until)
    directive.uplink = !inputs.wanted.isEmpty || now < uplinkUntil
    if inputs.isConnected { directive.live = inputs.wanted }
    let ends = [
      picture.allowed.isEmpty ? camera.until : 0, sound.allowed.isEmpty ? microphone.until : 0,
      inputs.wanted.isEmpty ? uplinkUntil : 0,
    ]
    return (directive, ends.filter { $0 > now }.min())
  }
}

extension Uses {
  /// Those of whoever watches from elsewhere.
  fileprivate static let remote: Uses = [.live, .photo]
}
