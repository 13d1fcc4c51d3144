internal import FoundationEssentials
internal import PumpkiiChain
internal import PumpkiiSystem
internal import PumpkiiTransport
internal import PumpkiiWire

/// A clip that the relay holds. When it was taken, and why, is sealed in it.
public struct ClipSummary: Sendable, Codable, Equatable {
  /// The camera's number for it: from 1 without a gap.
  public let number: UInt64
  /// Its bytes at the relay.
  public let bytes: Int
  /// Unix µs at which the relay stored it.
  public let storedAt: UInt64
  /// What is in it, of what this account may see.
  public let classes: [MediaKind]

  private enum CodingKeys: String, CodingKey {
    case number, bytes, classes
    case storedAt = "stored_us"
  }
}

/// A clip that the relay held once.
public struct GoneClip: Sendable, Codable, Equatable {
  /// Its number.
  public let number: UInt64
  /// `deleted` or `retention`.
  public let reason: String
}

/// The clips of one camera at the relay.
public struct ClipList: Sendable, Codable, Equatable {
  /// In the order of their numbers.
  public let clips: [ClipSummary]
  /// Those that are gone; told to owners.
  public let gone: [GoneClip]

  /// Numbers up to `highest` that the relay neither holds nor says to have held, for an owner.
  package func missing(upTo highest: UInt64) -> [ClosedRange<UInt64>] {
    var ranges: [ClosedRange<UInt64>] = []
    var next: UInt64 = 1
    for number in (clips.map(\.number) + gone.map(\.number)).sorted() where number >= next {
      if number > next { ranges.append(next...number - 1) }
      next = number + 1
    }
    if highest >= next { ranges.append(next...highest) }
    return ranges
  }
}

extension CameraLink {
  private var clipsPath: String { "/v1/cameras/\(device)/clips" }

  /// The clips that the relay holds of this camera.
  /// - Throws: ``ClientError``, with the relay's code when the account has no right to recordings.
  public func clips() async throws(ClientError) -> ClipList {
    _ = try id()
    let path = clipsPath
    let bytes = try await account.ask { () async throws(TransportError) in
      try await account.connection.get(path, limit: 16 << 20)
    }
    guard let list = try? JSONDecoder().decode(ClipList.self, from: Data(bytes)) else {
      throw ClientError(
        ClientError.Code(rawValue: TransportError.Code.malformed.rawValue),
        "the relay's list of clips is not what the protocol says")
    }
    return list
  }

  /// Numbers of clips that the camera made, by its signed word, and of which the relay says nothing: they wait at the
  /// camera, were never to be uploaded, or are withheld. For owners; a guest is not told of what it may not see.
  /// - Throws: ``ClientError``: `client-rolled-back` for a relay that shows keys from before, a chain's code for what
  ///   the camera did not sign.
  public func missingClips(in list: ClipList) async throws(ClientError) -> [ClosedRange<UInt64>] {
    let known = try account.known(id())
    let message = try await account.newestKeyMessage(id())
    if let message, message.head.body.epoch < known?.epoch ?? 0 { throw ReceivedKeyMessage.isOlder }
    let beacon = try await account.newestBeacon(id(), key: try account.knownRoster(id())?.deviceKey)
    return list.missing(upTo: max(message?.head.body.highestClip ?? 0, beacon?.highestClip ?? 0))
  }

  /// Fetches a clip into a file for ``KeptFile``. It is sealed as it was; a file of this name is replaced once all
  /// of it came.
  /// - Throws: ``ClientError``: the relay's code, `client-altered` when what came is another clip, `client-home`
  /// when the file cannot be written.
  public func fetchClip(_ number: UInt64, to path: String) async throws(ClientError) {
    let from = "\(clipsPath)/\(number)"
    let part = "\(path).part"
    try ClientError.translating { try DurableFile.begin(part) }
    do {
      let items = try await account.ask { () async throws(TransportError) in try await account.connection.items(from) }
      var isFirst = true
      for try await item in items {
        if isFirst { try check(item, number) }
        isFirst = false
        try DurableFile.append(item.bytes, to: part, sync: false)
      }
      try DurableFile.append([], to: part)
      try DurableFile.rename(part, to: path)
    } catch {
      try? DurableFile.remove(part)
      throw ClientError(of: error)
    }
  }

  /// Deletes a clip at the relay, for an owner; the camera's own copy stays as it is. One that is not there is no
  /// error.
  /// - Throws: ``ClientError``.
  public func deleteClip(_ number: UInt64) async throws(ClientError) {
    let path = "\(clipsPath)/\(number)"
    _ = try await account.ask { () async throws(TransportError) in try await account.connection.send(.delete, path) }
  }

  /// What its signature is worth is seen when it is opened; a mix-up is told here.
  /// - Throws: ``ClientError`` `client-altered`.
  private func check(_ item: WireItem, _ number: UInt64) throws(ClientError) {
    guard case .control(.clip, let record) = item, let body = try? Signed<ClipRecord>(decoding: record).body,
      body.number == number, body.device == deviceID
    else { throw ClientError(.altered, "what the relay gave is not clip \(number) of \(name)") }
  }
}
