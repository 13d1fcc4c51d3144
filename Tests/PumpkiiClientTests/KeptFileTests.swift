import Foundation
import PumpkiiChain
import PumpkiiClient
import PumpkiiSystem
import PumpkiiVault
import PumpkiiWire
import Testing

/// A file with kinds that its reader has no key of: nothing in it is forged, and nothing is called so.
@Suite struct KeptFileTests {
  private let camera = SigningIdentity()
  private let reader = SigningIdentity()
  private let sealing = SealingKeyPair(suite: .x25519)

  @Test(arguments: [false, true]) func whatWasNotGivenIsToldApartFromWhatIsForged(isForged: Bool) throws {
    let path = NSTemporaryDirectory() + "pumpkii-kept-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try DurableFile.write(file(isForged: isForged), to: path)
    let opener = KeptFile.Opener(client: ClientID(of: reader.publicKey), sealing: [sealing]) { _ in true }
    let report = try KeptFile(path: path).verify(by: opener)
    #expect(report.opened["video"] == 2)
    #expect(report.notGiven == (isForged ? 1 : 2))
    #expect(report.refused == (isForged ? ["vault-bad-signature": 1] : [:]))
    #expect(report.isGenuine == !isForged)
  }

  /// Two objects of video, which the reader has the key of, and two of an event, which it has not; one forged or not.
  private func file(isForged: Bool) throws -> [UInt8] {
    var epoch = Epoch(number: EpochNumber(dangerouslyUnrecorded: 1), identity: camera)
    let account = try AccountID(Array(repeating: 5, count: 32))
    let recipient = Recipient(
      client: ClientID(of: reader.publicKey), account: account, accountVersion: 1, accountHead: .zero,
      suite: sealing.suite, publicKey: sealing.publicKey, classes: ClassMask(.video))
    let message = try epoch.message(
      to: [recipient], time: 1, bootNonce: BootNonce(Array(repeating: 0, count: 16)), reason: .start, rosterVersion: 1,
      rosterHash: .zero)
    var video = try epoch.nextSegment(track: Track(.video))
    var event = try epoch.nextSegment(track: Track(.event, 15))
    let first = MediaPlaintext(captureTime: 1, duration: 0, kind: .initialization, payload: [1])
    let note = MediaPlaintext(captureTime: 1, duration: 0, kind: .event, payload: Array("{}".utf8))
    let noted = try event.seal(note, flags: .randomAccess, padding: .none)
    var bytes = noted.bytes
    if isForged { bytes[bytes.count - 1] ^= 1 }
    let objects: [WireItem] = [
      .object(noted.header, bytes), try item(video.seal(first, flags: .initialization, padding: .none)),
      try item(event.end(captureTime: 1)), try item(video.end(captureTime: 1)),
    ]
    return (message.items + objects).flatMap(\.bytes)
  }

  private func item(_ object: SealedObject) -> WireItem { .object(object.header, object.bytes) }
}
