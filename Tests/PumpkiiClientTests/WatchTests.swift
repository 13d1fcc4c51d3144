import Foundation
import PumpkiiClient
import PumpkiiWire
import Testing

@Suite struct WatchTests {
  /// Frames that never came are reported by number at the next random access point.
  @Test func gapsAreCounted() async throws {
    try await World.run { world in
      try await world.paired { _, porch in
        try await world.camera.connect()
        var opened: [UInt32] = []
        var missing: [UInt32: Int] = [:]
        var events = try porch.watch(classes: [.video]).makeAsyncIterator()
        while let event = try await events.next() {
          switch event {
          case .epoch: try await world.camera.sendVideo(frames: 14, lost: [3, 4])
          case .missing(_, let index, let count): missing[index] = count
          case .opened(let media): opened.append(media.index)
          default: break
          }
          if case .opened(let media) = event, media.content == .segmentEnd { break }
        }
        // 5 waits for the random access point 6, so 3, 4 and 5 are missing for a viewer.
        #expect(opened == [0, 1, 2] + Array(6...15))
        #expect(missing == [6: 3])
      }
    }
  }

  /// A relay's lost connection is no end: the watch goes on where it stood, and nothing opens twice.
  @Test func aNewEpochAndANewUplinkGoOn() async throws {
    try await World.run { world in
      try await world.paired { _, porch in
        try await world.camera.connect()
        var epochs: [UInt32] = []
        var opened = 0
        var events = try porch.watch(classes: [.video]).makeAsyncIterator()
        while epochs.count < 3, let event = try await events.next() {
          switch event {
          case .epoch(let number, _):
            epochs.append(number)
            try await world.camera.sendVideo(frames: 5)
          case .opened(let media) where media.content == .segmentEnd:
            opened += 1
            await world.camera.disconnect()
            try await world.camera.connect()
            try await world.camera.rotate(.timer)
          case .refused(let code, _, _): Issue.record("refused: \(code)")
          default: break
          }
        }
        #expect(epochs == [1, 2, 3])
        #expect(opened == 2)
      }
    }
  }

  @Test func photoInParts() async throws {
    try await World.run { world in
      try await world.paired { _, porch in
        try await world.camera.connect()
        let photo = try await porch.takePhoto()
        #expect(photo.jpeg == Array("first second".utf8))
        let commands = await world.camera.commands
        #expect(commands.count == 1)
      }
    }
  }

  @Test func cancellationEndsAWatch() async throws {
    try await World.run { world in
      try await world.paired { _, porch in
        let watch = try porch.watch()
        let watching = Task {
          for try await event in watch { if case .connected = event { try await Self.wait() } }
        }
        watching.cancel()
        await #expect(throws: (any Error).self) { try await watching.value }
      }
    }
  }

  private static func wait() async throws { try await Task.sleep(for: .seconds(60)) }

  /// Keep, verify, alter one bit, verify again.
  @Test func aKeptFileProvesItself() async throws {
    try await World.run { world in
      try await world.paired { owner, porch in
        let path = "\(world.folder)/film.pumpkii"
        try await world.camera.connect()
        var events = try porch.watch(classes: [.video], keep: path).makeAsyncIterator()
        var ends = 0
        while ends < 2, let event = try await events.next() {
          if case .epoch = event {
            try await world.camera.sendVideo(frames: 6)
            try await world.camera.sendVideo(frames: 12, lost: [8])
          }
          if case .opened(let media) = event, media.content == .segmentEnd { ends += 1 }
        }
        var payloads = 0
        let report = try KeptFile(path: path).verify(with: owner) { payloads += $0.payload.count }
        #expect(report.isGenuine)
        #expect(!report.isComplete)
        #expect(report.missing == 3)
        #expect(report.unused == 2)
        #expect(report.epochs == 1)
        #expect(report.cut == 0)
        #expect(report.opened == ["video": 8 + 11])
        #expect(report.bytes == payloads)
        try await Self.altered(path, owner, report)
        let stranger = try await world.account("stranger")
        #expect(throws: ClientError(.noCamera, "")) { try KeptFile(path: path).verify(with: stranger) }
        await stranger.close()
      }
    }
  }

  private static func altered(_ path: String, _ owner: Account, _ before: VerificationReport) async throws {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let copy = path + ".altered"
    func report(_ change: (inout [UInt8]) -> Void) throws -> VerificationReport {
      var changed = bytes
      change(&changed)
      try Data(changed).write(to: URL(fileURLWithPath: copy))
      return try KeptFile(path: copy).verify(with: owner)
    }
    let flipped = try report { $0[$0.count - 10] ^= 1 }
    #expect(!flipped.isGenuine)
    #expect(flipped.refused.keys.contains("vault-bad-signature"))
    let cut = try report { $0.removeLast(20) }
    #expect(cut.isGenuine)
    #expect(cut.cut > 0)
    let twice = try report { $0 += $0 }
    #expect(!twice.isGenuine)
    let nothing = #expect(throws: ClientError.self) { try report { $0 = [] } }
    #expect(nothing?.code == .altered)
    #expect(try report { _ in } == before)
  }
}
