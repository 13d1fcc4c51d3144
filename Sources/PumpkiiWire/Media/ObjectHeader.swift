/// The 36 clear bytes before an object's SFrame part (`docs/protocol.md`, object). Nothing acts on them before the
/// object has verified and opened, except the relay's forwarding, which is not trusted.
package struct ObjectHeader: Hashable, Sendable {
  /// What is to be known of an object before it is opened.
  package struct Flags: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// A player may begin here.
    package static let randomAccess = Flags(rawValue: 1)
    /// The last of its segment, which holds the digests of all of it.
    package static let endOfSegment = Flags(rawValue: 2)
    /// Holds the track's CMAF header.
    package static let initialization = Flags(rawValue: 4)
    static let known: UInt8 = 7
  }

  package static let byteCount = 36
  /// Bytes of the header that the AAD covers: all but the length.
  package static let authenticatedByteCount = 32
  /// The smallest body: SFrame header 2, an empty plaintext's 17 bytes, tag 16, signature 64.
  static let minimumBody = 2 + MediaPlaintext.headByteCount + 16 + Signature.byteCount

  package var flags: Flags
  package var mediaClass: MediaClass
  package var device: DeviceID
  /// Epoch, segment and track.
  package var kid: SegmentKID
  /// SFrame's CTR: the object's index in its segment, from 0, gap-free.
  package var index: UInt32
  /// Bytes after the header: SFrame header, ciphertext, tag, signature.
  package var length: UInt32

  package init(flags: Flags, mediaClass: MediaClass, device: DeviceID, kid: SegmentKID, index: UInt32, length: UInt32) {
    self.flags = flags
    self.mediaClass = mediaClass
    self.device = device
    self.kid = kid
    self.index = index
    self.length = length
  }

  /// Reads and checks the header; no allocation depends on a field before it passed its limit.
  /// - Throws: ``WireError``.
  package init(_ bytes: ArraySlice<UInt8>) throws(WireError) {
    var reader = ByteReader(bytes)
    guard try reader.read(UInt8.self, "version") == WireItem.version else { throw WireError(.unknownVersion, "object") }
    guard try reader.read(UInt8.self, "type") == WireItem.Kind.object.rawValue else {
      throw WireError(.unknownType, "object")
    }
    let flags = try reader.read(UInt8.self, "flags")
    guard flags & ~Flags.known == 0 else { throw WireError(.unknownValue, "object flags") }
    guard let mediaClass = try MediaClass(rawValue: reader.read("class")) else {
      throw WireError(.unknownValue, "object class")
    }
    self.flags = Flags(rawValue: flags)
    self.mediaClass = mediaClass
    device = try reader.read("device id")
    kid = try SegmentKID(rawValue: reader.read("KID"))
    index = try reader.read("index")
    length = try reader.read("length")
    guard kid.track.mediaClass == mediaClass else { throw WireError(.unknownValue, "class against track") }
    guard index < WireLimits.objectsPerSegment else { throw WireError(.overLimit, "index") }
    guard length >= Self.minimumBody else { throw WireError(.truncated, "object") }
    guard Int(length) <= WireLimits.objectBytes - Self.byteCount else { throw WireError(.overLimit, "object length") }
  }

  package func write(to writer: inout ByteWriter) {
    writer.write(WireItem.version)
    writer.write(WireItem.Kind.object.rawValue)
    writer.write(flags.rawValue)
    writer.write(mediaClass.rawValue)
    writer.write(device)
    writer.write(kid.rawValue)
    writer.write(index)
    writer.write(length)
  }

  package var bytes: [UInt8] {
    var writer = ByteWriter(capacity: Self.byteCount)
    write(to: &writer)
    return writer.bytes
  }
}
