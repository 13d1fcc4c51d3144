/// The head of a key message: one shared buffer for everybody, signed by the device with the label `key-head`.
package struct KeyHead: WireBody {
  package static let fieldName = "key head"

  /// Why the device began this epoch.
  package enum Reason: UInt8, Sendable, CaseIterable {
    case start = 1
    /// Somebody lost a right: a revocation, a removed client, a withdrawn flag.
    case narrowed = 2
    /// Somebody gained one.
    case widened = 3
    case timer = 4
    case clockStep = 5
    case requested = 6
  }

  /// A roster operation that the device would not take, and why.
  package struct Refusal: Sendable, Equatable {
    package enum Reason: UInt8, Sendable, CaseIterable {
      /// Made on another roster head; its client makes it anew.
      case otherHead = 1
      case notOwner = 2
      case badSignature = 3
      case unknownAccount = 4
      case unknownTarget = 5
      case expired = 6
      case notAllowed = 7
    }
    /// SHA-256 of the operation's bytes, signature included.
    package var operation: Digest
    package var reason: Reason
    package init(operation: Digest, reason: Reason) {
      self.operation = operation
      self.reason = reason
    }
  }

  /// Commits the device to one key a class for all recipients.
  package struct Commitment: Sendable, Equatable {
    /// The class whose key it is.
    package var mediaClass: MediaClass
    /// Of the class's key, so that nobody can be given another one.
    package var commit: Digest
    package init(mediaClass: MediaClass, commit: Digest) {
      self.mediaClass = mediaClass
      self.commit = commit
    }
  }

  package var device: DeviceID
  package var deviceKey: SigningKey
  package var epoch: UInt32
  /// Tells two epochs apart that a device numbered alike.
  package var epochUID: EpochUID
  /// Unix µs by the device's clock.
  package var time: UInt64
  package var bootNonce: BootNonce
  package var reason: Reason
  /// Of the roster that the recipients were read from, and its hash.
  package var rosterVersion: UInt64
  package var rosterHash: Digest
  /// The number of the newest clip; 0 before the first.
  package var highestClip: UInt64
  package var refusals: [Refusal]
  /// Ascending by class.
  package var commitments: [Commitment]
  /// SHA-256 of each entry, in the order of the entries.
  package var entryDigests: [Digest]

  package init(
    device: DeviceID, deviceKey: SigningKey, epoch: UInt32, epochUID: EpochUID, time: UInt64, bootNonce: BootNonce,
    reason: Reason, rosterVersion: UInt64, rosterHash: Digest, highestClip: UInt64 = 0, refusals: [Refusal] = [],
    commitments: [Commitment], entryDigests: [Digest]
  ) {
    self.device = device
    self.deviceKey = deviceKey
    self.epoch = epoch
    self.epochUID = epochUID
    self.time = time
    self.bootNonce = bootNonce
    self.reason = reason
    self.rosterVersion = rosterVersion
    self.rosterHash = rosterHash
    self.highestClip = highestClip
    self.refusals = refusals
    self.commitments = commitments
    self.entryDigests = entryDigests
  }

  /// What the device committed itself to for a class; nil for one without a key.
  package func commitment(_ media: MediaClass) -> Digest? {
    commitments.first { $0.mediaClass == media }?.commit
  }

  package func write(to writer: inout ByteWriter) {
    writer.write(WireItem.Kind.keyHead.rawValue)
    writer.write(device)
    writer.write(deviceKey)
    writer.write(epoch)
    writer.write(epochUID)
    writer.write(time)
    writer.write(bootNonce)
    writer.write(reason.rawValue)
    writer.write(rosterVersion)
    writer.write(rosterHash)
    writer.write(highestClip)
    writer.write(UInt16(refusals.count))
    for refusal in refusals {
      writer.write(refusal.operation)
      writer.write(refusal.reason.rawValue)
    }
    writer.write(UInt8(commitments.count))
    for commitment in commitments {
      writer.write(commitment.mediaClass.rawValue)
      writer.write(commitment.commit)
    }
    writer.write(UInt16(entryDigests.count))
    for digest in entryDigests { writer.write(digest) }
  }

  /// - Throws: ``WireError``; `unknownType` for another item, `unknownValue` for a reason or class that nobody knows,
  ///   `overLimit` and `order` for the lists.
  package init(_ reader: inout ByteReader) throws(WireError) {
    guard try reader.read(UInt8.self, "type") == WireItem.Kind.keyHead.rawValue else {
      throw WireError(.unknownType, "key head")
    }
    device = try reader.read("device id")
    deviceKey = try reader.read("device key")
    epoch = try reader.read("epoch")
    epochUID = try reader.read("epoch uid")
    time = try reader.read("time")
    bootNonce = try reader.read("boot nonce")
    reason = try reader.readCase("reason")
    rosterVersion = try reader.read("roster version")
    rosterHash = try reader.read("roster hash")
    highestClip = try reader.read("highest clip")
    refusals = try Self.refusals(&reader)
    commitments = try Self.commitments(&reader)
    let count = try Int(reader.read(UInt16.self, "entries"))
    guard count <= WireLimits.entries else { throw WireError(.overLimit, "entries") }
    entryDigests = []
    for _ in 0..<count { entryDigests.append(try reader.read("entry digest")) }
  }

  private static func refusals(_ reader: inout ByteReader) throws(WireError) -> [Refusal] {
    let count = try Int(reader.read(UInt16.self, "refusals"))
    guard count <= WireLimits.entries else { throw WireError(.overLimit, "refusals") }
    var list: [Refusal] = []
    for _ in 0..<count {
      let operation: Digest = try reader.read("refused operation")
      let reason: Refusal.Reason = try reader.readCase("refusal")
      list.append(Refusal(operation: operation, reason: reason))
    }
    return list
  }

  private static func commitments(_ reader: inout ByteReader) throws(WireError) -> [Commitment] {
    let count = try Int(reader.read(UInt8.self, "classes"))
    var list: [Commitment] = []
    for _ in 0..<count {
      let media: MediaClass = try reader.readCase("class")
      if let last = list.last, last.mediaClass >= media { throw WireError(.order, "classes") }
      list.append(Commitment(mediaClass: media, commit: try reader.read("commitment")))
    }
    return list
  }
}
