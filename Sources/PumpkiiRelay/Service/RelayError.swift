internal import Glibc
internal import PumpkiiSystem

/// Why the relay does not start or stopped. Equality is on the code alone.
public struct RelayError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The closed list of reasons; the raw value is the stable code that programs see.
  public enum Code: String, Sendable, CaseIterable {
    /// The configuration says something that cannot be.
    case configuration = "relay-configuration"
    /// Plain HTTP was asked for on an address that others can reach.
    case notLoopback = "relay-not-loopback"
    /// There is no certificate or key, or they cannot be read.
    case certificate = "relay-certificate"
    /// The database cannot be opened or does not sync.
    case store = "relay-store"
    /// A file or folder of the home cannot be used.
    case home = "relay-home"
    /// The address cannot be listened on.
    case address = "relay-address"
  }

  /// The reason.
  public let code: Code
  /// One sentence: what is wrong and what would be right.
  public let detail: String

  /// An error with its reason and a sentence.
  package init(_ code: Code, _ detail: String) {
    self.code = code
    self.detail = detail
  }

  /// Code and detail in one line.
  public var description: String { "\(code.rawValue): \(detail)" }

  /// Equality on the code alone.
  public static func == (left: RelayError, right: RelayError) -> Bool { left.code == right.code }
}

extension RelayError {
  /// What the kernel said of the address, with what to do.
  init(listening errno: Int32, _ configuration: RelayConfiguration) {
    let address = "\(configuration.host):\(configuration.port)"
    let words =
      switch errno {
      case EADDRINUSE: "\(address) is in use; stop what listens there (`ss -ltnp` names it), or give another --listen"
      case EADDRNOTAVAIL: "this machine has no address \(configuration.host); give another --listen"
      case EACCES: "this user may not listen on \(address); give --listen a port from 1024 on"
      default: "\(SystemError("listen", errno: errno, address)); give another --listen"
      }
    self.init(.address, words)
  }
}
