// What a relay keeps.
extension Inventory {
  static let relay: [Field] = [
    Field(
      name: "accounts", holder: .relay, place: "table account", contents: "The public signed chain of each account.",
      purpose: .account, retention: "until the account is erased",
      receivers: "cameras and clients that share a camera with it", basis: .clause("C1")),
    Field(
      name: "sealing keys", holder: .relay, place: "table sealing_keys",
      contents: "Public sealing keys that clients announced.", purpose: .security, retention: "until newer ones",
      receivers: "cameras that name the account", basis: .clause("C13")),
    Field(
      name: "account policies", holder: .relay, place: "table account_policy",
      contents: "What each person allows of their own, and the hashes of the texts accepted.", purpose: .account,
      retention: "until the next version", receivers: "cameras of the account", basis: .flag(.termsAccepted)),
    Field(
      name: "cameras", holder: .relay, place: "table camera",
      contents: "Each camera's public roster and its owner's policy document.", purpose: .support,
      retention: "until the camera is removed", receivers: "accounts that the roster names",
      basis: .flag(.shareDevice)),
    Field(
      name: "cameras of accounts", holder: .relay, place: "table camera_account",
      contents: "Which roster names which account, since when, and whether it was ever used.", purpose: .support,
      retention: "while the roster names the account", receivers: "the account itself", basis: .flag(.shareDevice)),
    Field(
      name: "waiting operations", holder: .relay, place: "table operation",
      contents: "Signed changes that their camera has not taken yet.", purpose: .support,
      retention: "until the camera has answered", receivers: "the camera", basis: .flag(.shareDevice)),
    Field(
      name: "key messages", holder: .relay, place: "table key_message", contents: "The newest epochs' sealed keys.",
      purpose: .security, retention: "a bound number of epochs per camera",
      receivers: "clients that the camera named", basis: .clause("C13")),
    Field(
      name: "cloud recordings", holder: .relay, place: "table clip",
      contents: "Number, size, classes, time of storage and hash of each sealed clip, and why a clip is gone.",
      purpose: .support, retention: "until retention or an owner's deletion; the number stays",
      receivers: "owners, and guests whose share includes recordings", basis: .flag(.recordCloud)),
    Field(
      name: "sealed clips", holder: .relay, place: "folder clips", contents: "The clips themselves, as ciphertext.",
      purpose: .support, retention: "until retention or an owner's deletion",
      receivers: "owners, and guests whose share includes recordings", basis: .flag(.recordCloud)),
    Field(
      name: "consented disclosures at the relay", holder: .relay, place: "nothing is stored yet",
      contents: "What an account consented to hand out: recipient, purpose, fields and end.", purpose: .support,
      retention: "nothing is stored yet", receivers: "the named recipient", basis: .flag(.discloseConsent)),
    Field(
      name: "providers' fields", holder: .relay, place: "nothing is stored yet",
      contents: "What a service provider needs, by its enforced list.", purpose: .payment,
      retention: "nothing is stored yet", receivers: "the named provider", basis: .flag(.discloseProvider)),
    Field(
      name: "mail notices", holder: .relay, place: "nothing is stored yet",
      contents: "That something happened at a camera, to a mail address.", purpose: .support,
      retention: "nothing is stored yet", receivers: "the mail provider", basis: .flag(.notifyEmail)),
    Field(
      name: "reports", holder: .relay, place: "table diagnostics",
      contents: "Who sent a report, when it came, and the closed list of fields that its flags allow.",
      purpose: .improvement, retention: "until consent is withdrawn, and the newest 64 of a sender",
      receivers: "whoever runs the relay; its sender", basis: .flag(.diagnosticsStatistics)),
    Field(
      name: "live cache", holder: .relay, place: "memory",
      contents: "The newest sealed objects of a camera that is watched.", purpose: .support,
      retention: "a bound number of bytes; gone when the relay ends", receivers: "accounts with the share",
      basis: .flag(.shareVideo)),
    Field(
      name: "network addresses", holder: .relay, place: "memory",
      contents: "Counters of requests per address, against floods.", purpose: .security,
      retention: "until the counter is full again, at most minutes", receivers: "nobody", basis: .clause("C20")),
    Field(
      name: "logins and pairing offers", holder: .relay, place: "memory",
      contents: "Challenges, sessions and codes that wait for their other side.", purpose: .security,
      retention: "minutes", receivers: "nobody", basis: .clause("C13")),
    Field(
      name: "relay's identity", holder: .relay, place: "HOME/relay.key", contents: "The relay's own key.",
      purpose: .security, retention: "until the file is removed", receivers: "nobody", basis: .clause("C13")),
    Field(
      name: "relay's certificate", holder: .relay, place: "HOME/relay.crt",
      contents: "The relay's certificate, which names nobody.", purpose: .security,
      retention: "until the file is removed", receivers: "everybody who connects", basis: .clause("C13")),
    Field(
      name: "relay configuration", holder: .relay, place: "HOME/relay.yaml, or FILE given with --config",
      contents: "Addresses, limits and retention, as the operator wrote them.", purpose: .support,
      retention: "as the operator decides", receivers: "nobody", basis: .clause("C20")),
    Field(
      name: "relay's log", holder: .relay, place: "standard error",
      contents: "Methods, route patterns, status and codes; no address, id, token or agent string.",
      purpose: .support, retention: "as the machine's journal is set", receivers: "whoever runs the relay",
      basis: .clause("C20")),
  ]
}
