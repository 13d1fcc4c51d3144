internal import PumpkiiChain
package import PumpkiiWire

/// An epoch's keys on their way: one signed head for everybody, one entry a recipient.
package struct KeyMessage: Sendable {
  /// What everybody gets, signed by the device.
  package let head: Signed<KeyHead>
  /// Encoded ``KeyEntry`` values in the order in which the head names them.
  package let entries: [[UInt8]]
  /// Recipients whose public key was refused, and clients that stand there again on behalf of another account. They get
  /// nothing more; nobody else has to wait for them, since neither must be a way to stop a revocation.
  package let skipped: [ClientID]

  /// The head, then the entries, as they are sent.
  package var items: [WireItem] {
    [.control(.keyHead, head.bytes)] + entries.map { .control(.keyEntry, $0) }
  }
}

extension Epoch {
  /// Seals this epoch's keys to `recipients` and signs the head over all of it.
  /// A client that stands there twice gets the first entry; the first recipients should be the owners.
  /// - Throws: ``VaultError`` `malformed` for more than 256 entries.
  package borrowing func message(
    to recipients: [Recipient], time: UInt64, bootNonce: BootNonce, reason: KeyHead.Reason, rosterVersion: UInt64,
    rosterHash: Digest, highestClip: UInt64 = 0, refusals: [KeyHead.Refusal] = []
  ) throws(VaultError) -> KeyMessage {
    guard recipients.count <= WireLimits.entries, refusals.count <= WireLimits.entries else {
      throw VaultError(WireError(.overLimit, "entries"))
    }
    let commitments = commitments
    var entries: [[UInt8]] = []
    var skipped: [ClientID] = []
    var seen: Set<ClientID> = []
    for recipient in recipients {
      guard seen.insert(recipient.client).inserted else {
        skipped.append(recipient.client)
        continue
      }
      do throws(VaultError) {
        try entries.append(entry(for: recipient, commitments, rosterVersion, rosterHash))
      } catch { skipped.append(recipient.client) }
    }
    let head = KeyHead(
      device: device, deviceKey: identity.publicKey, epoch: number, epochUID: uid, time: time, bootNonce: bootNonce,
      reason: reason, rosterVersion: rosterVersion, rosterHash: rosterHash, highestClip: highestClip,
      refusals: refusals, commitments: commitments, entryDigests: entries.map { Hashes.sha256($0) })
    return KeyMessage(head: identity.sign(head, .keyHead), entries: entries, skipped: skipped)
  }

  private borrowing func entry(
    for recipient: Recipient, _ commitments: [KeyHead.Commitment], _ rosterVersion: UInt64, _ rosterHash: Digest
  ) throws(VaultError) -> [UInt8] {
    let given = commitments.filter { recipient.classes.contains($0.mediaClass) }
    guard !given.isEmpty else { throw VaultError(.noKey, "no class for this recipient") }
    let keyID = KeyID(suite: recipient.suite, publicKey: recipient.publicKey)
    let wrap = KeyWrap(
      suite: recipient.suite, deviceKey: identity.publicKey, client: recipient.client, keyID: keyID, epoch: number,
      uid: uid, rosterVersion: rosterVersion, rosterHash: rosterHash)
    var parts: [(KeyWrap.Part, SecretBytes)] = []
    for commitment in given {
      guard let key = keys[commitment.mediaClass] else { continue }
      parts.append((KeyWrap.Part(mediaClass: commitment.mediaClass, commit: commitment.commit), key))
    }
    let (enc, sealed) = try wrap.seal(parts, to: recipient.publicKey)
    return KeyEntry(
      suite: recipient.suite, client: recipient.client, keyID: keyID, account: recipient.account,
      accountVersion: recipient.accountVersion, accountHead: recipient.accountHead, notAfter: recipient.notAfter,
      encapsulated: enc, classes: ClassMask(classes: given.map(\.mediaClass)), sealed: sealed
    ).encoded
  }
}
