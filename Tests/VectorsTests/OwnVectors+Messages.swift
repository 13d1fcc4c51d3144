import PumpkiiChain
import PumpkiiVault
import PumpkiiWire

extension OwnVectors {
  var policy: StructureVector {
    let body = PolicyDocument(
      device: deviceID, version: 2, time: time, account: accountID, client: clientID,
      settings: [.init(flag: "share.video", allow: true), .init(flag: "sensor.camera", allow: false)])
    return StructureVector(
      name: "policy, sorted by flag", structure: "policy",
      fields: [
        "device": .hex(deviceID), "version": .number(2), "time": .number(time), "account": .hex(accountID),
        "client": .hex(clientID),
        "settings": .list([
          .object(["flag": .text("sensor.camera"), "allow": .flag(false)]),
          .object(["flag": .text("share.video"), "allow": .flag(true)]),
        ]),
      ], body: body.encoded, label: .policy, signers: [client], bytes: client.sign(body, .policy).bytes)
  }

  /// The same with each condition there is, and with one alone.
  var conditionalPolicies: [StructureVector] {
    let fingerprint: Digest = Self.fixed(0x44)
    var every = PolicyConditions()
    every.zone = "Europe/Berlin"
    every.windows = [
      .init(flags: ["sensor.camera", "sensor.microphone"], days: 0b001_1111, from: 480, to: 1080),
      .init(flags: ["record.local"], days: 0b010_0000, from: 1320, to: 360),
    ]
    every.devices = [.init(sensor: 1, fingerprint: fingerprint), .init(sensor: 2, fingerprint: .zero)]
    every.isPaused = true
    var paused = PolicyConditions()
    paused.isPaused = true
    let windows: JSONValue = .list([
      .object([
        "flags": .list([.text("sensor.camera"), .text("sensor.microphone")]), "days": .number(31), "from": .number(480),
        "to": .number(1080),
      ]),
      .object([
        "flags": .list([.text("record.local")]), "days": .number(32), "from": .number(1320), "to": .number(360),
      ]),
    ])
    let devices: JSONValue = .list([
      .object(["sensor": .number(1), "fingerprint": .hex(fingerprint)]),
      .object(["sensor": .number(2), "fingerprint": .hex(Digest.zero)]),
    ])
    return [
      conditional(
        "policy with times, known devices and a pause", every,
        ["zone": .text("Europe/Berlin"), "windows": windows, "devices": devices, "paused": .flag(true)]),
      conditional("policy that is paused", paused, ["paused": .flag(true)]),
    ]
  }

  private func conditional(
    _ name: String, _ conditions: PolicyConditions, _ fields: [String: JSONValue]
  ) -> StructureVector {
    let body = PolicyDocument(
      device: deviceID, version: 3, time: time, account: accountID, client: clientID,
      settings: [.init(flag: "sensor.camera", allow: true)], conditions: conditions)
    let common: [String: JSONValue] = [
      "device": .hex(deviceID), "version": .number(3), "time": .number(time), "account": .hex(accountID),
      "client": .hex(clientID),
      "settings": .list([.object(["flag": .text("sensor.camera"), "allow": .flag(true)])]),
    ]
    return StructureVector(
      name: name, structure: "policy", fields: common.merging(fields) { $1 }, body: body.encoded, label: .policy,
      signers: [client], bytes: client.sign(body, .policy).bytes)
  }

  var accountPolicy: StructureVector {
    let hash: Digest = Self.fixed(0x43)
    let body = AccountPolicyDocument(
      account: accountID, client: clientID, version: 3, time: time,
      settings: [.init(flag: "terms.accepted", allow: true), .init(flag: "notify.system", allow: false)],
      texts: [.init(kind: .terms, version: 1, hash: hash)])
    return StructureVector(
      name: "account policy, sorted by flag", structure: "account-policy",
      fields: [
        "account": .hex(accountID), "client": .hex(clientID), "version": .number(3), "time": .number(time),
        "settings": .list([
          .object(["flag": .text("notify.system"), "allow": .flag(false)]),
          .object(["flag": .text("terms.accepted"), "allow": .flag(true)]),
        ]),
        "texts": .list([.object(["kind": .number(1), "version": .number(1), "hash": .hex(hash)])]),
      ], body: body.encoded, label: .policy, signers: [client], bytes: client.sign(body, .policy).bytes)
  }

