import PumpkiiChain
import PumpkiiVault
import PumpkiiWire

/// One structure: its fields for a second encoder, its bytes, and who signed them under which label.
struct StructureVector {
  let name: String
  let structure: String
  let fields: [String: JSONValue]
  let body: [UInt8]
  var label: SignatureLabel?
  var signers: [SigningIdentity] = []
  let bytes: [UInt8]

  var json: JSONValue {
    var object: [String: JSONValue] = [
      "name": .text(name), "structure": .text(structure), "fields": .object(fields), "body": .hex(body),
      "bytes": .hex(bytes),
    ]
    if let label {
      object["label"] = .text(label.rawValue)
      object["signers"] = .list(
        signers.map { .object(["key": .hex($0.publicKey), "signature": .hex($0.sign(label, body))]) })
    }
    return .object(object)
  }
}

extension OwnVectors {
  private func signed<Body: WireBody>(
    _ name: String, _ structure: String, _ body: Body, _ label: SignatureLabel, _ signer: SigningIdentity,
    _ fields: [String: JSONValue]
  ) -> StructureVector {
    StructureVector(
      name: name, structure: structure, fields: fields, body: body.encoded, label: label, signers: [signer],
      bytes: signer.sign(body, label).bytes)
  }

  // MARK: Accounts

  private func account(
    _ name: String, version: UInt32, previous: Digest, _ change: AccountEntry.Change, _ signers: [SigningIdentity],
    _ fields: [String: JSONValue]
  ) -> StructureVector {
    let body = AccountEntry(version: version, previous: previous, time: time, change: change)
    let entry = SignedAccountEntry(
      body: body, signers: signers.map { .init(key: $0.publicKey, signature: $0.sign(.account, body.encoded)) })
    let common: [String: JSONValue] = [
      "version": .number(UInt64(version)), "previous": .hex(previous), "time": .number(time),
    ]
    return StructureVector(
      name: name, structure: "account-entry", fields: common.merging(fields) { $1 }, body: body.encoded,
      label: .account, signers: signers, bytes: entry.bytes)
  }

  private var recoveryFields: JSONValue {
    .object([
      "signing": .hex(recovery.signing.publicKey), "suite": .number(2), "sealing": .hex(recovery.sealing.publicKey),
    ])
  }

  private func fields(_ identity: SigningIdentity, kind: UInt64) -> JSONValue {
    .object(["key": .hex(identity.publicKey), "kind": .number(kind)])
  }

  /// Genesis, add, remove and a restatement that follows them.
  var accountEntries: [StructureVector] {
    let program = AccountEntry.Client(key: client.publicKey, kind: .program)
    let browser = AccountEntry.Client(key: page.publicKey, kind: .page)
    let genesis = account(
      "genesis", version: 1, previous: .zero, .genesis(program, recovery.recovery), [client, recovery.signing],
      ["change": .text("genesis"), "client": fields(client, kind: 1), "recovery": recoveryFields])
    let add = account(
      "a page is added", version: 2, previous: Hashes.sha256(genesis.bytes), .add(browser), [client],
      ["change": .text("add"), "client": fields(page, kind: 2)])
    let remove = account(
      "it is removed", version: 3, previous: Hashes.sha256(add.bytes), .remove(ClientID(of: page.publicKey)), [client],
      ["change": .text("remove"), "client_id": .hex(ClientID(of: page.publicKey))])
    let restate = account(
      "the recovery key restates", version: 2, previous: Hashes.sha256(genesis.bytes),
      .restate([program, browser], recovery.recovery), [recovery.signing],
      [
        "change": .text("restate"), "clients": .list([fields(client, kind: 1), fields(page, kind: 2)]),
        "recovery": recoveryFields,
      ])
    return [genesis, add, remove, restate]
  }

  var accountID: AccountID {
    guard let genesis = accountEntries.first, let id = try? AccountID(Hashes.sha256(genesis.bytes).bytes) else {
      preconditionFailure("there is a genesis, and a SHA-256 value has 32 bytes")
    }
    return id
  }

  private var accountHead: Digest { Hashes.sha256(accountEntries[0].bytes) }

  var sealingKeys: [StructureVector] {
    [x25519, xWing].enumerated().map { place, pair in
      signed(
        "sealing key, suite \(pair.suite.rawValue)", "sealing-key",
        SealingKeyAnnouncement(
          account: accountID, client: clientID, counter: UInt32(place + 1), time: time, suite: pair.suite,
          publicKey: pair.publicKey), .sealingKey, client,
        [
          "account": .hex(accountID), "client": .hex(clientID), "counter": .number(UInt64(place + 1)),
          "time": .number(time), "suite": .number(UInt64(pair.suite.rawValue)), "public_key": .hex(pair.publicKey),
        ])
    }
  }

  // MARK: Roster

  var rosterGenesis: StructureVector {
    signed(
      "roster genesis", "roster-genesis",
      RosterGenesis(
        device: deviceID, deviceKey: device.publicKey, owner: accountID, ownerVersion: 1, ownerHead: accountHead),
      .roster, device,
      [
        "device": .hex(deviceID), "device_key": .hex(device.publicKey), "owner": .hex(accountID),
        "owner_version": .number(1), "owner_head": .hex(accountHead), "policy_version": .number(0),
        "policy_hash": .hex(Digest.zero),
      ])
  }

  var rosterHash: Digest { Hashes.sha256(Digest.zero.bytes + rosterGenesis.bytes) }

  private func operation(
    _ name: String, _ change: RosterOperation.Change, _ fields: [String: JSONValue]
  ) -> StructureVector {
    let body = RosterOperation(
      device: deviceID, client: clientID, account: accountID, accountVersion: 1, accountHead: accountHead,
      rosterHash: rosterHash, nonce: Self.fixed(0x21), change: change)
    let common: [String: JSONValue] = [
      "device": .hex(deviceID), "client": .hex(clientID), "account": .hex(accountID), "account_version": .number(1),
      "account_head": .hex(accountHead), "roster_hash": .hex(rosterHash), "nonce": .hex(body.nonce),
    ]
    return signed(name, "roster-operation", body, .roster, client, common.merging(fields) { $1 })
  }

  var rosterOperations: [StructureVector] {
    let account: AccountID = Self.fixed(0x31)
    let head: Digest = Self.fixed(0x32)
    let grant = RosterOperation.Grant(
      account: account, accountVersion: 3, accountHead: head, classes: [ClassMask(.video), ClassMask(.photo)],
      scope: .live, control: true, from: time, until: time + 1, lease: 3600)
    let named: [String: JSONValue] = ["target": .hex(account), "version": .number(3), "head": .hex(head)]
    let terms: [String: JSONValue] = [
      "change": .text("grant"), "classes": .number(5), "scope": .number(1), "control": .flag(true),
      "from": .number(time), "until": .number(time + 1), "lease": .number(3600),
    ]
    return [
      operation("grant", .grant(grant), named.merging(terms) { $1 }),
      operation("revoke", .revoke(head), ["change": .text("revoke"), "hash": .hex(head)]),
      operation(
        "narrow", .narrow(flag: "share.audio"), ["change": .text("narrow"), "flag": .text("share.audio")]),
      operation(
        "set policy", .setPolicy(version: 9, hash: head),
        ["change": .text("set-policy"), "version": .number(9), "hash": .hex(head)]),
      operation(
        "add owner", .addOwner(account, version: 3, head: head),
        named.merging(["change": .text("add-owner")]) { $1 }),
      operation("remove owner", .removeOwner(account), ["change": .text("remove-owner"), "target": .hex(account)]),
    ]
  }
}
