internal import Crypto
internal import PumpkiiChain
package import PumpkiiWire

/// Seals the objects of one segment, from index 0 without a gap, each counter once. It cannot be copied and ends with
/// ``end(captureTime:padding:)``.
package struct SegmentSealer: ~Copyable, Sendable {
  /// The segment, and its track and epoch.
  package let kid: SegmentKID
  private let mediaClass: MediaClass
  private var sframe: SFrameSealer
  private var template: ObjectTemplate
  private let device: DeviceID
  private let identity: SigningIdentity
  private let clock: CaptureClock
  private let objectLimit: UInt32
  /// Runs over the digests of all objects; the end object carries its result.
  private var digests = SHA256()

  init(
    kid: SegmentKID, keys: SFrameKeys, uid: EpochUID, identity: SigningIdentity, clock: CaptureClock,
    objectLimit: UInt32
  ) throws(VaultError) {
    self.kid = kid
    mediaClass = kid.track.mediaClass
    self.identity = identity
    self.clock = clock
    self.objectLimit = objectLimit
    device = DeviceID(of: identity.publicKey)
    template = ObjectTemplate(kid, device: device, uid: uid)
    sframe = try SFrameSealer(keys: keys, limit: UInt64(objectLimit))
  }

  /// The index of the next object, nil when the sealer is used up.
  package var nextIndex: UInt32? { sframe.counter.map { UInt32(truncatingIfNeeded: $0) } }

  /// Whether media still fits: the last index is kept for the end.
  package var isFull: Bool { (nextIndex ?? objectLimit) >= objectLimit - 1 }

  /// Seals and signs one object.
  /// - Throws: ``VaultError`` `counterExhausted` when only the end still fits, `mediaClass` when class, flags and kind
  ///   do not belong together, `timeOrder`, `malformed` over 16 MiB, `broken`.
  package mutating func seal(
    _ plaintext: MediaPlaintext, flags: ObjectHeader.Flags = ObjectHeader.Flags(rawValue: 0), padding: Padding = .padme
  ) throws(VaultError) -> SealedObject {
    let (header, bytes) = try admit(plaintext, flags, padding, signs: true)
    return SealedObject(header: header, bytes: bytes)
  }

  /// All of ``seal(_:flags:padding:)`` but digest and signature, for the benchmark. The result is no object: nobody
  /// accepts it. The index is used up all the same.
  /// - Throws: as ``seal(_:flags:padding:)``.
  package mutating func dangerouslySealUnsigned(
    _ plaintext: MediaPlaintext, flags: ObjectHeader.Flags = ObjectHeader.Flags(rawValue: 0), padding: Padding = .padme
  ) throws(VaultError) -> [UInt8] {
    try admit(plaintext, flags, padding, signs: false).bytes
  }

  /// The segment's last object: how many there were, and the hash of all their digests.
  /// - Throws: ``VaultError`` `counterExhausted` after a failure, `broken`.
  package consuming func end(captureTime: UInt64, padding: Padding = .padme) throws(VaultError) -> SealedObject {
    var payload = ByteWriter()
    payload.write(nextIndex ?? 0)
    payload.write(Array(digests.finalize()))
    let plaintext = MediaPlaintext(
      captureTime: clock.latest(captureTime), duration: 0, kind: .segmentEnd, payload: payload.bytes)
    let (header, bytes) = try produce(plaintext, .endOfSegment, padding, signs: true)
    return SealedObject(header: header, bytes: bytes)
  }

  private mutating func admit(
    _ plaintext: MediaPlaintext, _ flags: ObjectHeader.Flags, _ padding: Padding, signs: Bool
  ) throws(VaultError) -> (header: ObjectHeader, bytes: [UInt8]) {
    guard let index = nextIndex, index < objectLimit - 1 else {
      throw VaultError(.counterExhausted, "objects of a segment")
    }
    if case .segmentEnd = plaintext.kind { throw VaultError(.mediaClass, "a segment ends by end") }
    try ObjectRules.check(plaintext.kind, flags, index, mediaClass)
    guard padding.padded(MediaPlaintext.headByteCount + plaintext.payload.count) <= ObjectRules.plaintextLimit else {
      throw VaultError(WireError(.overLimit, "object"))
    }
    guard clock.advance(to: plaintext.captureTime) else { throw VaultError(.timeOrder, "capture time") }
    return try produce(plaintext, flags, padding, signs: signs)
  }

  /// One allocation: the clear bytes are written, the payload is encrypted from where it lies straight to where it
  /// stays, and tag and signature are put behind it.
  private mutating func produce(
    _ plaintext: MediaPlaintext, _ flags: ObjectHeader.Flags, _ padding: Padding, signs: Bool
  ) throws(VaultError) -> (header: ObjectHeader, bytes: [UInt8]) {
    let index = UInt32(truncatingIfNeeded: try sframe.takeCounter())
    let padded = padding.padded(MediaPlaintext.headByteCount + plaintext.payload.count)
    let count = ObjectHeader.byteCount + template.frameByteCount(index) + padded + SFrameSuite.tagByteCount
    let header = ObjectHeader(
      flags: flags, mediaClass: mediaClass, device: device, kid: kid, index: index,
      length: UInt32(count + Signature.byteCount - ObjectHeader.byteCount))
    template.set(flags: flags, index: index, length: header.length, plaintext)
    var isSealed = false
    var bytes: [UInt8] = []
    // Not `init(unsafeUninitializedCapacity:)`, whose allocation is not specialised and costs as much as sealing 1 KB.
    bytes.append(addingCapacity: count + Signature.byteCount) { span in
      unsafe span.withUnsafeMutableBufferPointer { buffer, written in
        let whole = UnsafeMutableRawBufferPointer(buffer)
        let object = unsafe UnsafeMutableRawBufferPointer(rebasing: whole[..<count])
        unsafe template.copyClear(to: object)
        let output = unsafe UnsafeMutableRawBufferPointer(rebasing: object[template.clearCount...])
        isSealed = unsafe sframe.seal(
          UInt64(index), aad: template.aad, head: template.head, payload: plaintext.payload, to: output)
        guard isSealed else { return }
        let tail = unsafe UnsafeMutableRawBufferPointer(rebasing: whole[count..<count + Signature.byteCount])
        if signs {
          unsafe tail.copyBytes(from: sign(UnsafeRawBufferPointer(object)).bytes)
        } else {
          unsafe tail.initializeMemory(as: UInt8.self, repeating: 0)
        }
        written = count + Signature.byteCount
      }
    }
    guard isSealed else {
      sframe.retire()
      throw VaultError(.broken, "AES-GCM")
    }
    return (header, bytes)
  }

  /// Signs the digest of everything before the signature and adds it to the segment's.
  private mutating func sign(_ object: UnsafeRawBufferPointer) -> PumpkiiWire.Signature {
    var hasher = SHA256()
    unsafe hasher.update(bufferPointer: object)
    let digest = Array(hasher.finalize())
    digests.update(data: digest)
    return identity.sign(.object, digest)
  }
}
