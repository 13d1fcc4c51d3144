internal import Crypto
internal import PumpkiiChain
package import PumpkiiWire

/// Reads a clip as it comes and refuses what is none: first the signed clip record of this device and number, then key
/// messages and objects of this device, cut exactly at its end. What is sealed in it is its readers' to judge.
package struct ClipIntake: Sendable {
  /// A clip that was whole.
  package struct Summary: Sendable, Equatable {
    package let bytes: Int
    package let hash: PumpkiiWire.Digest
    package let classes: ClassMask
  }

  private let device: DeviceID
  private let key: SigningKey
  private let number: UInt64
  private let objectBytes: Int
  private var parser = WireItemParser()
  private var hasher = SHA256()
  private var bytes = 0
  private var hasRecord = false
  private var classes = ClassMask()
  private var tracks: Set<Track> = []
  /// The entries that the last key head names and that have not come; nil before the first head.
  private var entries: Set<PumpkiiWire.Digest>?

  /// A clip of the device with `key`.
  package init(device: DeviceID, key: SigningKey, number: UInt64, objectBytes: Int) {
    self.device = device
    self.key = key
    self.number = number
    self.objectBytes = objectBytes
  }

  /// Takes the next bytes.
  /// - Throws: ``Problem``, `WireError` or `ChainError`: what came is no clip of this device.
  package mutating func take(_ chunk: some Collection<UInt8>) throws {
    hasher.update(data: Array(chunk))
    bytes += chunk.count
    parser.append(chunk)
    while let item = try parser.next() { try take(item) }
  }

  /// - Throws: ``Problem`` when the last item or the record is missing.
  package mutating func finish() throws -> Summary {
    guard parser.pending == 0, hasRecord else { throw Problem.bad("clip-items", "the clip is not whole") }
    return Summary(bytes: bytes, hash: try PumpkiiWire.Digest(Array(hasher.finalize())), classes: classes)
  }

  private mutating func take(_ item: WireItem) throws {
    guard hasRecord else { return try take(first: item) }
    switch item {
    case .object(let header, let bytes): try take(header, bytes)
    case .control(.keyHead, let body):
      entries = Set(try KeyHeadCheck.verify(body, device: device).body.entryDigests)
    case .control(.keyEntry, let body):
      _ = try KeyEntry(decoding: body)
      guard entries?.remove(Hashes.sha256(body)) != nil else {
        throw Problem.bad("keys-entries", "an entry that the key head before it does not name")
      }
    case .control: throw Problem.bad("clip-items", "an item that a clip does not hold")
    }
  }

  private mutating func take(first item: WireItem) throws {
    guard case .control(.clip, let body) = item, body.count > PumpkiiWire.Signature.byteCount else {
      throw Problem.bad("clip-items", "a clip begins with its record")
    }
    let signed = Array(body.dropLast(PumpkiiWire.Signature.byteCount))
    var reader = ByteReader(signed)
    guard try reader.read(UInt8.self, "type") == WireItem.Kind.clip.rawValue else {
      throw WireError(.unknownType, "clip record")
    }
    guard try reader.read("device id") == device else {
      throw Problem.bad("clip-wrong-device", "the clip's record is of another device")
    }
    guard try reader.read(UInt64.self, "clip number") == number else {
      throw Problem.bad("clip-wrong-number", "the clip's record has another number than the path")
    }
    let signature = try PumpkiiWire.Signature(Array(body.suffix(PumpkiiWire.Signature.byteCount)))
    try SignatureCheck.verify(signature, label: .clip, body: signed, key: key)
    hasRecord = true
  }

  private mutating func take(_ header: ObjectHeader, _ bytes: [UInt8]) throws {
    guard header.device == device else { throw Problem.bad("object-wrong-device", "the object names another device") }
    guard bytes.count <= objectBytes else { throw Problem.tooLarge }
    tracks.insert(header.kid.track)
    guard tracks.count <= GroupCache.trackCount else {
      throw Problem.bad("object-too-many-tracks", "a camera has at most \(GroupCache.trackCount) tracks")
    }
    classes.insert(ClassMask(header.mediaClass))
  }
}