  var disclosures: [StructureVector] {
    DisclosureStatement.Kind.allCases.map { kind in
      let fields: [DisclosureStatement.Field] = kind == .consent ? [.telephone, .name] : []
      let body = DisclosureStatement(
        kind: kind, account: accountID, client: clientID, number: 4, time: time, until: time + 1, recipient: "shop",
        purpose: .support, fields: fields)
      return StructureVector(
        name: "disclosure", structure: "disclosure",
        fields: [
          "kind": .number(UInt64(kind.rawValue)), "account": .hex(accountID), "client": .hex(clientID),
          "number": .number(4), "time": .number(time), "until": .number(time + 1), "recipient": .text("shop"),
          "purpose": .number(2), "fields": .list(kind == .consent ? [.number(1), .number(4)] : []),
        ], body: body.encoded, label: .statement, signers: [client], bytes: client.sign(body, .statement).bytes)
    }
  }

  var logins: [StructureVector] {
    let origin = "https://relay.example:8443"
    let pin: Digest = Self.fixed(0x41)
    let relays: [(LoginStatement.Relay, [String: JSONValue])] = [
      (.origin(origin), ["origin": .text(origin)]), (.pin(pin), ["pin": .hex(pin)]),
    ]
    return relays.map { relay, fields in
      let body = LoginStatement(
        relay: relay, keyID: KeyID(signing: client.publicKey), challenge: Self.fixed(0x42))
      let common: [String: JSONValue] = ["key_id": .hex(body.keyID), "challenge": .hex(body.challenge)]
      return StructureVector(
        name: "login", structure: "login", fields: common.merging(fields) { $1 }, body: body.encoded, label: .login,
        signers: [client], bytes: client.sign(body, .login).bytes)
    }
  }

  var commands: [StructureVector] {
    Command.Kind.allCases.map { kind in
      let body = Command(device: deviceID, client: clientID, counter: 7, notAfter: time, kind: kind)
      return StructureVector(
        name: "command \(kind)", structure: "command",
        fields: [
          "device": .hex(deviceID), "client": .hex(clientID), "counter": .number(7), "not_after": .number(time),
          "kind": .number(UInt64(kind.rawValue)),
        ], body: body.encoded, label: .command, signers: [client], bytes: client.sign(body, .command).bytes)
    }
  }

  // MARK: Pairing

  var pairingSecret: PairingSecret {
    get throws { try PairingSecret(bytes: Array(0..<16)) }
  }

  private var transcript: PairingSecret.Transcript {
    PairingSecret.Transcript(
      deviceKey: device.publicKey, clientKey: client.publicKey, account: accountID,
      accountHead: Hashes.sha256(accountEntries[0].bytes), deviceNonce: Self.fixed(0x51),
      clientNonce: Self.fixed(0x52))
  }

