internal import PumpkiiChain
package import PumpkiiWire

/// Opens a client's own entry of a key message, after everything around it is proven.
package enum KeyMessageOpener {
  /// Verifies the head, finds exactly one own entry, opens it and holds each key against its commitment.
  /// - Parameters:
  ///   - head: as received.
  ///   - entries: encoded entries as received: the own one, or all of them.
  ///   - device: the camera this must be.
  ///   - client: whose entry is wanted.
  ///   - keys: the sealing keys that the client still holds.
  ///   - minimumRoster: the newest roster version the client knows; an older message is refused.
  /// - Throws: ``VaultError`` `wrongDevice`, `badSignature`, `badKey`, `oldRoster`, `badEntry`, `noEntry`, `malformed`,
  ///   `badTag`, `badCommitment`.
  package static func open(
    head: Signed<KeyHead>, entries: [[UInt8]], device: DeviceID, client: ClientID, keys: [SealingKeyPair],
    minimumRoster: UInt64? = nil
  ) throws(VaultError) -> OpenedEpoch {
    let body = try verified(head, device)
    if let minimumRoster, body.rosterVersion < minimumRoster {
      throw VaultError(.oldRoster, "roster \(body.rosterVersion), known is \(minimumRoster)")
    }
    let entry = try own(entries, of: body, client)
    guard let pair = keys.first(where: { $0.keyID == entry.keyID && $0.suite == entry.suite }) else {
      throw VaultError(.noEntry, "sealed to a key that we do not hold")
    }
    return OpenedEpoch(head: body, keys: try unwrap(entry, body, pair))
  }

  private static func verified(_ head: Signed<KeyHead>, _ device: DeviceID) throws(VaultError) -> KeyHead {
    do throws(ChainError) { return try KeyHeadCheck.verify(head.bytes, device: device).body } catch {
      throw VaultError(error)
    }
  }

  /// The one entry of `client`. An entry that the head does not name is refused, not passed over: it is no part of
  /// this message, whoever put it there.
  private static func own(_ entries: [[UInt8]], of head: KeyHead, _ client: ClientID) throws(VaultError) -> KeyEntry {
    guard entries.count <= WireLimits.entries else { throw VaultError(WireError(.overLimit, "entries")) }
    let named = Set(head.entryDigests)
    var found: KeyEntry?
    for bytes in entries {
      guard named.contains(Hashes.sha256(bytes)) else { throw VaultError(.badEntry, "not in this key message") }
      let entry: KeyEntry
      do throws(WireError) { entry = try KeyEntry(decoding: bytes) } catch { throw VaultError(error) }
      guard entry.client == client else { continue }
      guard found == nil else { throw VaultError(.badEntry, "two entries for one client") }
      found = entry
    }
    guard let found else { throw VaultError(.noEntry, "no entry for this client") }
    return found
  }

  private static func unwrap(
    _ entry: KeyEntry, _ head: KeyHead, _ pair: SealingKeyPair
  ) throws(VaultError) -> [MediaClass: SecretBytes] {
    let wrap = KeyWrap(
      suite: entry.suite, deviceKey: head.deviceKey, client: entry.client, keyID: entry.keyID, epoch: head.epoch,
      uid: head.epochUID, rosterVersion: head.rosterVersion, rosterHash: head.rosterHash)
    var parts: [(KeyWrap.Part, [UInt8])] = []
    for (mediaClass, sealed) in zip(entry.classes.classes, entry.sealed) {
      guard let commit = head.commitment(mediaClass) else {
        throw VaultError(.badCommitment, "none for \(mediaClass.name)")
      }
      parts.append((KeyWrap.Part(mediaClass: mediaClass, commit: commit), sealed))
    }
    var keys: [MediaClass: SecretBytes] = [:]
    for (key, (part, _)) in zip(try wrap.open(parts, enc: entry.encapsulated, with: pair), parts) {
      let commit = KeySchedule.commitment(to: key, device: head.device, uid: head.epochUID, mediaClass: part.mediaClass)
      guard key.count == KeySchedule.baseKeyByteCount, CryptoWipe.equal(commit.bytes, part.commit.bytes) else {
        throw VaultError(.badCommitment, part.mediaClass.name)
      }
      keys[part.mediaClass] = key
    }
    return keys
  }
}
