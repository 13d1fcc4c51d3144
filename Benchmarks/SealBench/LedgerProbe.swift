internal import Glibc
internal import PumpkiiVault
internal import PumpkiiWire

/// A device that starts over and over: reserves an epoch, seals a few objects, says each KID, index and epoch uid, and
/// goes on until it is killed. The tests kill it at any instant and look for a KID and index that came twice.
enum LedgerProbe {
  static func run(path: String) throws {
    let identity = SigningIdentity()
    while true {
      let number = try EpochLedger.reserve(path: path)
      var epoch = Epoch(number: number, identity: identity)
      for _ in 0..<2 {
        var sealer = try epoch.nextSegment(track: Track(.photo))
        let picture = MediaPlaintext(captureTime: 1, duration: 0, kind: .jpeg, payload: [])
        for object in [try sealer.seal(picture, padding: .none), try sealer.end(captureTime: 1, padding: .none)] {
          say("\(object.header.kid.rawValue) \(object.header.index) \(epoch.uid)\n")
        }
      }
    }
  }

  /// Straight to the descriptor: what is said survives the kill.
  private static func say(_ line: String) {
    let bytes = Array(line.utf8)
    unsafe _ = write(STDOUT_FILENO, bytes, bytes.count)
  }
}
