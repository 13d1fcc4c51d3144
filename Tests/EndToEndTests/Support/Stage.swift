import Foundation
import Logging
import PumpkiiAgent
import PumpkiiClient
import PumpkiiRelay
import PumpkiiSimulation
import PumpkiiSystem
import PumpkiiWire
import Testing

/// A relay, a camera with its owner, and a guest with whom it is shared, each in a folder of its own.
struct Stage: Sendable {
  /// What a test wants to be different.
  struct Plan: Sendable {
    var profile = Plan.pattern()
    var allowed: Set<String> = ["sensor.camera", "sensor.microphone", "share.video", "share.audio", "share.photo"]
    var shared: Set<MediaKind> = [.video, .audio, .photo]
    var configuration = AgentConfiguration()
    /// What the owner calls the camera.
    var cameraName: String?
    /// Whether the camera reaches the relay through a ``Cable`` that can be cut.
    var hasCable = false
    /// Whether the owner has accepted the terms, without which nothing leaves the camera.
    var acceptsTerms = true
    /// Whether the agent is run in this process; else it is only paired.
    var runsAgent = true
    var relay: @Sendable (inout RelayConfiguration) -> Void = { _ in }
    /// What is done with the camera's folder before it is paired.
    var prepares: @Sendable (String) async throws -> Void = { _ in }
    /// The kill switch of each start; nil for an agent without one.
    var killSwitch: (@Sendable () -> KillSwitch)?
    /// Where the agent looks for a program that shows notices.
    var noticeFolders = NoticeProgram.folders

    static func pattern(
      width: Int = 320, height: Int = 240, fps: Double = 20, format: CameraProfile.Format = .mjpeg
    ) -> DeviceProfile {
      DeviceProfile(
        name: "pattern", camera: CameraProfile(format: format, width: width, height: height, fps: fps),
        microphone: MicrophoneProfile(source: .tone))
    }
  }

  let folder: String
  let relay: RelayRunner
  let agent: AgentRunner
  let cable: Cable?
  let owner: Account
  let guest: Account
  /// In the owner's hands.
  let camera: CameraLink

  /// The camera in the guest's hands.
  var guestCamera: CameraLink {
    get async throws { try await guest.camera(camera.device) }
  }

  /// Watches as the guest.
  func guestWatches(_ classes: Set<MediaKind> = [.video, .audio], keep: String? = nil) async throws -> Viewer {
    Viewer(try await guestCamera.watch(classes: classes, keep: keep))
  }

  /// Watches as the owner.
  func ownerWatches(_ classes: Set<MediaKind> = [.video, .audio], keep: String? = nil) throws -> Viewer {
    Viewer(try camera.watch(classes: classes, keep: keep))
  }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  /// Sets everything up, runs `body`, and takes everything down again, whatever happens.
  static func with(_ plan: Plan = Plan(), _ body: (Stage) async throws -> Void) async throws {
    let folder = NSTemporaryDirectory() + "pumpkii-e2e-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let relay = try RelayRunner(home: "\(folder)/relay", change: plan.relay)
    try await relay.start()
    let cable = plan.hasCable ? try Cable(to: relay.port) : nil
    if let cable, relay.clientPin == nil { try await relay.restart(reachedBy: cable.port) }
    do {
      let agent = try AgentRunner(
        plan, home: "\(folder)/camera", origin: relay.origin(port: cable?.port ?? relay.port), pin: relay.clientPin)
      do {
        try await set(plan, folder, relay, agent, cable, body)
      } catch {
        await agent.stop()
        throw error
      }
      await agent.stop()
    } catch {
      cable?.close()
      await relay.stop()
      throw error
    }
    cable?.close()
    await relay.stop()
  }

  private static func set(
    _ plan: Plan, _ folder: String, _ relay: RelayRunner, _ agent: AgentRunner, _ cable: Cable?,
    _ body: (Stage) async throws -> Void
  ) async throws {
    let origin = relay.origin
    let owner = try await AccountHome(path: "\(folder)/owner").create(relay: origin, pin: relay.clientPin).account
    if plan.acceptsTerms { _ = try await owner.acceptTerms([PolicyTexts.terms, PolicyTexts.risk]) }
    let guest = try await AccountHome(path: "\(folder)/guest").create(relay: origin, pin: relay.clientPin).account
    do {
      try await plan.prepares("\(folder)/camera")
      let camera = try await pair(agent, owner, name: plan.cameraName)
      if plan.runsAgent {
        try agent.start()
        let flags = Dictionary(uniqueKeysWithValues: plan.allowed.map { ($0, true) })
        if !flags.isEmpty { #expect(try await camera.setPermissions(flags).confirmation.isConfirmed) }
        if !plan.shared.isEmpty {
          #expect(try await camera.share(with: guest.id, classes: plan.shared).confirmation.isConfirmed)
        }
      } else {
        agent.release()
      }
      try await body(
        Stage(folder: folder, relay: relay, agent: agent, cable: cable, owner: owner, guest: guest, camera: camera))
    } catch {
      await owner.close()
      await guest.close()
      throw error
    }
    await owner.close()
    await guest.close()
  }

  private static func pair(_ agent: AgentRunner, _ owner: Account, name: String?) async throws -> CameraLink {
    let host = try agent.host()
    async let paired = host.run()
    let camera = try await owner.pair(host.code, name: name)
    #expect(try await paired.hex == owner.id)
    return camera
  }
}
