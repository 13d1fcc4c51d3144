// Words of keys, signatures and the relay.
extension Glossary {
  static let security: [Term] = [
    Term("key", also: ["keys"], "A secret number that opens, seals or signs."),
    Term("private key", also: ["secret key"], "The half of a key pair that stays where it was made."),
    Term(
      "public key",
      "The half of a key pair that everybody may know, used to check signatures or to seal to its owner."),
    Term(
      "sealing key", also: ["sealing keys"],
      "A client's key pair that others seal to, announced beside its account's chain."),
    Term("signature", also: ["signed", "sign"], "A proof that the holder of a key wrote exactly these bytes."),
    Term(
      "hash", also: ["digest"],
      "A short number made from data, so that other data cannot pass for it; SHA-256 is used."),
    Term("SHA-256", also: ["SHA"], "The hash function that is used here."),
    Term("tag", "The part of sealed data that shows it was not altered."),
    Term(
      "MAC", also: ["message authentication code"],
      "A short number by which the holder of a secret shows that bytes are its own."),
    Term("commitment", "A value in a signed head that fixes a key, so that nobody is given another one."),
    Term(
      "AES-GCM", also: ["AES", "GCM", "AES-256-GCM"],
      "The cipher that seals content and shows when it was altered."),
    Term("SFrame", "The standard (RFC 9605) by which each picture or piece of sound is sealed."),
    Term("KID", also: ["key ID"], "The number in an SFrame header that names the key."),
    Term(
      "CTR", also: ["counter value"],
      "The number in an SFrame header that no object under one key shares with another."),
    Term(
      "HPKE", also: ["hybrid public key encryption"],
      "The standard (RFC 9180) by which a camera seals an epoch's keys to each client."),
    Term(
      "enc", also: ["encapsulated key"],
      "The public half that an HPKE sender adds, from which the receiver makes the shared secret."),
    Term(
      "X-Wing", also: ["XWing", "ML-KEM", "ML-KEM-768"],
      "A sealing key that holds against quantum computers as well, made of X25519 and ML-KEM-768."),
    Term("X25519", "A way to agree on a secret by elliptic curves."),
    Term("Ed25519", "The signatures that are used here."),
    Term(
      "end to end", also: ["end-to-end"],
      "Sealed at the device and opened at the viewer; nobody between can read it."),
    Term(
      "relay", also: ["relays"],
      "The server between cameras and viewers, which passes on and keeps sealed data and holds no key to it."),
    Term("uplink", also: ["uplinks"], "The connection on which a camera sends to the relay."),
    Term(
      "epoch", also: ["epochs"],
      "A stretch of time with one set of content keys, begun anew when who may watch changes."),
    Term("segment", also: ["segments"], "A run of objects of one track that can be opened from its beginning."),
    Term("object", also: ["objects"], "One sealed picture, piece of sound, photo or event."),
    Term("track", also: ["tracks"], "A row of objects of one kind from one sensor."),
    Term(
      "class", also: ["classes", "media class"],
      "What an object is: video, audio, photo or event; each has a key of its own."),
    Term(
      "chain", also: ["chains"],
      "A list of signed entries, each naming the hash of the one before, so that none can be changed or left out."),
    Term("fork", "Two continuations of one chain, which an honest account never makes."),
    Term("roster", also: ["rosters"], "A camera's signed list of its owners and of what was shared with whom."),
    Term(
      "entry", also: ["entries"],
      "One element of a chain, or of a key message: an epoch's keys sealed to one client."),
    Term("head", also: ["key head"], "The signed beginning of a key message, or the newest hash of a chain."),
    Term("key message", "What a camera sends before an epoch: a signed head and an entry for each client."),
    Term(
      "client", also: ["clients"],
      "A program of an account with keys of its own, such as a phone or a browser page."),
    Term(
      "pairing", also: ["paired", "pair", "pairing code"],
      "Making a camera and its first owner known to each other by a code that is used once."),
    Term(
      "paper key", also: ["recovery key", "recovery"],
      "A secret on paper with which an account restates its clients after a loss."),
    Term(
      "revoke", also: ["revocation", "revoked"],
      "To end a share; the next epoch's keys are not given to the account."),
    Term("beacon", also: ["beacons"], "A short signed message of a camera that it is alive, and in which state."),
    Term(
      "ledger", also: ["ledgers"],
      "A signed list to which entries are only ever added, so that people can check afterwards."),
    Term("consent ledger", "The ledger of who set which flag, when, and under which text."),
    Term(
      "row key", also: ["row keys"],
      "A key per account for personal values in ledgers and tables; destroying it erases them."),
    Term("spool", "Where a device keeps sealed recordings on its own disk."),
    Term("padding", "Bytes without meaning that hide how large an object is."),
    Term(
      "pin", also: ["certificate pin"],
      "The hash of a relay's certificate, by which a client knows it without an authority."),
    Term("certificate", also: ["certificates"], "A public key with a name, signed by somebody who vouches for it."),
    Term("nonce", "A number that is used once."),
    Term("replay", also: ["replayed"], "Something that was valid once, sent again."),
    Term("rollback", also: ["rolled back"], "An older state shown as if it were the newest."),
    Term(
      "clone", also: ["cloned"],
      """
      A copy of a device's state that runs beside it, or the relay's word for an epoch that this device never began.
      """),
    Term("forward secrecy", "That a stolen key does not open what was sent before it was stolen."),
    Term("metadata", "What is known about data without reading it, such as its size and time."),
  ]
}
