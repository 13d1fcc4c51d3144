import PumpkiiChain
import PumpkiiSystem
import PumpkiiTransport
import PumpkiiVault
import PumpkiiWire

/// A camera in as few lines as the protocol allows: it pairs, orders its roster, seals what the test tells it to, and
/// answers owners. No sensor, no gate, no disk.
actor TestCamera {
  private let identity = SigningIdentity()
  private let secret = PairingSecret()
  private let connection: RelayConnection
  private let address: RelayAddress
  private var roster: Roster?
  private var chains: [AccountID: AccountChain] = [:]
  private var books = SealingKeyBook()
  private var epoch: Epoch?
  private var number: UInt32 = 0
  private var refusals: [KeyHead.Refusal] = []
  private var uplink: Uplink?
  private var video: SegmentSealer?
  /// Operations are refused with this reason, once each, as long as it is set.
  private var refusal: KeyHead.Refusal.Reason?
  private var isDeaf = false
  /// An account that gets keys whatever the roster says.
  private var favourite: AccountID?
  private(set) var commands: [[UInt8]] = []
  private var beacons: UInt64 = 0
  private var isDue = false
  /// The relay told of an operation.
  private let heard = Mailbox<Void>(capacity: 1)
  private var isAnswering = false

  init(address: RelayAddress) throws {
    self.address = address
    connection = try RelayConnection(address: address, signer: .device(identity))
  }

  nonisolated var id: DeviceID { DeviceID(of: identity.publicKey) }
  nonisolated var code: String { secret.code }
  nonisolated var link: String {
    PairingLink(origin: address.origin, pin: address.pin, secret: secret, deviceKey: identity.publicKey).text
  }
  nonisolated private var path: String { "/v1/cameras/\(id.hex)" }

  func refuse(_ reason: KeyHead.Refusal.Reason?) { refusal = reason }
  func favour(_ account: String) throws { favourite = try AccountID(hex: account) }
  func setDeaf(_ deaf: Bool) { isDeaf = deaf }
  func close() async { await connection.shutdown() }

  // MARK: pairing

  /// - Parameters:
  ///   - key: another key to offer than the camera's own.
  ///   - provesItself: whether it knows the code that it shows.
  func pair(key: SigningKey? = nil, provesItself: Bool = true) async throws {
    let nonce = try Nonce(SystemRandom.bytes(16))
    try await put("offer", PairingOffer(deviceKey: key ?? identity.publicKey, nonce: nonce).encoded)
    let answer = try PairingAnswer(decoding: try await take("answer"))
    let chain = try AccountChain(entries: answer.chain)
    let transcript = PairingSecret.Transcript(
      deviceKey: identity.publicKey, clientKey: answer.clientKey, account: chain.id, accountHead: chain.head,
      deviceNonce: nonce, clientNonce: answer.nonce)
    try secret.check(answer.mac, .client, transcript)
    let genesis = identity.sign(
      RosterGenesis(
        device: id, deviceKey: identity.publicKey, owner: chain.id, ownerVersion: chain.version, ownerHead: chain.head),
      .roster)
    let mac = (provesItself ? secret : PairingSecret()).mac(.device, transcript)
    try await put("confirm", PairingConfirmation(mac: mac, genesis: genesis.bytes).encoded)
    let done = try Signed<PairingDone>(decoding: try await take("done"))
    try SignatureCheck.verify(done.signature, label: .roster, body: done.bodyBytes, key: answer.clientKey)
    roster = try Roster(genesis: genesis.bytes)
    chains[chain.id] = chain
    for key in answer.sealingKeys { try books.take(key, chain: chain) }
  }

  private func put(_ slot: String, _ bytes: [UInt8]) async throws {
    try await connection.send(.put, "/v1/pairing/\(secret.mailbox.hex)/\(slot)", body: bytes, authenticated: false)
  }

  private func take(_ slot: String) async throws -> [UInt8] {
    while true {
      let bytes = try await connection.get("/v1/pairing/\(secret.mailbox.hex)/\(slot)?wait=5", authenticated: false)
      if !bytes.isEmpty { return bytes }
    }
  }

  // MARK: roster and keys

  func arrive() async throws {
    try await putRoster()
    try await rotate(.start)
  }

  /// Follows the relay's events until it is cancelled.
  func serve() async {
    var events = connection.events().makeAsyncIterator()
    while let event = try? await events.next(isolation: self) {
      if case .operation = event { heard.put(()) }
      if isDeaf { continue }
      switch event {
      case .operation, .ready: try? await answerOperations()
      case .command(let bytes):
        commands.append(bytes)
        try? await sendPhoto()
      default: break
      }
    }
  }

  /// Says by its own word alone that an account owns it: no code, no pairing.
  func claim(_ owner: String) async throws {
    let id = try AccountID(hex: owner)
    try await learn(id)
    guard let chain = chains[id] else { return }
    let genesis = RosterGenesis(
      device: self.id, deviceKey: identity.publicKey, owner: id, ownerVersion: chain.version, ownerHead: chain.head)
    roster = try Roster(genesis: identity.sign(genesis, .roster).bytes)
    try await arrive()
  }

  /// One after another, as a camera does; who comes meanwhile is answered by who is at it.
  func answerOperations() async throws {
    isDue = true
    guard !isAnswering else { return }
    isAnswering = true
    defer { isAnswering = false }
    while isDue {
      isDue = false
      try await answerWaiting()
    }
  }

  private func answerWaiting() async throws {
    let operations = try EntryList.decode(try await connection.get("\(path)/operations"))
    guard !operations.isEmpty else { return }
    for operation in operations { try await apply(operation) }
    try await putRoster()
    try await rotate(.requested)
    for operation in operations {
      try await connection.send(.delete, "\(path)/operations/\(Hashes.sha256(operation).hex)")
    }
  }

  private func apply(_ operation: [UInt8]) async throws {
    // One that is answered twice, while its answer is on its way, is done already.
    guard roster?.contains(operation: Hashes.sha256(operation)) != true else { return }
    for account in try Roster.accounts(in: operation) { try await learn(account) }
    let (known, now) = (chains, Clocks.unixMicroseconds())
    do {
      if let refusal {
        self.refusal = nil
        throw RosterRefusal(refusal, "as the test wants it")
      }
      try await checkPolicy(of: operation)
      try roster?.append(operation, accounts: { known[$0] }, now: now)
    } catch let error as RosterRefusal {
      refusals.append(KeyHead.Refusal(operation: Hashes.sha256(operation), reason: error.reason))
    }
  }

  /// A policy is taken by its document: as cameras do, what the relay has is compared with what was named.
  private func checkPolicy(of operation: [UInt8]) async throws {
    guard case .setPolicy(_, let hash) = try Signed<RosterOperation>(decoding: operation).body.change else { return }
    guard Hashes.sha256(try await connection.get("\(path)/policy")) == hash else {
      throw RosterRefusal(.notAllowed, "another document")
    }
  }

  /// Returns once so many operations wait at the relay; looks when the relay tells of one.
  func operationsWait(_ count: Int) async throws {
    while try EntryList.decode(try await connection.get("\(path)/operations")).count < count {
      guard await heard.next() != nil else { throw CancellationError() }
    }
  }

  /// Says of its sensors what the test wants.
  func tell(_ picture: Beacon.State, _ sound: Beacon.State) async throws {
    beacons += 1
    let beacon = Beacon(
      device: id, epochUID: try EpochUID(Array(repeating: 0, count: 16)),
      bootNonce: try BootNonce(Array(repeating: 1, count: 16)), counter: beacons, time: Clocks.unixMicroseconds(),
      camera: picture, microphone: sound, positions: [], highestClip: 0, challenge: .zero)
    try await connection.send(.put, "\(path)/beacon", body: identity.sign(beacon, .beacon).bytes)
  }

  private func learn(_ account: AccountID) async throws {
    let entries = try EntryList.decode(try await connection.get("/v1/accounts/\(account.hex)/chain"))
    let chain = try AccountChain(entries: entries)
    chains[account] = chain
    for key in try EntryList.decode(try await connection.get("/v1/accounts/\(account.hex)/sealing-keys")) {
      try books.take(key, chain: chain)
    }
  }

  private func putRoster() async throws {
    try await connection.send(.put, "\(path)/roster", body: EntryList.encode(roster?.entries ?? []))
  }

  func rotate(_ reason: KeyHead.Reason) async throws {
    guard let roster else { return }
    number += 1
    video = nil
    epoch = Epoch(number: EpochNumber(dangerouslyUnrecorded: number), identity: identity)
    let now = Clocks.unixMicroseconds()
    var recipients: [Recipient] = []
    let accounts = roster.recipients(now: now)
    for account in accounts + [favourite].compactMap({ $0 }).filter({ !accounts.contains($0) }) {
      guard let chain = chains[account] else { continue }
      for client in chain.clients.keys {
        guard let key = books.newest(of: client, in: account) else { continue }
        recipients.append(
          Recipient(
            client: client, account: account, accountVersion: chain.version, accountHead: chain.head, suite: key.suite,
            publicKey: key.publicKey,
            classes: account == favourite ? ClassMask(.video) : roster.rights(of: account, now: now)))
      }
    }
    let message = try epoch?.message(
      to: recipients, time: now, bootNonce: try BootNonce(Array(repeating: 1, count: 16)), reason: reason,
      rosterVersion: roster.version, rosterHash: roster.hash, refusals: refusals)
    guard let message else { return }
    try await connection.send(.put, "\(path)/keys/\(number)", body: message.items.flatMap(\.bytes))
    try await uplink?.send(message.items.flatMap(\.bytes))
  }

  // MARK: media

  func connect() async throws { uplink = try await connection.uplink(device: id) }

  func disconnect() {
    uplink?.close()
    uplink = nil
  }

  /// A segment's init, a random access point, and frames after it; those in `lost` are sealed and never sent.
  func sendVideo(frames: Int, lost: Set<Int> = [], randomAccessEvery group: Int = 5, ends: Bool = true) async throws {
    guard var sealer = try epoch?.nextSegment(track: Track(.video)) else { return }
    for index in 0...frames {
      let flags: ObjectHeader.Flags =
        index == 0 ? .initialization : (index - 1).isMultiple(of: group) ? .randomAccess : []
      let plaintext = MediaPlaintext(
        captureTime: Clocks.unixMicroseconds(), duration: 40_000, kind: index == 0 ? .initialization : .chunk,
        payload: Array("frame \(index)".utf8))
      let sealed = try sealer.seal(plaintext, flags: flags, padding: .none)
      if !lost.contains(index) { try await uplink?.send(sealed.bytes) }
    }
    guard ends else { return }
    try await uplink?.send(try sealer.end(captureTime: Clocks.unixMicroseconds(), padding: .none).bytes)
  }

  /// Two parts and their end.
  func sendPhoto() async throws {
    guard var sealer = try epoch?.nextSegment(track: Track(.photo)) else { return }
    let now = Clocks.unixMicroseconds()
    for (part, kind) in [("first ", MediaPlaintext.Kind.jpegPart), ("second", .jpeg)] {
      let plaintext = MediaPlaintext(captureTime: now, duration: 0, kind: kind, payload: Array(part.utf8))
      let flags: ObjectHeader.Flags = kind == .jpegPart ? .randomAccess : []
      try await uplink?.send(try sealer.seal(plaintext, flags: flags, padding: .none).bytes)
    }
    try await uplink?.send(try sealer.end(captureTime: now, padding: .none).bytes)
  }
}
