internal import AsyncHTTPClient
internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import PumpkiiSystem
internal import PumpkiiWire

extension TransportError {
  /// What a library's error means to somebody who asked the relay at `address` for something.
  init(network error: any Error, _ address: RelayAddress) {
    self =
      switch error {
      case let error as TransportError: error
      case let error as WireError: TransportError(error)
      case is CancellationError: TransportError(.cancelled, "cancelled")
      case is NIOTooManyBytesError: TransportError(.tooLarge, "the relay's answer is larger than it may be")
      case let error as HTTPClientError: Self.client(error, address)
      case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError: Self.tls(error, address)
      case let error as NIOConnectionError: Self.unreachable(Self.reason(error), address)
      case let error as IOError: Self.unreachable(SystemError("connect", errno: error.errnoCode).description, address)
      case is ChannelError, is SocketAddressError: Self.unreachable("\(error)", address)
      default: TransportError(.closed, "the connection to \(address.origin) broke (\(type(of: error)))")
      }
  }

  /// A connection that had died before it was used again.
  static func isStaleConnection(_ error: any Error) -> Bool {
    switch error {
    case let error as HTTPClientError: error == .remoteConnectionClosed
    case let error as ChannelError: error == .ioOnClosedChannel || error == .alreadyClosed
    case let error as IOError: error.errnoCode == ECONNRESET || error.errnoCode == EPIPE
    default: false
    }
  }

  private static func client(_ error: HTTPClientError, _ address: RelayAddress) -> TransportError {
    switch error {
    case .cancelled, .requestStreamCancelled: TransportError(.cancelled, "cancelled")
    case .alreadyShutdown: TransportError(.shutDown, "the connection was shut down")
    case .readTimeout: TransportError(.silent, "nothing came from \(address.origin) for 15 seconds")
    case .connectTimeout, .deadlineExceeded, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout:
      unreachable("no answer in time", address)
    case .remoteConnectionClosed where !address.isTLS:
      TransportError(
        .closed, "\(address.origin) ended the connection without an answer",
        advice: "if the relay speaks TLS on this port, write https:// and give its pin")
    case .remoteConnectionClosed: TransportError(.closed, "\(address.origin) ended the connection")
    default: TransportError(.closed, "the connection to \(address.origin) broke (\(error.shortDescription))")
    }
  }

  private static func tls(_ error: any Error, _ address: RelayAddress) -> TransportError {
    let problem = TLSProblem(error)
    guard problem != .noTLS else {
      return TransportError(
        .malformed, "\(address.origin) does not speak TLS",
        advice: "check the port; a relay of plain HTTP is reached from its own machine only, as http://127.0.0.1")
    }
    if address.pin != nil {
      return TransportError(
        .pinMismatch, "\(address.origin) does not prove the pinned certificate (\(problem.rawValue))",
        advice: "ask the relay's operator for the pin; do not go on if it did not change with their knowledge")
    }
    return TransportError(
      .certificate, "the certificate of \(address.origin) does not verify (\(problem.rawValue))",
      advice: "check host name and clock, or give the pin that `pumpkii-relay init` printed with --pin")
  }

  /// The kernel's or the resolver's words for the first address that was tried.
  private static func reason(_ error: NIOConnectionError) -> String {
    if let tried = error.connectionErrors.first {
      let cause = (tried.error as? IOError).map { SystemError("connect", errno: $0.errnoCode).description }
      return cause ?? "\(tried.error)"
    }
    return error.dnsAError.map { "\($0)" } ?? "the name resolves to no address"
  }

  private static func unreachable(_ reason: String, _ address: RelayAddress) -> TransportError {
    TransportError(
      .unreachable, "no connection to \(address.origin) (\(reason))",
      advice: "check the address, the network, and that the relay runs")
  }
}
