import Foundation
import PumpkiiSystem
import PumpkiiVault
import PumpkiiWire
import Testing

@Suite struct RowKeyTests {
  private let folder = NSTemporaryDirectory() + "pumpkii-rows-\(UUID().uuidString)"
  private let account: AccountID
  private let client: ClientID
  private let device: DeviceID

  init() throws {
    account = try AccountID([UInt8](repeating: 1, count: 32))
    client = try ClientID([UInt8](repeating: 2, count: 16))
    device = try DeviceID([UInt8](repeating: 3, count: 16))
  }

  @Test func aPersonOpensAtItsPlaceAndNoOther() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let key = try RowKeyRing(folder: folder).key(for: account)
    let sealed = try key.seal(account, client, log: .consent, device: device, number: 5)
    let opened = try key.open(sealed, log: .consent, device: device, number: 5)
    #expect(opened.account == account)
    #expect(opened.client == client)
    let tag = VaultError(.badTag, "")
    #expect(throws: tag) { _ = try key.open(sealed, log: .consent, device: device, number: 6) }
    #expect(throws: tag) { _ = try key.open(sealed, log: .decisions, device: device, number: 5) }
    let other = try DeviceID([UInt8](repeating: 4, count: 16))
    #expect(throws: tag) { _ = try key.open(sealed, log: .consent, device: other, number: 5) }
    #expect(!sealed.sealed.contains(account.bytes))
  }

  @Test func anAccountKeepsItsKeyOverARestartAndHasANewOneAfterItWasErased() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let first = try RowKeyRing(folder: folder).key(for: account)
    let again = try RowKeyRing(folder: folder).key(for: account)
    #expect(first.row == again.row)
    let sealed = try first.seal(account, client, log: .consent, device: device, number: 1)
    #expect(try again.open(sealed, log: .consent, device: device, number: 1).client == client)
    #expect(try RowKeyRing(folder: folder).erase(account) == first.row)
    #expect(try RowKeyRing(folder: folder).known(account) == nil)
    #expect(try RowKeyRing(folder: folder).erase(account) == nil)
    let fresh = try RowKeyRing(folder: folder).key(for: account)
    #expect(fresh.row != first.row)
    #expect(throws: VaultError(.noKey, "")) {
      _ = try fresh.open(sealed, log: .consent, device: device, number: 1)
    }
  }
}
