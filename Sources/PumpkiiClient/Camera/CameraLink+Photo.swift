internal import PumpkiiSystem
internal import PumpkiiTransport
internal import PumpkiiVault
internal import PumpkiiWire

/// A picture that a camera took.
public struct Photo: Sendable {
  /// The JPEG file.
  public let jpeg: [UInt8]
  /// Unix µs by the camera's clock.
  public let captureTime: UInt64
  /// Its segment.
  public let segment: UInt64

  /// Whether a picture of this time was taken since `asked`, by a camera's clock that may be two seconds behind.
  package static func isTaken(at captureTime: UInt64, since asked: UInt64) -> Bool {
    captureTime >= asked - min(asked, 2_000_000)
  }
}

/// Puts photos together again that were split over several objects.
public struct PhotoAssembler: Sendable {
  /// What parts of one photo may come to.
  private static let limit = 64 << 20
  private var segment: UInt64?
  private var bytes: [UInt8] = []

  /// Nothing yet.
  public init() {}

  /// Takes what opened; gives the photo that it completes.
  public mutating func take(_ media: OpenedMedia) -> Photo? {
    guard media.kind == .photo, media.content == .picture || media.content == .picturePart else { return nil }
    // A photo is a segment: one that begins at another place lost its beginning.
    if media.segment != segment {
      segment = media.segment
      bytes = []
    }
    guard !bytes.isEmpty || media.index == 0 || media.isRandomAccess, bytes.count + media.payload.count <= Self.limit
    else { return nil }
    bytes += media.payload
    guard media.content == .picture else { return nil }
    defer { bytes = [] }
    return Photo(jpeg: bytes, captureTime: media.captureTime, segment: media.segment)
  }
}

extension CameraLink {
  /// Asks the camera for a photo and waits for it. The camera decides whether it takes one, and how often.
  /// - Throws: ``ClientError``: `client-timeout` when none comes, `client-cut` without a right to photos.
  public func takePhoto(timeout: Duration = .seconds(20)) async throws(ClientError) -> Photo {
    let device = try id()
    let photo = try await ClientError.translating {
      try await withThrowingTaskGroup(of: Photo?.self) { group in
        group.addTask { try await receivePhoto(device) }
        group.addTask {
          try await Task.sleep(for: timeout)
          return nil
        }
        defer { group.cancelAll() }
        return try await group.next() ?? nil
      }
    }
    guard let photo else {
      throw ClientError(
        .timeout, "no photo came from \(name)",
        advice: "check that the camera is online, and its flags: pumpkii permissions show")
    }
    return photo
  }

  /// The first photo that is not one of those the relay had from before: taken after the request by the camera's
  /// clock, or come so late after it that it cannot be an old one.
  private func receivePhoto(_ device: DeviceID) async throws -> Photo? {
    var assembler = PhotoAssembler()
    var asked: (unix: UInt64, instant: ContinuousClock.Instant)?
    for try await event in try watch(classes: [.photo]) {
      switch event {
      case .epoch where asked == nil:
        try await order(device)
        asked = (Clocks.unixMicroseconds(), .now)
      case .opened(let media):
        guard let photo = assembler.take(media), let asked else { continue }
        let isFresh = Photo.isTaken(at: photo.captureTime, since: asked.unix)
        if isFresh || .now - asked.instant >= .seconds(1) { return photo }
      default: break
      }
    }
    return nil
  }

  /// The signed wish; its counter is stored before it is sent.
  private func order(_ device: DeviceID) async throws(ClientError) {
    let now = Clocks.unixMicroseconds()
    var counter: UInt64 = 0
    // By the clock, so that two programs of one folder do not use one number twice.
    try account.remember(device) { record in
      counter = max(record.commandCounter &+ 1, now)
      record.commandCounter = counter
    }
    let command = Command(
      device: device, client: account.client, counter: counter, notAfter: now + 25_000_000, kind: .photo)
    let bytes = account.identity.sign(command, .command).bytes
    _ = try await account.ask { () async throws(TransportError) in
      try await account.connection.send(.post, "/v1/cameras/\(device.hex)/commands", body: bytes)
    }
  }
}