  var pairingMessages: [StructureVector] {
    get throws {
      let secret = try pairingSecret
      let chain = [accountEntries[0].bytes]
      let keys = sealingKeys.map(\.bytes)
      let offer = PairingOffer(deviceKey: device.publicKey, nonce: transcript.deviceNonce)
      let answer = PairingAnswer(
        chain: chain, sealingKeys: keys, clientKey: client.publicKey, nonce: transcript.clientNonce,
        mac: secret.mac(.client, transcript))
      let confirmation = PairingConfirmation(mac: secret.mac(.device, transcript), genesis: rosterGenesis.bytes)
      let done = PairingDone(device: deviceID, rosterHash: rosterHash)
      return [
        StructureVector(
          name: "offer", structure: "pairing-offer",
          fields: ["device_key": .hex(offer.deviceKey), "nonce": .hex(offer.nonce)], body: offer.encoded,
          bytes: offer.encoded),
        StructureVector(
          name: "answer", structure: "pairing-answer",
          fields: [
            "chain": .list(chain.map { .hex($0) }), "sealing_keys": .list(keys.map { .hex($0) }),
            "client_key": .hex(answer.clientKey), "nonce": .hex(answer.nonce), "mac": .hex(answer.mac),
          ], body: answer.encoded, bytes: answer.encoded),
        StructureVector(
          name: "confirmation", structure: "pairing-confirmation",
          fields: ["mac": .hex(confirmation.mac), "genesis": .hex(confirmation.genesis)], body: confirmation.encoded,
          bytes: confirmation.encoded),
        StructureVector(
          name: "done", structure: "pairing-done",
          fields: ["device": .hex(deviceID), "roster_hash": .hex(rosterHash)], body: done.encoded, label: .roster,
          signers: [client], bytes: client.sign(done, .roster).bytes),
      ]
    }
  }

  /// Codes, links, MACs and what the paper key gives.
  var secrets: JSONValue {
    get throws {
      let secret = try pairingSecret
      let origin = "https://relay.example:8443"
      let link = PairingLink(origin: origin, pin: Self.fixed(0x41), secret: secret, deviceKey: device.publicKey)
      let plain = PairingLink(origin: origin, pin: nil, secret: secret, deviceKey: device.publicKey)
      let mac = { (role: PairingSecret.Role) in JSONValue.hex(secret.mac(role, transcript)) }
      return .object([
        "pairing": .object([
          "secret": .hex(0..<16), "code": .text(secret.code), "mailbox": .hex(secret.mailbox),
          "device_key": .hex(device.publicKey), "client_key": .hex(client.publicKey), "account": .hex(accountID),
          "account_head": .hex(transcript.accountHead), "device_nonce": .hex(transcript.deviceNonce),
          "client_nonce": .hex(transcript.clientNonce), "client_mac": mac(.client), "device_mac": mac(.device),
          "origin": .text(origin), "pin": .hex(Self.fixed(0x41) as Digest), "link": .text(link.text),
          "link_without_pin": .text(plain.text),
        ]),
        "recovery": .object([
          "seed": .hex(repeatElement(5, count: 32)), "text": .text(recovery.text),
          "signing": .hex(recovery.signing.publicKey), "sealing": .hex(recovery.sealing.publicKey),
        ]),
        "identifiers": .object([
          "device_key": .hex(device.publicKey), "device_id": .hex(deviceID), "client_key": .hex(client.publicKey),
          "client_id": .hex(clientID), "signing_key_id": .hex(KeyID(signing: client.publicKey)),
          "x25519": .hex(x25519.publicKey), "x25519_key_id": .hex(x25519.keyID), "xwing": .hex(xWing.publicKey),
          "xwing_key_id": .hex(xWing.keyID),
        ]),
      ])
    }
  }

  /// One item of each kind that has a body of its own.
  var items: JSONValue {
    let kid = SegmentKID(epoch: 7, segment: 1, track: Track(.video))
    var loss = ByteWriter()
    loss.write(kid.rawValue)
    loss.write(UInt32(3))
    loss.write(UInt32(2))
    var taken = ByteWriter()
    taken.write(kid.rawValue)
    taken.write(UInt32(3))
    let list: [(WireItem.Kind, [UInt8])] = [
      (.loss, loss.bytes), (.heartbeat, []), (.acknowledgement, taken.bytes), (.keyEntry, [1, 2, 3]),
      (.challenge, MerkleTree.emptyRoot.bytes), (.noncePath, noncePath.bytes), (.presence, [1]),
    ]
    return .list(
      list.map { kind, body in
        .object([
          "type": .number(UInt64(kind.rawValue)), "body": .hex(body),
          "bytes": .hex(WireItem.control(kind, body).bytes),
        ])
      })
  }
}
