internal import PumpkiiMedia

/// Looks into one access unit.
enum AnnexBUnit {
  static func isIDR(_ bytes: [UInt8]) -> Bool { AnnexB.units(bytes).contains { bytes[$0.lowerBound] & 31 == 5 } }

  /// What the first sequence parameter set of the access unit says, nil when there is none.
  static func parameters(_ bytes: [UInt8]) throws(MediaError) -> SequenceParameters? {
    for unit in AnnexB.units(bytes) where bytes[unit.lowerBound] & 31 == 7 {
      return try SequenceParameters(unit: bytes[unit])
    }
    return nil
  }
}
