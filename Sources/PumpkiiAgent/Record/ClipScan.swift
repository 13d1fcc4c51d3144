internal import PumpkiiChain
internal import PumpkiiSystem
internal import PumpkiiVault
package import PumpkiiWire

/// Reads a clip's file from the front as far as it is whole: every item complete, every object signed by the
/// device. A megabyte at a time, whatever the file's length.
package struct ClipScan: Sendable {
  private static let piece = 1 << 20

  /// Bytes from the front that are whole and genuine, the record not counted.
  package private(set) var bodyByteCount = 0
  /// The record's item, when the file has a genuine one behind its body.
  package private(set) var record: [UInt8]?
  package private(set) var tally = ClipTally()

  /// Reads the file at `path`. Blocks.
  /// - Parameter verifies: whether each object's signature is looked at: for what a power cut may have left.
  /// - Throws: ``AgentError`` `home` when it cannot be read.
  package init(path: String, key: SigningKey, verifies: Bool) throws(AgentError) {
    let device = DeviceID(of: key)
    var parser = WireItemParser()
    var offset = 0
    while true {
      let start = offset
      let bytes = try AgentHome.guarded { () throws(SystemError) in
        try DurableFile.read(path, from: start, count: Self.piece)
      }
      if bytes.isEmpty { return }
      offset += bytes.count
      parser.append(bytes)
      do throws(WireError) {
        while let item = try parser.next() {
          guard take(item, key, device, verifies) else { return }
        }
      } catch { return }
    }
  }

  /// - Returns: false where the file is not the recorder's work any more.
  private mutating func take(_ item: WireItem, _ key: SigningKey, _ device: DeviceID, _ verifies: Bool) -> Bool {
    switch item {
    case .control(.keyHead, let body):
      guard let head = try? KeyHeadCheck.verify(body, device: device) else { return false }
      tally.note(head.body)
    case .control(.keyEntry, _): break
    case .control(.clip, let body):
      if (try? ClipCheck.verify(body, key: key)) != nil { record = item.bytes }
      return false
    case .control: return false
    case .object(let header, let bytes):
      guard header.device == device, !verifies || Self.isGenuine(bytes, key) else { return false }
      tally.note(header)
    }
    bodyByteCount += item.bytes.count
    return true
  }

  private static func isGenuine(_ object: [UInt8], _ key: SigningKey) -> Bool {
    guard let signature = try? Signature(Array(object.suffix(Signature.byteCount))) else { return false }
    let digest = KeySchedule.objectDigest(object)
    return (try? SignatureCheck.verify(signature, label: .object, body: digest.bytes, key: key)) != nil
  }
}
