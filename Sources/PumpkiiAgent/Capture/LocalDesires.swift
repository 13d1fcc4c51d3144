package import PumpkiiPolicy

/// What on the device itself would like pictures or sound, whether or not it is allowed.
package struct LocalDesires: Sendable, Equatable {
  /// The recorder keeps a pre-roll, or a clip is open.
  package var record = false
  /// Motion is looked for.
  package var motion = false
  /// Loudness is listened for.
  package var loudness = false
  /// Somebody looks at the preview.
  package var previewPicture = false
  /// Somebody listens to it.
  package var previewSound = false

  package init() {}

  /// What pictures are wanted for.
  package var picture: Uses {
    var uses: Uses = []
    if record { uses.insert(.record) }
    if motion { uses.insert(.detectMotion) }
    if previewPicture { uses.insert(.preview) }
    return uses
  }

  /// What sound is wanted for.
  package var sound: Uses {
    var uses: Uses = []
    if record { uses.insert(.record) }
    if loudness { uses.insert(.detectSound) }
    if previewSound { uses.insert(.preview) }
    return uses
  }
}
