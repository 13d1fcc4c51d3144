// The connection to a relay, the relay's own start, and what a relay refuses with.
extension Codes {
  static let connection: [Code] = [
    Code("relay-bad-address", "The relay's address is no https://host:port.", "Type it as the relay prints it."),
    Code(
      "relay-not-loopback", "Plain HTTP was asked for with an address beyond this machine.",
      "Use https, or 127.0.0.1 for trying."),
    Code(
      "relay-unreachable", "No connection came about: no such host, refused, or no answer in time.",
      "Check the relay's address, that it runs, and the network; what waits is sent later by itself."),
    Code(
      "relay-pin-mismatch", "The relay showed another certificate than the one that was pinned.",
      "Ask whoever runs it whether its key was changed, and take a new pin from nobody else."),
    Code(
      "relay-certificate", "The relay's certificate does not verify, or the relay cannot read its own.",
      "Give its pin with --pin; on the relay run pumpkii-relay init."),
    Code(
      "relay-refused", "The relay answered no; the code in parentheses says why.",
      "Ask pumpkii explain for that code."),
    Code(
      "relay-closed", "The connection ended before all had come.",
      "Try again; programs that watch do so by themselves."),
    Code(
      "relay-silent", "Nothing came from the relay for 15 seconds.",
      "Look at the network; it is tried again by itself."),
    Code("relay-malformed", "The relay's answer is not what the protocol allows.", sameVersion),
    Code(
      "relay-too-large", "The relay's answer is larger than it may be.",
      "Distrust that relay, or ask whoever runs it."),
    Code("relay-connection-shut-down", "This program itself closed the connection.", "Run it again."),
  ]

  static let relay: [Code] = [
    Code("relay-configuration", "The relay's configuration says what cannot be.", "Correct the key that it names."),
    Code("relay-store", "The relay's database cannot be opened or does not sync.", "Look at its disk and rights."),
    Code("relay-home", "A file or folder of the relay's home cannot be used.", "Look at its rights and owner."),
    Code("relay-address", "The relay cannot listen on this address.", "Name a free port, or stop who has it."),
  ]

  static let refusals: [Code] = people + cameras + bytes

  private static let people: [Code] = [
    Code(
      "account-unknown", "The relay knows no account of this id.",
      "Check the id; the account tells the relay of itself with its next use."),
    Code("account-no-rights", "This is another account's own affair.", "Use that account."),
    Code(
      "login-challenge", "The login answered an unknown, used or old challenge.",
      "Try again; it asks for a new one."),
    Code("login-malformed", "The login statement is not one.", sameVersion),
    Code(
      "login-not-member", "This program's key is no client of the account now.",
      "Add it again from another program of the account, or with the paper key."),
    Code("token", "The login is missing or has run out.", "Try again; programs log in anew by themselves."),
    Code("not-a-client", "Only a program of an account may do this.", "Run it with an account."),
    Code("not-the-device", "Only the camera itself may do this.", "Run it on the board."),
    Code("pairing-empty", "A pairing message was empty.", sameVersion),
    Code("pairing-taken", "Somebody answered this pairing already.", "Begin anew: pumpkii agent pair."),
    Code("pairing-unknown", "There is no such pairing, or its time is over.", "Begin anew: pumpkii agent pair."),
    Code("pairing-over", "The code was tried wrongly too often.", "Begin anew: pumpkii agent pair shows a new code."),
    Code("pairing-slot", "The pairing has no such step.", sameVersion),
    Code("rate-limited", "Too many requests came in a short time.", "Wait a minute and try again."),
    Code("relay-full", "The relay takes no more accounts or cameras.", "Ask whoever runs it, or use another relay."),
    Code(
      "diagnostics-not-allowed", "No signed policy allows every kind of this report.",
      "Allow diagnostics.* if you want to send it."),
    Code("diagnostics-field", "A report holds what no report may.", sameVersion),
  ]

