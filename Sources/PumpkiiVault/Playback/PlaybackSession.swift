internal import PumpkiiChain
package import PumpkiiWire

/// One playback: which epochs it may open, where it stands in each track, and nothing else. A copy is another playback
/// that begins where this one stands.
package struct PlaybackSession: Sendable {
  /// What is being played.
  package enum Mode: Sendable {
    /// Epochs only rise: an older key message is refused, keys that no track can need any more are forgotten.
    case live
    /// The epochs of the recording, in whatever order its key messages are found.
    case recorded
  }

  /// Live keys kept at once; the oldest goes when another comes.
  static let liveEpochs = 16

  private let device: DeviceID
  private let mode: Mode
  private var epochs: [UInt32: OpenedEpoch] = [:]
  private var newest: (epoch: UInt32, roster: UInt64)?
  private var tracks: [Track: TrackPlayback] = [:]
  private var openers: [Track: SFrameOpener] = [:]

  /// A playback of `device` that has seen nothing yet.
  package init(device: DeviceID, mode: Mode) {
    self.device = device
    self.mode = mode
  }

  /// Takes the keys of another epoch. The same message once more changes nothing.
  /// - Throws: ``VaultError`` `wrongDevice`, `wrongEpoch` for a second message under one number or, live, for one that
  ///   goes back, `oldRoster` when its roster is older than that of an earlier epoch, `malformed` over the limit.
  package mutating func take(_ epoch: OpenedEpoch) throws(VaultError) {
    guard epoch.device == device else { throw VaultError(.wrongDevice, "key message") }
    if let known = epochs[epoch.epoch] {
      guard known.uid == epoch.uid, known.deviceKey == epoch.deviceKey else {
        throw VaultError(.wrongEpoch, "two key messages of epoch \(epoch.epoch)")
      }
      if epoch.classes.isSubset(of: known.classes) { return }
    }
    if let newest, mode == .live {
      guard epoch.epoch >= newest.epoch else {
        throw VaultError(.wrongEpoch, "key message \(epoch.epoch) after \(newest.epoch)")
      }
      guard epoch.rosterVersion >= newest.roster else { throw VaultError(.oldRoster, "epoch \(epoch.epoch)") }
    }
    guard epochs.count < WireLimits.chainEntries else { throw VaultError(WireError(.overLimit, "epochs")) }
    epochs[epoch.epoch] = epoch
    newest = (epoch.epoch, epoch.rosterVersion)
    if mode == .live { forget() }
  }

  /// Verifies and opens one object and takes the step it makes. When this throws, the playback stands where it stood:
  /// after `gap` wait for random access, anything else is an alarm.
  /// - Throws: ``VaultError``; each rule has its code.
  package mutating func open(_ bytes: [UInt8]) throws(VaultError) -> OpenedObject {
    let header = try Self.header(bytes)
    guard header.device == device else { throw VaultError(.wrongDevice, "object") }
    guard let epoch = epochs[header.kid.epoch] else { throw VaultError(.unknownEpoch, "\(header.kid)") }
    let digest = KeySchedule.objectDigest(bytes)
    try Self.verify(bytes, digest, epoch.deviceKey)
    let opener = try opener(header.kid, epoch)
    let plaintext = try Self.open(bytes, header, epoch, opener)
    try ObjectRules.check(plaintext.kind, header.flags, header.index, header.mediaClass)
    var track = tracks[header.kid.track] ?? TrackPlayback()
    let step = try track.take(
      TrackPlayback.Arrival(
        kid: header.kid, index: header.index, flags: header.flags, captureTime: plaintext.captureTime,
        digest: digest.bytes, end: plaintext.kind == .segmentEnd ? plaintext.payload : []))
    tracks[header.kid.track] = track
    openers[header.kid.track] = opener
    return OpenedObject(
      header: header, plaintext: plaintext, missing: step.missing, missingSegments: step.missingSegments,
      cut: step.cut)
  }

  /// Ends the playback: an error `cut` for every track whose last segment came without its end.
  package mutating func finish() -> [VaultError] {
    defer { tracks = [:] }
    return tracks.values.compactMap { $0.ended ? nil : $0.kid }.sorted()
      .map { VaultError(.cut, "\($0) has no end") }
  }

  /// Where each track stands: its segment.
  package var positions: [Track: SegmentKID] { tracks.compactMapValues(\.kid) }

  private mutating func forget() {
    let needed = tracks.values.compactMap { $0.kid?.epoch }.min() ?? 0
    let kept = epochs.keys.sorted().suffix(Self.liveEpochs)
    epochs = epochs.filter { kept.contains($0.key) && $0.key >= min(needed, kept.last ?? 0) }
  }

  private func opener(_ kid: SegmentKID, _ epoch: OpenedEpoch) throws(VaultError) -> SFrameOpener {
    if let opener = openers[kid.track], opener.keys.kid == kid.rawValue { return opener }
    return try SFrameOpener(keys: epoch.segmentKeys(kid))
  }
}

extension PlaybackSession {
  /// The header, with the limits held before anything is allocated by it.
  private static func header(_ bytes: [UInt8]) throws(VaultError) -> ObjectHeader {
    guard bytes.count >= ObjectHeader.byteCount else { throw VaultError(WireError(.truncated, "object")) }
    // The class octet and the track in the KID's last one; the decoder refuses this too, but not by this name.
    guard bytes[3] == bytes[27] >> 4 else { throw VaultError(.mediaClass, "class against track") }
    let header: ObjectHeader
    do throws(WireError) { header = try ObjectHeader(bytes[..<ObjectHeader.byteCount]) } catch {
      throw VaultError(error)
    }
    guard bytes.count == ObjectHeader.byteCount + Int(header.length) else {
      throw VaultError(WireError(.trailingBytes, "object length"))
    }
    return header
  }

  private static func verify(_ bytes: [UInt8], _ digest: Digest, _ key: SigningKey) throws(VaultError) {
    let signature: Signature
    do throws(WireError) { signature = try Signature(Array(bytes.suffix(Signature.byteCount))) } catch {
      throw VaultError(error)
    }
    do throws(ChainError) {
      try SignatureCheck.verify(signature, label: .object, body: digest.bytes, key: key)
    } catch { throw VaultError(error) }
  }

  private static func open(
    _ bytes: [UInt8], _ header: ObjectHeader, _ epoch: OpenedEpoch, _ opener: SFrameOpener
  ) throws(VaultError) -> MediaPlaintext {
    let sframe = bytes[ObjectHeader.byteCount..<bytes.count - Signature.byteCount]
    let frame = try SFrameOpener.header(sframe)
    guard frame.kid == header.kid.rawValue else { throw VaultError(.kidMismatch, "SFrame KID against the header") }
    guard frame.ctr == UInt64(header.index) else { throw VaultError(.indexMismatch, "SFrame CTR against the index") }
    let metadata = KeySchedule.metadata(clear: bytes[..<ObjectHeader.byteCount], uid: epoch.uid)
    let (_, plaintext) = try opener.open(sframe, metadata: metadata)
    do throws(WireError) { return try MediaPlaintext(plaintext[...]) } catch { throw VaultError(error) }
  }
}
