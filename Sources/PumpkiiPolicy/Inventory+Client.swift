// What a person's programs keep and send.
extension Inventory {
  static let client: [Field] = [
    Field(
      name: "account record", holder: .client, place: "HOME/account.json",
      contents:
        "The account's id, its relay's address, whether that has taken it, and when it was made; nothing secret.",
      purpose: .account, retention: "until the folder is removed", receivers: "nobody", basis: .clause("C1")),
    Field(
      name: "client identity", holder: .client, place: "HOME/identity.key", contents: "This client's signing key.",
      purpose: .security, retention: "until the folder is removed",
      receivers: "nobody; its public half is in the account's chain", basis: .clause("C13")),
    Field(
      name: "home key", holder: .client, place: "HOME/home.key",
      contents: "The key that seals the secrets of the folder.", purpose: .security,
      retention: "until the folder is removed", receivers: "nobody", basis: .clause("C14")),
    Field(
      name: "sealing keys", holder: .client, place: "HOME/sealing-keys.sealed",
      contents: "This client's sealing keys, sealed under the home key.", purpose: .security,
      retention: "until the folder is removed", receivers: "nobody", basis: .clause("C13")),
    Field(
      name: "announced sealing keys", holder: .client, place: "HOME/sealing-keys.announced",
      contents: "The signed public halves.", purpose: .security, retention: "until the next one",
      receivers: "the relay and cameras", basis: .clause("C13")),
    Field(
      name: "account chains", holder: .client, place: "HOME/accounts/ACCOUNT.chain",
      contents: "Signed public chains of this and of known accounts.", purpose: .security,
      retention: "until the folder is removed", receivers: "the relay; one's own goes to cameras",
      basis: .clause("C13")),
    Field(
      name: "known cameras", holder: .client, place: "HOME/cameras/DEVICE/camera.json",
      contents: "A camera's id, name, owner and the highest numbers that were seen of it.", purpose: .support,
      retention: "until the folder is removed", receivers: "nobody", basis: .clause("C5")),
    Field(
      name: "known rosters", holder: .client, place: "HOME/cameras/DEVICE/roster",
      contents: "The camera's roster as it was last verified.", purpose: .security, retention: "until a newer one",
      receivers: "nobody", basis: .clause("C5")),
    Field(
      name: "known policies", holder: .client, place: "HOME/cameras/DEVICE/policy, HOME/cameras/DEVICE/policy.before",
      contents: "The camera's policy as it was last signed, and the few before it.", purpose: .support,
      retention: "until newer ones", receivers: "the relay and the camera", basis: .clause("C6")),
    Field(
      name: "operations and commands", holder: .client, place: "sent to the relay",
      contents: "Signed changes of roster and policy, and commands such as a photo.", purpose: .support,
      retention: "not kept by the client", receivers: "the relay and the camera", basis: .flag(.shareDevice)),
    Field(
      name: "terms and risk", holder: .client, place: "sent to the relay",
      contents: "The signed account policy: which texts were accepted, by hash, and the person's own flags.",
      purpose: .account, retention: "until the next version", receivers: "the relay and the cameras of the account",
      basis: .flag(.termsAccepted)),
    Field(
      name: "acknowledged risk", holder: .client, place: "sent to the relay",
      contents: "The hash of the risk text that was acknowledged.", purpose: .security,
      retention: "until the next version", receivers: "the relay and the cameras of the account",
      basis: .flag(.riskAcknowledged)),
    Field(
      name: "own policy", holder: .client, place: "HOME/account.policy",
      contents: "The signed document of the person's own flags and accepted texts.", purpose: .account,
      retention: "until the next version", receivers: "the relay and the cameras of the account",
      basis: .flag(.termsAccepted)),
    Field(
      name: "consented disclosures", holder: .client, place: "HOME/disclosures",
      contents: "Signed consents: recipient, purpose, fields and end.", purpose: .support,
      retention: "until the folder is removed", receivers: "the named recipient", basis: .flag(.discloseConsent)),
    Field(
      name: "kept films", holder: .client, place: "FILE given by the person",
      contents: "What the person chose to keep, sealed as received or as a film.", purpose: .support,
      retention: "as the person decides", receivers: "nobody", basis: .clause("C14")),
    Field(
      name: "recovery key", holder: .client, place: "shown once",
      contents: "The paper key's words, for the person to write down.", purpose: .security, retention: "not kept",
      receivers: "nobody", basis: .clause("C13")),
  ]
}
