package import PumpkiiVault
package import PumpkiiWire

/// A sealed object in memory of its own, which is overwritten when the last holder lets it go: what is withdrawn
/// leaves nothing behind, whoever else was handed the same object.
package struct RecordedObject: Sendable {
  package let header: ObjectHeader
  package let memory: SecretBytes

  package init(copying object: SealedObject) {
    header = object.header
    memory = SecretBytes(object.bytes)
  }

  package var byteCount: Int { memory.count }

  /// Neither init nor end: what a bound may take.
  package var isMedia: Bool { header.flags.isDisjoint(with: [.initialization, .endOfSegment]) }
}
