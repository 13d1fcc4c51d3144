import PumpkiiClient
import Testing

/// What is set and what is narrowed at the same time: nothing is undone that its person did not mean to undo.
@Suite(.timeLimit(.minutes(10))) struct PolicyRaceTests {
  @Test func aGuestsNarrowingInBetweenStands() async throws {
    try await World.run { world in
      try await world.paired { _, porch in
        let guest = try await world.account("guest")
        _ = try await porch.share(with: guest.id, classes: [.video], control: true)
        _ = try await porch.setPermissions(["sensor.microphone": true, "share.audio": true])
        let link = try await guest.camera()
        await world.camera.setDeaf(true)
        async let narrowing = link.narrow("sensor.microphone", waiting: .seconds(60))
        try await world.camera.operationsWait(1)
        // Made of a roster in which nothing is narrowed.
        async let setting = porch.setPermissions(["share.video": true], waiting: .seconds(60))
        try await world.camera.operationsWait(2)
        await world.camera.setDeaf(false)
        try await world.camera.answerOperations()
        #expect(try await narrowing.isConfirmed)
        let (set, answer) = try await setting
        #expect(answer.isConfirmed)
        let shown = try await porch.permissions()
        #expect(shown == set)
        #expect(!shown.allows("sensor.microphone"))
        #expect(shown.allows("share.video") && shown.allows("share.audio"))
        await guest.close()
      }
    }
  }

  /// What the owner changes is the owner's say, narrowed or not.
  @Test func whatTheOwnerAllowsAnewIsAllowed() async throws {
    try await World.run { world in
      try await world.paired { _, porch in
        _ = try await porch.setPermissions(["sensor.microphone": true])
        _ = try await porch.narrow("sensor.microphone")
        _ = try await porch.setPermissions(["share.video": true])
        #expect(try await !porch.permissions().allows("sensor.microphone"))
        _ = try await porch.setPermissions(["sensor.microphone": true])
        #expect(try await porch.permissions().allows("sensor.microphone"))
      }
    }
  }

  @Test func ofTwoWhoSetAtTheSameTimeNeitherUndoesTheOther() async throws {
    try await World.run { world in
      try await world.paired { owner, porch in
        _ = try await porch.setPermissions(["sensor.camera": true])
        let second = try world.home("owner").open()
        let door = try await second.camera("porch")
        await world.camera.setDeaf(true)
        async let one = porch.setPermissions(["share.video": true], waiting: .seconds(60))
        try await world.camera.operationsWait(1)
        // Its document takes the first one's place at the relay.
        async let other = door.setPermissions(["sensor.microphone": true], waiting: .seconds(60))
        try await world.camera.operationsWait(2)
        await world.camera.setDeaf(false)
        try await world.camera.answerOperations()
        #expect(try await one.confirmation.isConfirmed)
        #expect(try await other.confirmation.isConfirmed)
        let shown = try await porch.permissions()
        for flag in ["sensor.camera", "share.video", "sensor.microphone"] { #expect(shown.allows(flag), "\(flag)") }
        await second.close()
      }
    }
  }

  /// The document that holds is not lost to attempts that the camera never answered.
  @Test func unansweredAttemptsDoNotCostWhatHolds() async throws {
    try await World.run { world in
      try await world.paired { _, porch in
        _ = try await porch.setPermissions(["sensor.camera": true])
        await world.camera.setDeaf(true)
        for _ in 0..<3 {
          let (_, answer) = try await porch.setPermissions(["share.video": true], waiting: .milliseconds(1))
          #expect(!answer.isConfirmed)
        }
        #expect(try await porch.permissions().allows("sensor.camera"))
      }
    }
  }
}
