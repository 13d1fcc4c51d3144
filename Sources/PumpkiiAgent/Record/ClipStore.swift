package import PumpkiiTransport

/// Where finished clips go beside the device's disk.
package protocol ClipStore: Sendable {
  /// Returns when the clip is stored for good; the same clip again is no error. Ends with its task.
  /// - Throws: ``TransportError``.
  func put(_ number: UInt64, _ body: FileBody) async throws(TransportError)
}

extension DeviceLink: ClipStore {
  /// - Throws: ``TransportError``.
  package func put(_ number: UInt64, _ body: FileBody) async throws(TransportError) {
    try await putClip(number, body: body)
  }
}
