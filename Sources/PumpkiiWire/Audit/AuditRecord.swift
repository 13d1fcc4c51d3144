/// What one ledger entry says.
package enum AuditRecord: Sendable, Equatable {
  case consent(ConsentRecord)
  /// An account's row key was destroyed.
  case erased(RowID)
  /// The last write had been cut; the bytes of its half entry, and their hash.
  case healed(bytes: UInt32, hash: Digest)
  /// Entries up to this number were dropped for their age; the head they had.
  case pruned(through: UInt64, head: Digest)
  case began
  case ended
  case opened(Sensor)
  case closed(Sensor, Closing)
  case admitted(SealedPerson, ClassMask)
  case cut(SealedPerson)
  case denials(since: UInt64, [Denials])
  case paused(ConsentRecord.Origin)
  case resumed(ConsentRecord.Origin)
  case clipRecorded(UInt64)
  case clipWiped(UInt64, Wiping)
  /// What the indicator shows: bit 0 the camera, bit 1 the microphone.
  case indicator(UInt8)
  /// An output of the indicator, by its name, does not work.
  case indicatorFailed(String)
  case killSwitch(isThrown: Bool)
  /// So many entries found no room and are known by number alone.
  case folded(UInt32)

  package enum Sensor: UInt8, Sendable, CaseIterable {
    case camera = 1
    case microphone = 2
  }

  /// Why a sensor was closed.
  package enum Closing: UInt8, Sendable, CaseIterable {
    /// Nobody wants it any more.
    case unwanted = 1
    case denied = 2
    case failed = 3
    /// The agent ends.
    case ended = 4
  }

  /// Why a clip is no more.
  package enum Wiping: UInt8, Sendable, CaseIterable {
    /// The retention that the owner set.
    case retention = 1
    case denied = 2
    /// Somebody asked for it.
    case asked = 3
  }

  /// How often one flag was denied at one point by one layer.
  package struct Denials: Sendable, Equatable {
    /// The flag's name.
    package var flag: String
    /// The enforcement point's number, as `E3`.
    package var point: String
    /// The first layer that denied.
    package var layer: String
    package var count: UInt64

    package init(flag: String, point: String, layer: String, count: UInt64) {
      self.flag = flag
      self.point = point
      self.layer = layer
      self.count = count
    }
  }
}
