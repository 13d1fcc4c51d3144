internal import FoundationEssentials

/// The figures of one demonstration: the JSON of `docs/demo.md`, which is a stable interface.
package struct DemoSummary: Sendable, Equatable, Encodable {
  /// What the pictures came from.
  package struct Source: Sendable, Equatable, Encodable {
    /// The device profile's name; `file` for a film of one's own.
    @Measured package var profile: String?
    /// What the camera gave, as `mjpeg`.
    @Measured package var codec: String?
    @Measured package var width: Int?
    @Measured package var height: Int?
    @Measured package var fps: Double?
    package init() {}
  }

  /// Every unit of one track, each in exactly one place.
  package struct Track: Sendable, Equatable, Encodable {
    /// Why units ended before they were sealed.
    package struct Dropped: Sendable, Equatable, Encodable {
      /// Overwritten by the driver before they were collected, by the gaps in its numbers.
      package var driver: UInt64 = 0
      /// Could not be decoded.
      package var decode: UInt64 = 0
      /// Skipped by the encoder, to keep its bitrate.
      package var encoder: UInt64 = 0
      /// Parts of a picture that a later unit completed.
      package var joined: UInt64 = 0
      /// Nobody wanted them.
      package var unwatched: UInt64 = 0
      /// The sensor closed first.
      package var shutdown: UInt64 = 0
      package var total: UInt64 { driver + decode + encoder + joined + unwatched + shutdown }
      package init() {}
    }

    /// Where units were lost after they were sealed.
    package struct LostBy: Sendable, Equatable, Encodable {
      /// The uplink was too slow.
      package var agentQueue: UInt64 = 0
      /// Sealed and not written to the guest, the way to the relay included.
      package var relay: UInt64 = 0
      /// Written to the guest and not opened.
      package var viewer: UInt64 = 0
      package var total: UInt64 { agentQueue + relay + viewer }
      package init() {}
    }

    /// That the device made by its own numbers, those that its driver overwrote included.
    package var captured: UInt64 = 0
    /// That the gate refused.
    package var denied: UInt64 = 0
    package var dropped = Dropped()
    /// That were encrypted.
    package var sealed: UInt64 = 0
    /// Sealed from the first object that the guest opened to the last, under an epoch that it held.
    package var watched: UInt64 = 0
    /// Of those, written to the guest by the relay.
    package var delivered: UInt64 = 0
    /// Of those, opened by the guest.
    package var opened: UInt64 = 0
    /// Watched and not opened.
    package var lost: UInt64 = 0
    package var lostBy = LostBy()
    package init() {}
  }

  /// From a frame's capture to its opening at the guest, in ms, by one clock.
  package struct Latency: Sendable, Equatable, Encodable {
    @Measured package var p50: Double?
    @Measured package var p99: Double?
    package init() {}
  }

  /// What it cost the device.
  package struct Agent: Sendable, Equatable, Encodable {
    /// User and system time over captured frames.
    @Measured package var cpuMsPerFrame: Double?
    /// The most memory resident.
    @Measured package var rssMb: Double?
    /// Of it what is no file, at the end.
    @Measured package var rssAnonMb: Double?
    package init() {}
  }

  /// What it cost the relay.
  package struct Relay: Sendable, Equatable, Encodable {
    @Measured package var cpuS: Double?
    /// The most memory resident.
    @Measured package var rssMb: Double?
    /// Of objects, written to viewers.
    @Measured package var bytes: UInt64?
    /// Traces of plaintext in what it stored and logged: 0, or something is badly wrong.
    @Measured package var plaintextHits: Int?
    package init() {}
  }

  /// Paths of what came about.
  package struct Outputs: Sendable, Equatable, Encodable {
    @Measured package var video: String?
    @Measured package var photo: String?
    package init() {}
  }

  package var source = Source()
  package var video = Track()
  package var audio = Track()
  package var latencyMs = Latency()
  /// From the wish for a viewer to the first sealed frame, opening the camera included.
  @Measured package var startMs: Double?
  /// From the accepted revocation to the last object that the guest opened; 0 when that was before.
  @Measured package var cutMs: Double?
  /// From the flag's acceptance to the closed descriptor.
  @Measured package var microphoneClosedMs: Double?
  package var agent = Agent()
  package var relay = Relay()
  package var outputs = Outputs()

  package init() {}

  /// The summary as indented JSON with sorted keys and a last newline.
  /// - Throws: `EncodingError` when a figure is no number that JSON can carry.
  package func json() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
  }
}
