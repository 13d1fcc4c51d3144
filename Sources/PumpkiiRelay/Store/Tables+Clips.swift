internal import FoundationEssentials
internal import GRDB
internal import PumpkiiWire

extension Tables {
  /// A clip that is stored.
  struct Clip: Sendable, Equatable {
    let number: UInt64
    /// Its name in the blob store.
    let blob: String
    let bytes: Int
    /// Unix µs.
    let stored: UInt64
    let hash: Digest
    let classes: ClassMask
  }

  /// A clip that was stored once.
  struct GoneClip: Sendable, Equatable {
    enum Reason: String, Sendable {
      /// Its owner or its device deleted it.
      case deleted
      /// It was too old, or the oldest when there was no more room.
      case retention
    }

    let number: UInt64
    let reason: Reason
  }

  /// Numbers of clips that are gone, kept of one camera.
  private static let goneLimit = 4096

  func clip(_ device: DeviceID, _ number: UInt64) throws -> Clip? {
    try clips("device = ? AND number = ?", [Data(device.bytes), Int64(bitPattern: number)]).first
  }

  /// In the order of their numbers.
  func clips(_ device: DeviceID) throws -> [Clip] { try clips("device = ?", [Data(device.bytes)]) }

  func goneClip(_ device: DeviceID, _ number: UInt64) throws -> GoneClip? {
    try gone("device = ? AND number = ?", [Data(device.bytes), Int64(bitPattern: number)]).first
  }

  func goneClips(_ device: DeviceID) throws -> [GoneClip] { try gone("device = ?", [Data(device.bytes)]) }

  /// Bytes of all clips that are stored.
  func clipBytes() throws -> Int {
    try Int.fetchOne(database, sql: "SELECT sum(bytes) FROM clip WHERE gone IS NULL") ?? 0
  }

  /// The blobs that clips have.
  func clipBlobs() throws -> Set<String> {
    Set(try String.fetchAll(database, sql: "SELECT blob FROM clip WHERE gone IS NULL"))
  }

  /// Cameras with a clip that was stored before an instant.
  func devices(withClipsBefore instant: UInt64) throws -> [DeviceID] {
    try Data.fetchAll(
      database, sql: "SELECT DISTINCT device FROM clip WHERE gone IS NULL AND stored < ?",
      arguments: [Int64(bitPattern: instant)]
    ).map { try DeviceID(Array($0)) }
  }

  func add(_ clip: Clip, of device: DeviceID) throws {
    try database.execute(
      sql: "INSERT INTO clip (device, number, blob, bytes, stored, hash, classes) VALUES (?, ?, ?, ?, ?, ?, ?)",
      arguments: [
        Data(device.bytes), Int64(bitPattern: clip.number), clip.blob, clip.bytes, Int64(bitPattern: clip.stored),
        Data(clip.hash.bytes), Int64(clip.classes.rawValue),
      ])
  }

  /// Keeps of clips their numbers and the reason.
  func end(_ clips: [Clip], of device: DeviceID, _ reason: GoneClip.Reason) throws {
    for clip in clips {
      try database.execute(
        sql: "UPDATE clip SET blob = NULL, bytes = 0, stored = 0, hash = ?, classes = 0, gone = ? "
          + "WHERE device = ? AND number = ?",
        arguments: [Data(), reason.rawValue, Data(device.bytes), Int64(bitPattern: clip.number)])
    }
    try database.execute(
      sql: """
        DELETE FROM clip WHERE device = ? AND gone IS NOT NULL AND number NOT IN
          (SELECT number FROM clip WHERE device = ? AND gone IS NOT NULL ORDER BY number DESC LIMIT ?)
        """,
      arguments: [Data(device.bytes), Data(device.bytes), Self.goneLimit])
  }

  private func clips(_ condition: String, _ arguments: StatementArguments) throws -> [Clip] {
    let sql = "SELECT number, blob, bytes, stored, hash, classes FROM clip WHERE gone IS NULL AND "
    return try Row.fetchAll(database, sql: sql + condition + " ORDER BY number", arguments: arguments).map { row in
      let (number, blob, bytes): (Int64, String, Int) = (row[0], row[1], row[2])
      let (stored, hash, classes): (Int64, Data, UInt8) = (row[3], row[4], row[5])
      return Clip(
        number: UInt64(bitPattern: number), blob: blob, bytes: bytes, stored: UInt64(bitPattern: stored),
        hash: try Digest(Array(hash)), classes: ClassMask(rawValue: classes))
    }
  }

  private func gone(_ condition: String, _ arguments: StatementArguments) throws -> [GoneClip] {
    let sql = "SELECT number, gone FROM clip WHERE gone IS NOT NULL AND "
    return try Row.fetchAll(database, sql: sql + condition + " ORDER BY number", arguments: arguments).map { row in
      let (number, reason): (Int64, String) = (row[0], row[1])
      return GoneClip(number: UInt64(bitPattern: number), reason: GoneClip.Reason(rawValue: reason) ?? .deleted)
    }
  }
}