  private static let cameras: [Code] = [
    Code("camera-unknown", "The relay knows no camera of this id.", "Start its agent once, or check the id."),
    Code("camera-no-rights", "This account has no such right at this camera.", "Ask its owner to share it."),
    Code("camera-no-recordings", "This account has no right to this camera's recordings.", "Ask its owner."),
    Code("camera-offline", "The camera is not connected.", "Look at the board's power and network."),
    Code("beacon-none", "The camera has said nothing since the relay started.", "Wait until it is connected."),
    Code("not-watching", "This program does not watch the camera now.", "Watch it first."),
    Code("operation-not-allowed", "This account may not ask this of the camera.", "Ask its owner."),
    Code("operation-wrong-device", "The change is for another camera.", sameVersion),
    Code("operation-wrong-signer", "The change was signed by another program than the one that sends it.", sameVersion),
    Code("operations-full", "Too many changes wait for this camera.", "Start its agent, so that it takes them."),
    Code("policy-none", "The relay holds no such policy.", "Set the flags once: pumpkii permissions set."),
    Code("policy-older", "A policy of this or a higher version is stored.", "Try again; the newest is read first."),
    Code("policy-unnamed", "The camera goes by another policy than this one.", "Try again; the newest is read first."),
    Code("clip-unknown", "The relay holds no clip of this number.", "List them: pumpkii clips list."),
    Code(
      "clip-gone", "The clip was deleted at the relay, and is not taken again.",
      "The camera's own copy may be there still."),
    Code("clip-fork", "Another clip of this number is stored.", "Look whether a copy of the camera runs elsewhere."),
    Code("clips-full", "The relay has no room for clips now.", "The camera keeps it and sends it later by itself."),
    Code("keys-none", "The relay holds no key message of this epoch.", "Watch anew, from the newest epoch on."),
    Code(
      "keys-fork", "Another key message of this epoch is stored.",
      "Look whether a copy of the camera runs elsewhere."),
  ]

  private static let bytes: [Code] = [
    Code("bad-classes", "The classes are none.", "They are video, audio, photo and event, with commas between."),
    Code("bad-identifier", "An id is not of the right length in lower-case hexadecimal.", "Copy it whole."),
    Code("bad-json", "The request's body is not what it must be.", sameVersion),
    Code("bad-wait", "The time to wait is no number of seconds.", sameVersion),
    Code("body-timeout", "What was sent did not arrive in time.", "Look at the network, and try again."),
    Code("body-too-large", "What was sent is larger than the relay takes.", "Send less at once."),
    Code("chain-too-many-entries", "Too many entries of an account came at once.", sameVersion),
    Code(
      "clip-items", "The clip is not whole, or holds what no clip holds.",
      "The camera sends it again; look at its disk."),
    Code("clip-length", "The clip came without its length.", sameVersion),
    Code("clip-range", "The clip has nothing in the asked range.", "Fetch the whole clip."),
    Code("clip-wrong-device", "The clip is of another camera.", distrust),
    Code("clip-wrong-number", "The clip has another number than the request.", distrust),
    Code("keys-entries", "A key message does not hold the entries that its head names.", sameVersion),
    Code("keys-epoch", "A key message is of another epoch than the request.", sameVersion),
    Code("keys-items", "A key message is not whole, or something stands within it.", sameVersion),
    Code("object-wrong-device", "A camera sent an object of another camera.", distrust),
    Code("object-too-many-tracks", "A camera sent more tracks than one may have.", sameVersion),
    Code("uplink-item", "A camera sent what no camera sends.", sameVersion),
    Code(
      "uplink-unread", "The camera does not read the relay's answers.",
      "Look at its network; it connects anew by itself."),
    Code("method-not-allowed", "The relay does not do this under this path.", sameVersion),
    Code("not-found", "There is nothing under this path.", "Check the relay's address and version."),
    Code("internal", "The relay could not do this; nothing was acknowledged.", "Try again; its log says more."),
  ]
}
