internal import Hummingbird
internal import NIOCore

/// What the relay knows about one request: the library's part, and the channel it came over.
struct RelayContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
  }

  /// One of several on a connection, as in HTTP/2: its channel's parent is a connection, which has a parent too.
  var isStream: Bool { channel.parent?.parent != nil }

  /// What unauthenticated requests are counted under: an IPv4 address, or an IPv6 network of 64 bits. It lives in the
  /// rate limiter's memory alone and is never logged or stored.
  var origin: String {
    guard let address = channel.remoteAddress?.ipAddress else { return "local" }
    guard address.contains(":") else { return address }
    return address.split(separator: ":", omittingEmptySubsequences: false).prefix(4).joined(separator: ":")
  }
}
