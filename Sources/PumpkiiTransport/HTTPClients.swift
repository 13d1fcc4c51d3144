internal import AsyncHTTPClient
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// The HTTP clients of one relay. Control and events may negotiate HTTP/2; live media are HTTP/1.1 on connections of
/// their own, because HTTP/2's fixed window of 64 KiB caps a long path at a fraction of its rate. Streams carry
/// heartbeats and must not be silent; an answer to a control request may take longer (a mailbox holds a request back).
struct HTTPClients: Sendable {
  /// What a request is for.
  enum Lane: Sendable {
    case control
    case events
    case media
  }

  /// Constant, so that it tells nothing about machine, version or language.
  static let userAgent = "pumpkii"

  private static let controlSeconds: Int64 = 45

  let control: HTTPClient
  let events: HTTPClient
  let media: HTTPClient
  /// For connections that need no HTTP client.
  let tls: TLSConfiguration

  /// - Parameter certificate: the pinned certificate's DER; nil for the system's roots.
  /// - Throws: ``TransportError`` `relay-certificate` when the certificate does not parse.
  init(address: RelayAddress, certificate: [UInt8]?) throws(TransportError) {
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.minimumTLSVersion = .tlsv13
    if let certificate {
      do {
        tls.trustRoots = .certificates([try NIOSSLCertificate(bytes: certificate, format: .der)])
        tls.certificateVerification = .noHostnameVerification
      } catch {
        throw TransportError(.certificate, "the certificate of \(address.origin) does not parse")
      }
    }
    self.tls = tls
    control = Self.client(tls, .automatic, silence: Self.controlSeconds)
    events = Self.client(tls, .automatic, silence: RelayConnection.silenceSeconds)
    media = Self.client(tls, .http1Only, silence: RelayConnection.silenceSeconds)
  }

  private static func client(
    _ tls: TLSConfiguration, _ version: HTTPClient.Configuration.HTTPVersion, silence: Int64
  ) -> HTTPClient {
    var configuration = HTTPClient.Configuration(
      tlsConfiguration: tls, redirectConfiguration: .disallow,
      timeout: .init(connect: .seconds(10), read: .seconds(silence)))
    configuration.httpVersion = version
    // A relay that is not there is told at once; waiting is the back-off's business.
    configuration.connectionPool.retryConnectionEstablishment = false
    let group = MultiThreadedEventLoopGroup.singleton
    return HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
  }

  subscript(lane: Lane) -> HTTPClient {
    switch lane {
    case .control: control
    case .events: events
    case .media: media
    }
  }

  /// Ends everything under way.
  func shutdown() async {
    for client in [media, events, control] { try? await client.shutdown() }
  }

  /// As ``shutdown()`` without waiting for it.
  func beginShutdown() {
    let ending: [EventLoopFuture<Void>] = [control.shutdown(), events.shutdown(), media.shutdown()]
    for future in ending { future.whenComplete { _ in } }
  }
}
