import Foundation
import PumpkiiAgent
import PumpkiiChain
import Testing

@Suite struct PolicyStoreTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "pumpkii-policy-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  @Test func startsWithNone() throws {
    try withFolder { #expect(PolicyStore(folder: $0).load() == .none) }
  }

  @Test func holdsWhatWasStored() throws {
    try withFolder { folder in
      let store = PolicyStore(folder: folder)
      try store.store([1, 2, 3], version: 1)
      try store.store([4, 5], version: 2)
      #expect(store.load() == .document([4, 5]))
    }
  }

  @Test func aDocumentThatTheRosterDoesNotNameYetGivesWayToTheOneBefore() throws {
    try withFolder { folder in
      let store = PolicyStore(folder: folder)
      try store.store([1, 2, 3], version: 1)
      for cut: [UInt8] in [[4, 5], [6]] {
        // Stored, and then the power went, twice in a row.
        try store.store(cut, version: 2)
        #expect(store.load(named: Hashes.sha256([1, 2, 3]), version: 1) == .document([1, 2, 3]))
        #expect(store.load() == .document([1, 2, 3]))
      }
      try store.store([7], version: 2)
      #expect(store.load(named: Hashes.sha256([7]), version: 2) == .document([7]))
      #expect(store.load(named: Hashes.sha256([8]), version: 3) == .document([7]), "and the roster says what is wrong")
    }
  }

  @Test func anOlderDocumentPutBackIsRefused() throws {
    try withFolder { folder in
      let store = PolicyStore(folder: folder)
      try store.store([1, 2, 3], version: 1)
      let old = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/policy"))
      try store.store([4, 5], version: 2)
      try old.write(to: URL(fileURLWithPath: "\(folder)/policy"))
      guard case .refused = store.load() else {
        Issue.record("a rolled back policy was taken")
        return
      }
    }
  }

  @Test func aChangeCutOffBeforeTheRenameRollsForward() throws {
    try withFolder { folder in
      let store = PolicyStore(folder: folder)
      try store.store([1], version: 1)
      let files = FileManager.default
      try files.copyItem(atPath: "\(folder)/policy", toPath: "\(folder)/old")
      try store.store([2], version: 2)
      // As after a power cut: the pair says 2, the new document lies beside the old one.
      try files.moveItem(atPath: "\(folder)/policy", toPath: "\(folder)/policy.next")
      try files.moveItem(atPath: "\(folder)/old", toPath: "\(folder)/policy")
      #expect(store.load() == .document([2]))
      #expect(!files.fileExists(atPath: "\(folder)/policy.next"))
    }
  }

  @Test func aDocumentWithoutItsPairIsRefused() throws {
    try withFolder { folder in
      let store = PolicyStore(folder: folder)
      try store.store([1], version: 1)
      try FileManager.default.removeItem(atPath: "\(folder)/policy.pair")
      guard case .refused = store.load() else {
        Issue.record("a policy without its version was taken")
        return
      }
    }
  }
}
