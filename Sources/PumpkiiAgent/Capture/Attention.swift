package import PumpkiiWire

/// What the sensors should do now, derived from who wants them and what is allowed: a pure machine with a clock handed in.
/// Sensors open for the first viewer, recording or look at the preview, and close some time after the last.
package struct Attention: Sendable, Equatable {
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
    /// Something on the device itself wants pictures (a recording, motion, the preview), or sound.
    package var localPicture = false
    package var localSound = false
    /// E1 and E2 for each sensor.
    package var cameraAllowed = false
    package var microphoneAllowed = false
    /// The agent ends.
    package var isRetired = false
    package init() {}
  }

  /// What goes out.
  package struct Directive: Sendable, Equatable {
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
  private var cameraUntil: UInt64 = 0
  private var microphoneUntil: UInt64 = 0
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
    let isWatched = inputs.isConnected && (inputs.wanted.contains(.video) || inputs.wanted.contains(.photo))
    let wantsPicture = isWatched || inputs.localPicture
    let wantsSound = (inputs.isConnected && inputs.wanted.contains(.audio)) || inputs.localSound
    if wantsPicture { cameraUntil = now + settings.linger }
    if wantsSound { microphoneUntil = now + settings.linger }
    if !inputs.wanted.isEmpty { uplinkUntil = now + settings.linger }
    var directive = Directive()
    directive.camera = inputs.cameraAllowed && (wantsPicture || now < cameraUntil)
    directive.microphone = inputs.microphoneAllowed && (wantsSound || now < microphoneUntil)
    directive.uplink = !inputs.wanted.isEmpty || now < uplinkUntil
    if inputs.isConnected { directive.live = inputs.wanted }
    if !inputs.cameraAllowed && !wantsPicture { cameraUntil = 0 }
    if !inputs.microphoneAllowed && !wantsSound { microphoneUntil = 0 }
    let ends = [
      wantsPicture ? 0 : cameraUntil, wantsSound ? 0 : microphoneUntil, inputs.wanted.isEmpty ? uplinkUntil : 0,
    ]
    return (directive, ends.filter { $0 > now }.min())
  }
}
