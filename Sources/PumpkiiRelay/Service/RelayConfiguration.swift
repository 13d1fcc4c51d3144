/// How one relay runs: plain values with defaults. ``read(home:file:environment:)`` fills it from `relay.yaml` and the
/// environment.
public struct RelayConfiguration: Sendable, Equatable {
  /// A token bucket: so many at once, and so many a second after that.
  public struct Rate: Sendable, Equatable {
    /// Requests that may come at once.
    public var burst: Double
    /// Requests a second in the long run.
    public var perSecond: Double

    /// A rate.
    public init(burst: Double, perSecond: Double) {
      self.burst = burst
      self.perSecond = perSecond
    }
  }

  /// The numbers that bound what anybody can ask of the relay.
  public struct Limits: Sendable, Equatable {
    /// The longest request body but for live media.
    public var bodyBytes = 8 << 20
    /// All header fields of a request.
    public var headerBytes = 16 << 10
    /// One object of live media, header to signature.
    public var objectBytes = 16 << 20
    /// Media that may wait for one viewer before it loses whole groups.
    public var viewerQueueBytes = 1 << 20
    /// Everything that may wait for one viewer before it is cut; above the largest object and the cache.
    public var viewerHardBytes = 32 << 20
    /// The current groups of one camera.
    public var groupCacheBytes = 8 << 20
    /// The current groups of all cameras; beyond it those that nobody watches are forgotten first.
    public var allCachesBytes = 256 << 20
    /// Viewers of one camera.
    public var viewersPerCamera = 64
    /// Roster operations that wait for one device.
    public var operationsPerCamera = 256
    /// Key messages kept of one camera; the oldest go.
    public var keyMessagesPerCamera = 4096
    /// Accounts of this relay.
    public var accounts = 100_000
    /// Cameras of this relay.
    public var cameras = 100_000
    /// Open connections.
    public var connections = 4096
    /// Requests without a token, for each address.
    public var unauthenticated = Rate(burst: 240, perSecond: 20)
    /// Requests with a token, for each client or device.
    public var authenticated = Rate(burst: 600, perSecond: 100)
    /// Commands of one client to one camera.
    public var commands = Rate(burst: 1, perSecond: 1)
    /// Nonces of one client to one camera; each of its lines posts one a second.
    public var nonces = Rate(burst: 8, perSecond: 4)
    /// What one camera may tell one account of its roster and keys; what is over waits, the newest of each kind.
    public var hints = Rate(burst: 20, perSecond: 1)
    /// Diagnostics reports of one sender, which has one a day.
    public var diagnostics = Rate(burst: 8, perSecond: 0.001)
    /// Account chains held decoded, and as much again for rosters.
    public var decodedBytes = 128 << 20
    /// One clip.
    public var clipBytes = 256 << 20
    /// The clips of one camera; beyond it the oldest go.
    public var clipBytesPerCamera = 2 << 30
    /// The clips of all cameras; beyond it uploads wait (`clips-full`), as nobody's clips go for another's.
    public var allClipsBytes = 64 << 30
    /// Days that a clip is kept.
    public var clipDays = 30
    /// Clips that a camera may be sending at once.
    public var clipUploadsPerCamera = 2
    /// Silence after which a connection that is being read from is closed.
    public var idleTimeout = Duration.seconds(30)
    /// How long a short body may take.
    public var bodyTimeout = Duration.seconds(20)
    /// How long a TLS handshake may take.
    public var handshakeTimeout = Duration.seconds(10)
    /// How often lasting responses say that they live.
    public var heartbeat = Duration.seconds(5)

    /// The defaults.
    public init() {}

    var room: LiveRoom.Limits {
      LiveRoom.Limits(
        queueBytes: viewerQueueBytes, hardBytes: viewerHardBytes, cacheBytes: groupCacheBytes, viewers: viewersPerCamera
      )
    }
  }

  /// How much is logged.
  public enum LogLevel: String, Sendable, CaseIterable {
    /// One line a request.
    case debug
    /// Starts and stops.
    case info
    /// Broken rules of the protocol.
    case notice
    /// The relay's own faults only.
    case error
  }

  /// The folder with the certificate, its key, the database and `relay.yaml`.
  public var home: String
  /// The address to listen on: a name or an IP address without brackets.
  public var host = "127.0.0.1"
  /// The port to listen on; 0 lets the system choose one.
  public var port = 0
  /// HTTP without TLS; taken on loopback only.
  public var plain = false
  /// The names under which clients that were given no pin know this relay: `https://relay.example:8443`.
  public var origins: [String] = []
  /// Where the port is written once the relay listens.
  public var portFile: String?
  /// A debug file of ciphertext positions; nil for none.
  public var ledger: String?
  /// How much is logged, to standard error.
  public var logLevel = LogLevel.notice
  /// What bounds everybody.
  public var limits = Limits()

  /// A relay in `home` with all defaults: TLS on a port of 127.0.0.1 that the system chooses.
  public init(home: String) { self.home = home }

  /// Whether the address is one that only this machine reaches.
  var isLoopback: Bool {
    if host == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    return parts.count == 4 && parts[0] == 127 && parts.allSatisfy { $0 != nil }
  }

  /// What no single key can say: that the values go together.
  /// - Throws: ``RelayError``.
  public func validate() throws(RelayError) {
    guard !plain || isLoopback else {
      throw RelayError(
        .notLoopback, "plain HTTP is served on 127.0.0.1, ::1 or localhost only; leave plain out for TLS")
    }
    guard (0...65535).contains(port) else { throw RelayError(.configuration, "listen: the port is 0 to 65535") }
    guard limits.viewerHardBytes >= limits.objectBytes + limits.groupCacheBytes else {
      throw RelayError(
        .configuration, "limits.viewer_hard_bytes must be at least object_bytes + group_cache_bytes")
    }
    guard limits.clipBytes <= limits.clipBytesPerCamera, limits.clipBytesPerCamera <= limits.allClipsBytes else {
      throw RelayError(
        .configuration,
        "limits.clip_bytes must be at most clip_bytes_per_camera, and that at most all_clips_bytes")
    }
  }
}
