internal import PumpkiiChain
package import PumpkiiPolicy
internal import PumpkiiSystem
internal import PumpkiiWire

extension CameraLink {
  /// Why a flag or a point is as it is, as far as the signed documents say: policy, times, terms and shares. What the
  /// camera's hardware and whoever runs its board deny is known on the board alone; of that, the camera's newest signed
  /// beacon says no more than that something does.
  /// - Parameters:
  ///   - subject: a flag or a point, as `sensor.camera` or `E3`.
  ///   - other: the account for whom it is asked, 64 hexadecimal digits.
  ///   - time: Unix µs; nil for now, and only then the camera's own word counts.
  ///   - rules: reads a zone of this machine.
  /// - Throws: ``ClientError``: `client-usage` for another subject or an account that is none.
  package func explain(
    _ subject: String, for other: String? = nil, at time: UInt64? = nil, zones rules: (String) -> ZoneRules?
  ) async throws(ClientError) -> [ExplainedDecision] {
    let asker = try other.map { text throws(ClientError) in try Self.accountID(text) }
    let requests = Request.all(about: subject, account: asker?.hex)
    guard !requests.isEmpty else {
      throw ClientError(
        .usage, "there is no flag and no point \(subject)", advice: "`pumpkii policy clauses` lists both")
    }
    let roster = try await ownedRoster()
    let now = time ?? Clocks.unixMicroseconds()
    var facts = try await documentedFacts(roster, rules)
    if let asker { facts.grant = Self.grant(of: asker, in: roster, at: now) }
    let off = time == nil ? try await sensorsThatAreOff(against: facts, now: now) : []
    let unknown =
      roster.owners.first == account.accountID ? nil : "Whether the first owner accepted the terms is not known here."
    return requests.map { request in
      ExplainedDecision(
        byDocuments: assess(request, facts: facts, now: now), unknown: unknown,
        isOff: request.flag.source.map(off.contains) ?? false)
    }
  }

  /// What was signed, read as the camera reads it. The first owner's account says what leaves the camera at all;
  /// another owner may not read it.
  private func documentedFacts(
    _ roster: Roster, _ rules: (String) -> ZoneRules?
  ) async throws(ClientError) -> Facts {
    let document = try await document(roster)?.body
    let permissions = Permissions(
      document, hash: roster.policy.hash, version: roster.policy.version, narrowed: roster.narrowed)
    let own = roster.owners.first == account.accountID ? try await account.policy() : nil
    return Facts(
      terms: own.map { Self.terms($0) } ?? .accepted, owner: permissions.judged(document, own: own),
      ownerProblem: document == nil ? "the owner has not set the permissions yet" : nil,
      zone: rules(permissions.zone), clock: .trusted)
  }

  private static func terms(_ policy: AccountPolicy) -> TermsFacts {
    TermsFacts(
      accepted: policy.accepted.first { $0.kind == .terms }.map { .init(number: $0.version, hash: $0.sha256) },
      acknowledgedRisk: policy.accepted.first { $0.kind == .risk }?.sha256)
  }

  private static func grant(of asker: AccountID, in roster: Roster, at time: UInt64) -> GrantFacts? {
    if roster.owners.contains(asker) { return .owner }
    return roster.span(of: asker, at: time).map {
      GrantFacts(media: $0.classes.classes.map(\.name), control: $0.control, from: $0.from, until: $0.until)
    }
  }

  /// µs in which a camera that began an epoch has told what its sensors do since.
  private static let telling: UInt64 = 10_000_000

  /// Sensors that the documents allow to be open and shown, and of which the camera says all the same that they are off
  /// by policy. It tells every change at once, so its word is about what it took, but for the moments after it. Where
  /// the documents deny either, it says nothing more than they do.
  private func sensorsThatAreOff(against facts: Facts, now: UInt64) async throws(ClientError) -> Set<Flag> {
    let key = try account.knownRoster(id())?.deviceKey
    guard let beacon = try await account.newestBeacon(id(), key: key),
      let head = try await account.newestKeyMessage(id())?.head.body,
      beacon.time > head.time || now > head.time + Self.telling
    else { return [] }
    let said: [(Flag, Flag, Beacon.State)] = [
      (.sensorCamera, .shareVideo, beacon.camera), (.sensorMicrophone, .shareAudio, beacon.microphone),
    ]
    let off = said.filter { sensor, share, state in
      state == .offByPolicy && decide(Request(point: .keepSensor, flag: sensor), facts: facts, now: now).allowed
        && decide(Request(point: .seal, flag: share), facts: facts, now: now).allowed
    }
    return Set(off.map(\.0))
  }
}

extension Flag {
  /// The sensor without which the flag gives nothing.
  fileprivate var source: Flag? {
    switch self {
    case .sharePhoto, .shareVideo: .sensorCamera
    case .shareAudio: .sensorMicrophone
    default: sensor
    }
  }
}
