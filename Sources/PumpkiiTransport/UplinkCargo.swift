package import PumpkiiWire

/// Where an uplink takes its items from and tells what the relay has taken. Called on the connection's own thread, so
/// that a frame needs one change of threads from sealing to the socket; nothing here may block.
package protocol UplinkCargo: AnyObject, Sendable {
  /// The next whole item, nil when nothing waits; ``Uplink/wake()`` says that there is something again.
  func take() -> [UInt8]?
  /// The relay has taken this object and, as the connection keeps order, all before it.
  func acknowledge(kid: UInt64, index: UInt32)
  /// The relay asks for a beacon over this root.
  func challenge(_ root: Digest)
}
