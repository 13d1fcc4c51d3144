import PumpkiiAgent
import PumpkiiCapture
import PumpkiiPolicy
import PumpkiiSystem
import ServiceLifecycle
import Synchronization
import Testing

/// A closed shutter is looked at, but never for whom something else denies the camera.
@Suite(.timeLimit(.minutes(1))) struct ShutterWatchTests {
  /// Counts how often somebody looks.
  private final class Shuttered: Camera {
    let identity = SensorIdentity(kind: .camera, id: "shuttered", name: "shuttered")
    let looks = Published<Int>(0)
    let isClosed = Mutex<Bool?>(true)

    func open(observer: @escaping SensorObserver) throws(CaptureError) -> any CameraSession {
      throw CaptureError(.gone, "it has no pictures", advice: "")
    }

    func readShutter() -> Bool? {
      looks.update { $0 += 1 }
      return isClosed.withLock { $0 }
    }
  }

  private func run(
    _ camera: Shuttered, _ bench: Bench, _ surroundings: Surroundings,
    _ body: @escaping @Sendable (Published<Int>) async throws -> Void
  ) async throws {
    let (gate, asked) = (Gate(standing: bench.standing, surroundings: surroundings), Published<Int>(0))
    let watch = ShutterWatch(
      camera: camera, surroundings: surroundings, closings: Published<UInt64>(1), pause: .milliseconds(1)
    ) {
      asked.update { $0 += 1 }
      return gate.waitsForShutter()
    }
    let group = ServiceGroup(services: [watch], logger: Ledgers.logger)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      try await body(asked)
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
    }
  }

  @Test func `a shutter that opens, or of which nothing is known, lets the camera be opened again`() async throws {
    for answer in [false, nil] as [Bool?] {
      let (camera, surroundings) = (Shuttered(), Surroundings())
      surroundings.set(.shutterClosed, of: .sensorCamera, to: true)
      try await run(camera, Bench(allowed: [.sensorCamera]), surroundings) { _ in
        #expect(await camera.looks.wait { $0 >= 3 })
        #expect(surroundings.facts.camera.contains(.shutterClosed))
        let opened = Published(false)
        surroundings.onChange { opened.set(true) }
        camera.isClosed.withLock { $0 = answer }
        #expect(await opened.wait { $0 })
        #expect(surroundings.facts.camera.isEmpty)
      }
    }
  }

  @Test func `nobody looks at a camera that the owner, a pause or a kill switch denies`() async throws {
    let (camera, surroundings, bench) = (Shuttered(), Surroundings(), Bench(allowed: []))
    surroundings.set(.shutterClosed, of: .sensorCamera, to: true)
    try await run(camera, bench, surroundings) { asked in
      #expect(await asked.wait { $0 >= 5 })
      #expect(camera.looks.value == 0, "the owner denies")
      surroundings.set(.killSwitch, of: .sensorCamera, to: true)
      bench.standing.set(Bench.standing([.sensorCamera]))
      let before = asked.value
      #expect(await asked.wait { $0 >= before + 5 })
      #expect(camera.looks.value == 0, "the kill switch denies")
      surroundings.set(.killSwitch, of: .sensorCamera, to: false)
      #expect(await camera.looks.wait { $0 > 0 })
    }
  }
}
