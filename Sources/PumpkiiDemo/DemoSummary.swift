internal import FoundationEssentials

/// The figures of one demonstration: the JSON of `docs/demo.md`, which is a stable interface.
package struct DemoSummary: Sendable, Equatable, Encodable {
  package struct Source: Sendable, Equatable, Encodable {
    @Measured package var profile: String?
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
      package var driver: UInt64 = 0
      package var decode: UInt64 = 0
      package var encoder: UInt64 = 0
      package var joined: UInt64 = 0
      package var unwatched: UInt64 = 0
      package var shutdown: UInt64 = 0
      package var total: UInt64 { driver + decode + encoder + joined + unwatched + shutdown }
      package init() {}
    }

    /// Where units were lost after they were sealed.
    package struct LostBy: Sendable, Equatable, Encodable {
      package var agentQueue: UInt64 = 0
      package var relay: UInt64 = 0
      package var viewer: UInt64 = 0
      package var total: UInt64 { agentQueue + relay + viewer }
      package init() {}
    }

    package var captured: UInt64 = 0
    package var denied: UInt64 = 0
    package var dropped = Dropped()
    package var sealed: UInt64 = 0
    package var watched: UInt64 = 0
    package var delivered: UInt64 = 0
    package var opened: UInt64 = 0
    package var lost: UInt64 = 0
    package var lostBy = LostBy()
    package init() {}
  }

  package struct Latency: Sendable, Equatable, Encodable {
    @Measured package var p50: Double?
    @Measured package var p99: Double?
    package init() {}
  }

  package struct Agent: Sendable, Equatable, Encodable {
    @Measured package var cpuMsPerFrame: Double?
    @Measured package var rssMb: Double?
    @Measured package var rssAnonMb: Double?
    package init() {}
  }

  package struct Relay: Sendable, Equatable, Encodable {
    @Measured package var cpuS: Double?
    @Measured package var rssMb: Double?
    @Measured package var bytes: UInt64?
    @Measured package var plaintextHits: Int?
    package init() {}
  }

  package struct Outputs: Sendable, Equatable, Encodable {
    @Measured package var video: String?
    @Measured package var photo: String?
    package init() {}
  }

  package var source = Source()
  package var video = Track()
  package var audio = Track()
  package var latencyMs = Latency()
  @Measured package var startMs: Double?
  @Measured package var cutMs: Double?
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
