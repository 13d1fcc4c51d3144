// Bytes, seals and chains that do not hold.
extension Codes {
  static let wire: [Code] = [
    Code("wire-truncated", "The bytes are shorter than they must be.", "Fetch them again."),
    Code("wire-trailing-bytes", "Bytes follow after the end.", distrust),
    Code(
      "wire-unknown-version", "The bytes are of a version that this program does not know.",
      "Install the newer program."),
    Code("wire-unknown-type", "The bytes are of a kind that this program does not know.", "Install the newer program."),
    Code("wire-unknown-value", "A place holds a value that it may not hold.", sameVersion),
    Code("wire-over-limit", "Something is larger than it may be.", distrust),
    Code("wire-not-minimal", "A number is not written in its one allowed way.", distrust),
    Code("wire-nonzero-padding", "Padding is not zero, as it must be.", distrust),
    Code("wire-not-text", "A text is not UTF-8.", distrust),
    Code("wire-order", "Things are not in the prescribed order.", distrust),
  ]

  static let vault: [Code] = [
    Code("vault-malformed", "Sealed or signed bytes do not decode.", distrust),
    Code("vault-wrong-device", "An object, head or offer is of another device.", distrust),
    Code("vault-wrong-epoch", "An epoch goes back, or is there twice: somebody mixes old with new.", distrust),
    Code("vault-unknown-epoch", "No key message of this epoch was opened.", "Wait for the next epoch, or watch anew."),
    Code(
      "vault-no-key", "The epoch gives this account no key of this class.",
      "Ask the owner to share the class; its flag may be denied as well."),
    Code("vault-replay", "An object came that was there before.", "It was left out; distrust the relay if it stays."),
    Code(
      "vault-gap", "Objects are missing; it goes on at the next full picture.",
      "Nothing is altered; look at the network."),
    Code("vault-cut", "A segment has no signed end.", "The last part is missing; ask the camera's own copy."),
    Code("vault-end-mismatch", "A segment's end contradicts what was in it.", distrust),
    Code("vault-class", "An object's class, track and kind do not belong together.", distrust),
    Code("vault-kid-mismatch", "An object names another key than its header.", distrust),
    Code("vault-index-mismatch", "An object names another place than its header.", distrust),
    Code("vault-time-order", "An object is older than the one before it.", distrust),
    Code("vault-bad-signature", "A signature is not the camera's or account's: the bytes were altered.", distrust),
    Code("vault-bad-tag", "Sealed bytes were altered, or sealed with another key.", distrust),
    Code("vault-bad-commitment", "A key is another one than the signed head fixes.", distrust),
    Code("vault-bad-entry", "A key message holds an entry that its head does not name.", distrust),
    Code("vault-no-entry", "A key message holds nothing for this program.", "Ask the owner to share the camera."),
    Code("vault-old-roster", "A key message is older than the roster this account knows.", distrust),
    Code("vault-bad-key", "A key is refused, or its file is none.", "Restore the file that the message names."),
    Code("vault-counter-exhausted", "A key sealed as much as it may.", "A new epoch begins by itself."),
    Code("vault-broken", "Sealing failed once, and seals no more.", "Restart the agent; its log says why."),
    Code(
      "vault-clone", "The relay holds an epoch of this device that this device never began.",
      "Find and stop the copy of it."),
    Code("vault-bad-code", "A pairing code, link or paper key was mistyped.", "Type it again, letter by letter."),
    Code("vault-bad-mac", "The other side did not know the pairing code.", "Begin the pairing anew."),
    Code("vault-storage", "A key's file could not be read or written.", "Look at its rights and the disk."),
  ]

  static let chain: [Code] = [
    Code("chain-malformed", "A signed entry does not decode.", distrust),
    Code("chain-bad-signature", "An entry was not signed by whom it names.", distrust),
    Code("chain-big-scalar", "A signature is not written in its one allowed way.", distrust),
    Code("chain-small-order-key", "A public key proves nothing, and is refused.", distrust),
    Code(
      "chain-fork", "An account has two continuations, which an honest one never makes.",
      "Settle it with the paper key."),
    Code("chain-wrong-previous", "An entry does not follow the one before.", distrust),
    Code("chain-wrong-version", "An entry's number is not the next.", "Try again; the newest is read first."),
    Code("chain-not-member", "The signer is no program of the account now.", "Use a program of it, or the paper key."),
    Code("chain-not-allowed", "The chain's rules do not allow this change.", "Ask an owner, or use the paper key."),
    Code("chain-last-client", "An account's last program cannot be taken away.", "Add another one first."),
    Code("chain-too-many-clients", "The account has as many programs as it may.", "Take one away first."),
    Code("chain-duplicate-client", "This program is in the account already.", "Use it as it is."),
    Code("chain-unknown-client", "The account has no such program.", "Check its id."),
    Code("chain-wrong-account", "The entry is of another account.", distrust),
    Code("chain-not-owner", "Only an owner may make this change.", "Ask an owner of the camera."),
    Code("chain-unknown-target", "What is to be revoked was never given.", "List the shares: pumpkii cameras."),
    Code(
      "chain-unknown-account", "The account's chain is not known here.",
      "Let its program connect once, and try again."),
    Code("chain-other-head", "The change was made on an older state.", "Try again; the newest is read first."),
    Code(
      "chain-rolled-back", "It is older than what was accepted before.",
      "Distrust who sent it until the newest comes."),
    Code("chain-wrong-device", "The entry is of another camera.", distrust),
    Code("chain-login-relay", "The login is for another relay.", "Check the relay's address."),
    Code("chain-login-challenge", "The login answers another challenge.", "Try again."),
    Code("chain-wrong-key", "The key does not make the id.", distrust),
    Code("chain-expired", "A share or statement is past its end.", "Ask for a new one."),
    Code("chain-too-long", "The chain is longer than one may be.", "Begin a new account."),
    Code("chain-empty", "There is no entry.", "Fetch it again."),
  ]
}
