package import PumpkiiWire

/// An object that a ``SegmentSealer`` sealed and signed. Nothing outside the vault can make one, so what accepts only
/// this type accepts nothing unsealed.
package struct SealedObject: Sendable {
  /// Its clear fields.
  package let header: ObjectHeader
  /// The whole object, header to signature, as it goes on the wire.
  package let bytes: [UInt8]

  init(header: ObjectHeader, bytes: [UInt8]) {
    self.header = header
    self.bytes = bytes
  }
}
