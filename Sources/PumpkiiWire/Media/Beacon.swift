/// What the device says of itself every two seconds while somebody watches, signed with the label `beacon`: that it is
/// alive, what its sensors do, and how far it has sealed. Over ``challenge`` a viewer knows that it was said just now.
package struct Beacon: WireBody {
  package static let fieldName = "beacon"

  /// What one sensor does, a closed list.
  package enum State: UInt8, Sendable, CaseIterable {
    /// It is open and its media are sealed.
    case live = 1
    /// The owner's policy, or whoever runs the board, does not allow it.
    case offByPolicy = 2
    /// There is none, or no longer.
    case noSensor = 3
    /// It is there and gets nothing: an HDMI source that is off, a microphone that is muted.
    case noSignal = 4
    /// It gives no frames any more.
    case frozen = 5
    /// Its privacy shutter is closed.
    case shutter = 6
    /// It would be allowed if the device knew what time it is.
    case clock = 7
    /// It is allowed and nobody wants it now.
    case idle = 8
    /// It is there and cannot be used: taken by another program, no permission, no bandwidth.
    case unusable = 9
    /// Somebody wants it and it is being opened.
    case starting = 10
  }

  /// How far an open track is sealed.
  package struct Position: Sendable, Equatable {
    package var track: Track
    /// The open segment's number in the epoch.
    package var segment: UInt32
    /// The index that its next object will have.
    package var nextIndex: UInt32

    package init(track: Track, segment: UInt32, nextIndex: UInt32) {
      self.track = track
      self.segment = segment
      self.nextIndex = nextIndex
    }
  }

  package var device: DeviceID
  /// The epoch that ``positions`` are in; zeros before the first.
  package var epochUID: EpochUID
  package var bootNonce: BootNonce
  /// Rises with every beacon of one boot.
  package var counter: UInt64
  /// Unix µs by the device's clock.
  package var time: UInt64
  package var camera: State
  package var microphone: State
  /// Ascending by track.
  package var positions: [Position]
  /// The number of the newest clip; 0 before the first.
  package var highestClip: UInt64
  /// The RFC 9162 tree root over viewers' nonces that the relay asked to be answered; that of no leaves without.
  package var challenge: Digest

  package init(
    device: DeviceID, epochUID: EpochUID, bootNonce: BootNonce, counter: UInt64, time: UInt64, camera: State,
    microphone: State, positions: [Position], highestClip: UInt64, challenge: Digest
  ) {
    self.device = device
    self.epochUID = epochUID
    self.bootNonce = bootNonce
    self.counter = counter
    self.time = time
    self.camera = camera
    self.microphone = microphone
    self.positions = positions
    self.highestClip = highestClip
    self.challenge = challenge
  }

  package func write(to writer: inout ByteWriter) {
    writer.write(WireItem.Kind.beacon.rawValue)
    writer.write(device)
    writer.write(epochUID)
    writer.write(bootNonce)
    writer.write(counter)
    writer.write(time)
    writer.write(camera.rawValue)
    writer.write(microphone.rawValue)
    writer.write(UInt8(clamping: positions.count))
    for position in positions {
      writer.write(position.track.rawValue)
      writer.write(position.segment)
      writer.write(position.nextIndex)
    }
    writer.write(highestClip)
    writer.write(challenge)
  }

  /// - Throws: ``WireError``; `unknownType` for another item, `unknownValue` for a state or track that nobody knows,
  ///   `overLimit` and `order` for positions.
  package init(_ reader: inout ByteReader) throws(WireError) {
    guard try reader.read(UInt8.self, "type") == WireItem.Kind.beacon.rawValue else {
      throw WireError(.unknownType, "beacon")
    }
    device = try reader.read("device id")
    epochUID = try reader.read("epoch uid")
    bootNonce = try reader.read("boot nonce")
    counter = try reader.read("counter")
    time = try reader.read("time")
    camera = try reader.readCase("state")
    microphone = try reader.readCase("state")
    positions = try Self.positions(&reader)
    highestClip = try reader.read("highest clip")
    challenge = try reader.read("challenge")
  }

  private static func positions(_ reader: inout ByteReader) throws(WireError) -> [Position] {
    let count = try Int(reader.read(UInt8.self, "tracks"))
    guard count <= WireLimits.beaconTracks else { throw WireError(.overLimit, "tracks") }
    var list: [Position] = []
    for _ in 0..<count {
      let track = try Track(rawValue: reader.read("track"))
      if let last = list.last, last.track >= track { throw WireError(.order, "tracks") }
      let segment: UInt32 = try reader.read("segment")
      let next: UInt32 = try reader.read("next index")
      guard segment < 1 << 24, next <= WireLimits.objectsPerSegment else { throw WireError(.overLimit, "position") }
      list.append(Position(track: track, segment: segment, nextIndex: next))
    }
    return list
  }
}
