import PumpkiiChain
import PumpkiiVault
import PumpkiiWire

extension OwnVectors {
  static let epochNumber: UInt32 = 7
  static let epochUID: EpochUID = fixed(0x61)

  var baseKeys: [MediaClass: SecretBytes] {
    Dictionary(
      uniqueKeysWithValues: MediaClass.allCases.map {
        ($0, SecretBytes(Array(repeating: 0x70 + $0.rawValue, count: 32)))
      })
  }

  func epoch() -> Epoch {
    Epoch(
      number: EpochNumber(dangerouslyUnrecorded: Self.epochNumber), identity: device, dangerouslyFixed: baseKeys,
      uid: Self.epochUID)
  }

  /// A video segment, a photo in two parts with other paddings, and the key schedule under them.
  var objects: JSONValue {
    get throws {
      var epoch = epoch()
      var list = try videoSegment(epoch.nextSegment(track: Track(.video)))
      list += try photoSegment(epoch.nextSegment(track: Track(.photo, 2)))
      list += try longSegment(epoch.nextSegment(track: Track(.event)))
      let keys = baseKeys
      let commits = epoch.commitments
      return .object([
        "device_seed": .hex(repeatElement(1, count: 32)), "device_key": .hex(device.publicKey),
        "device": .hex(deviceID), "epoch": .number(UInt64(Self.epochNumber)), "epoch_uid": .hex(Self.epochUID),
        "classes": .list(
          commits.map { commit in
            .object([
              "class": .number(UInt64(commit.mediaClass.rawValue)), "commit": .hex(commit.commit),
              "base_key": .hex(keys[commit.mediaClass]?.exposed ?? []),
            ])
          }),
        "objects": .list(list),
      ])
    }
  }

  private func describe(
    _ object: SealedObject, _ plaintext: MediaPlaintext, padding: String, paddingBytes: UInt64 = 0
  ) throws -> JSONValue {
    let kid = object.header.kid
    let key = try SFrameKeys(
      baseKey: baseKeys[kid.track.mediaClass] ?? SecretBytes([]), kid: kid.rawValue)
    return .object([
      "kid": .hex(bigEndian(kid.rawValue)),
      "index": .number(UInt64(object.header.index)), "flags": .number(UInt64(object.header.flags.rawValue)),
      "class": .number(UInt64(object.header.mediaClass.rawValue)), "capture_time": .number(plaintext.captureTime),
      "duration": .number(UInt64(plaintext.duration)), "kind": .number(UInt64(plaintext.kind.rawValue)),
      "payload": .hex(plaintext.payload), "padding": .text(padding), "padding_bytes": .number(paddingBytes),
      "sframe_key": .hex(key.key.exposed), "sframe_salt": .hex(key.salt.exposed), "bytes": .hex(object.bytes),
    ])
  }

  private func bigEndian(_ value: UInt64) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(value)
    return writer.bytes
  }

  private func videoSegment(_ begun: consuming SegmentSealer) throws -> [JSONValue] {
    var sealer = begun
    let start = MediaPlaintext(captureTime: time, duration: 0, kind: .initialization, payload: Array("ftypmoov".utf8))
    let first = MediaPlaintext(captureTime: time, duration: 33_333, kind: .chunk, payload: Array(0..<100))
    let second = MediaPlaintext(captureTime: time + 33_333, duration: 33_333, kind: .chunk, payload: [])
    var list = [
      try describe(sealer.seal(start, flags: .initialization), start, padding: "padme"),
      try describe(sealer.seal(first, flags: .randomAccess), first, padding: "padme"),
      try describe(sealer.seal(second), second, padding: "padme"),
    ]
    list.append(try end(sealer, time + 66_666))
    return list
  }

  private func photoSegment(_ begun: consuming SegmentSealer) throws -> [JSONValue] {
    var sealer = begun
    let part = MediaPlaintext(captureTime: time, duration: 0, kind: .jpegPart, payload: [0xff, 0xd8])
    let rest = MediaPlaintext(captureTime: time, duration: 0, kind: .jpeg, payload: [0xff, 0xd9])
    var list = [
      try describe(sealer.seal(part, padding: .none), part, padding: "none"),
      try describe(sealer.seal(rest, padding: .bucket(bytes: 64)), rest, padding: "bucket", paddingBytes: 64),
    ]
    list.append(try end(sealer, time))
    return list
  }

  /// Past index 7 and 255, where the SFrame header grows.
  private func longSegment(_ begun: consuming SegmentSealer) throws -> [JSONValue] {
    var sealer = begun
    let event = MediaPlaintext(captureTime: time, duration: 0, kind: .event, payload: Array("{}".utf8))
    var list: [JSONValue] = []
    for index in 0..<258 {
      let object = try sealer.seal(event, padding: .constant(bytes: 32))
      if [7, 8, 255, 256].contains(index) {
        list.append(try describe(object, event, padding: "constant", paddingBytes: 32))
      }
    }
    return list
  }

  private func end(_ sealer: consuming SegmentSealer, _ time: UInt64) throws -> JSONValue {
    let object = try sealer.end(captureTime: time)
    let kid = object.header.kid
    let base = baseKeys[kid.track.mediaClass] ?? SecretBytes([])
    let opener = try SFrameOpener(keys: SFrameKeys(baseKey: base, kid: kid.rawValue))
    let sframe = object.bytes[ObjectHeader.byteCount..<object.bytes.count - Signature.byteCount]
    let metadata = KeySchedule.metadata(clear: object.bytes, uid: Self.epochUID)
    let plaintext = try MediaPlaintext(opener.open(sframe, metadata: metadata).plaintext[...])
    return try describe(object, plaintext, padding: "padme")
  }
}
