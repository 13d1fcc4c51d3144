/// What counts as motion.
package struct MotionSettings: Sendable, Equatable {
  /// 0 sees only what stands out sharply, 1 sees what hardly does.
  package var sensitivity: Double
  /// Part of the picture that must change, 0 to 1.
  package var minimumArea: Double
  /// Looks a second, at most.
  package var looks: Double
  /// ns without motion after which an event ends.
  package var quiet: UInt64
  /// ns after the end of an event in which no other begins.
  package var holdOff: UInt64
  /// Where it counts; none is everywhere.
  package var zones: [DetectionZone]

  /// What is left out suits a room.
  package init(
    sensitivity: Double = 0.5, minimumArea: Double = 0.003, looks: Double = 5, quiet: UInt64 = 5_000_000_000,
    holdOff: UInt64 = 2_000_000_000, zones: [DetectionZone] = []
  ) {
    self.sensitivity = min(max(sensitivity, 0), 1)
    self.minimumArea = min(max(minimumArea, 0), 1)
    self.looks = min(max(looks, 0.1), 30)
    self.quiet = quiet
    self.holdOff = holdOff
    self.zones = zones
  }

  /// Steps of luma by which a cell must differ.
  var threshold: Float { Float(4 + 28 * (1 - sensitivity) * (1 - sensitivity)) }
  /// ns from one look to the next.
  var interval: UInt64 { UInt64(1e9 / looks) }
}

/// What a detector says: of motion, or of sound.
package struct DetectionReport: Sendable, Equatable {
  /// Where in an event.
  package enum Stage: String, Sendable, CaseIterable {
    case began
    case goesOn = "goes-on"
    case ended
  }

  package var stage: Stage
  /// CLOCK_MONOTONIC in ns: of the look, or of the sound.
  package var time: UInt64
  /// ns since the event began.
  package var duration: UInt64
  /// Motion: the part of the watched picture that moves, 0 to 1; the largest so far when it ends. Sound: dB above what
  /// is usual.
  package var score: Double
  /// Names of the zones in which it moves, sorted; all of them when it ends.
  package var zones: [String]

  package init(stage: Stage, time: UInt64, duration: UInt64 = 0, score: Double, zones: [String] = []) {
    self.stage = stage
    self.time = time
    self.duration = duration
    self.score = score
    self.zones = zones
  }
}
