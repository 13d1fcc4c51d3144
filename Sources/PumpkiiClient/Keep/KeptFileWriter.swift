internal import PumpkiiSystem
internal import PumpkiiWire

/// Writes what was received to a file: key heads, own key entries and objects, one after the other as on the wire. The
/// file holds no key that is not sealed; it opens with this account's folder, and for nobody else.
struct KeptFileWriter: Sendable {
  let path: String

  /// Begins a new file, or goes on with one of this kind.
  /// - Throws: ``ClientError`` `client-home`.
  init(path: String) throws(ClientError) {
    self.path = path
    try ClientError.translating { try DurableFile.append([], to: path, sync: false) }
  }

  /// - Throws: ``ClientError`` `client-home`.
  func keep(_ item: WireItem) throws(ClientError) {
    try ClientError.translating { try DurableFile.append(item.bytes, to: path, sync: false) }
  }
}
