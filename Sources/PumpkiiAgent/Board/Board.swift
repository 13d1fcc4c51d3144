internal import FoundationEssentials
internal import Logging
internal import NIOCore
internal import NIOPosix
package import PumpkiiPolicy
internal import PumpkiiSystem
internal import PumpkiiVault

/// The board's side for commands: speaks to the agent that runs on a folder, or works on the folder where none does.
package struct Board: Sendable {
  private static let answerLimit = 4 << 20
  /// Tenths of a second.
  private static let tries = 30
  private let folder: String
  private let keysFolder: String?
  /// Read anew with each use, as an agent would.
  private let ceiling: @Sendable () throws -> [Flag: Bool]?
  private let trustsClock: @Sendable () throws -> Bool
  private let recording: @Sendable () throws -> RecordSettings

  /// - Parameters:
  ///   - keysFolder: the folder of its keys, where that is another.
  ///   - ceiling: the ceiling of the folder's configuration.
  ///   - trustsClock: whether it vouches for the clock.
  ///   - recording: how it records.
  package init(
    folder: String, keysFolder: String? = nil, ceiling: @escaping @Sendable () throws -> [Flag: Bool]? = { nil },
    trustsClock: @escaping @Sendable () throws -> Bool = { false },
    recording: @escaping @Sendable () throws -> RecordSettings = { RecordSettings() }
  ) {
    self.recording = recording
    self.trustsClock = trustsClock
    self.folder = folder
    self.keysFolder = keysFolder
    self.ceiling = ceiling
  }

  /// Asks the running agent, else the folder itself.
  /// - Throws: ``AgentError``, also what the agent refused.
  package func ask(_ request: BoardRequest) async throws -> BoardAnswer {
    try AgentPaths(folder: folder, keysFolder: keysFolder).requireRights()
    let answer = try await answer(request)
    guard case .failed(let code, let reason, let advice) = answer else { return answer }
    throw AgentError(AgentError.Code(rawValue: code) ?? .policy, reason, advice: advice)
  }

  /// Asks for a change.
  /// - Returns: what came of it, and what denies all the same.
  /// - Throws: as ``ask(_:)``.
  package func change(_ request: BoardRequest) async throws -> BoardOutcome {
    guard case .done(let outcome) = try await ask(request) else { return BoardOutcome() }
    return outcome
  }

  /// An agent that starts takes its folder a moment before it listens, and one that ends listens no more a moment before it
  /// lets go: then both are asked again.
  private func answer(_ request: BoardRequest) async throws -> BoardAnswer {
    for _ in 0..<Self.tries {
      if let heard = try await askAgent(request) { return heard }
      do {
        return try await askFolder(request)
      } catch let error as AgentError
        where error.code == .home && DurableFile.exists("\(folder)/\(FolderLock.fileName)")
      {
        try await Task.sleep(for: .milliseconds(100))
      }
    }
    return try await askFolder(request)
  }

  /// Nil where no agent listens.
  private func askAgent(_ request: BoardRequest) async throws -> BoardAnswer? {
    let path = "\(folder)/\(BoardSocket.fileName)"
    guard DurableFile.exists(path) else { return nil }
    let line = Array(try JSONEncoder().encode(request)) + [0x0A]
    let connected: NIOAsyncChannel<ByteBuffer, ByteBuffer>
    do {
      connected = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connect(unixDomainSocketPath: path) { channel in
          channel.eventLoop.makeCompletedFuture {
            try NIOAsyncChannel(
              wrappingChannelSynchronously: channel,
              configuration: .init(inboundType: ByteBuffer.self, outboundType: ByteBuffer.self))
          }
        }
    } catch {
      // What an agent that was killed left behind answers nobody.
      return nil
    }
    let bytes = try await connected.executeThenClose { inbound, outbound in
      try await outbound.write(ByteBuffer(bytes: line))
      var bytes: [UInt8] = []
      for try await part in inbound where bytes.count < Self.answerLimit {
        bytes += part.readableBytesView
        if bytes.last == 0x0A { break }
      }
      return bytes
    }
    do {
      return try JSONDecoder().decode(BoardAnswer.self, from: Data(bytes))
    } catch {
      throw AgentError(.home, "the running agent gave no answer", advice: "Look at its log; restart it if need be.")
    }
  }

  private func askFolder(_ request: BoardRequest) async throws -> BoardAnswer {
    // A mistyped folder must not become a camera of its own.
    guard DurableFile.exists("\(folder)/\(FolderLock.fileName)") else {
      throw AgentError(
        .home, "\(folder) is no agent's folder",
        advice: "Check the path; a new board is made by pumpkii setup --local --board FOLDER, or by pumpkii agent pair."
      )
    }
    let home = try AgentHome(folder, keysFolder: keysFolder)
    let identity = try home.identity()
    let logger = Logger(label: "pumpkii.board") { _ in SwiftLogNoOpLogHandler() }
    let standing = Published(RosterState().standing(now: 0))
    let gate = Gate(standing: standing)
    // What is changed while no agent runs is in the ledgers as well, and above every version that was anchored.
    let audit = try Audit(home: home, identity: identity, logger: logger)
    var parts = RosterKeeper.Parts(
      home: home, identity: identity, desk: SealingDesk(outbox: Outbox()), standing: standing,
      attendant: Attendant(standing: standing, gate: gate), logger: logger)
    parts.audit = audit
    let isVouchedFor = try trustsClock()
    parts.clock = try ClockGuard(home: home) { ClockSigns.keeper(isVouchedFor: isVouchedFor) }
    let keeper = try RosterKeeper(parts: parts, ceiling: ceiling())
    let settings = try recording()
    let desk = BoardDesk(
      keeper: keeper, gate: gate,
      clips: { () throws(AgentError) in try Self.clips(home, identity, settings, gate) })
    let answer = await desk.answer(request)
    _ = await audit.decisions.flush()
    return answer
  }

  /// The clips of a folder whose agent does not run.
  private static func clips(
    _ home: AgentHome, _ identity: SigningIdentity, _ settings: RecordSettings, _ gate: Gate
  ) throws(AgentError) -> ClipListing {
    let spool = try Spool(
      folder: "\(home.folder)/spool", identity: identity, settings: settings, report: Published(RecorderState()))
    try spool.survey()
    let way = Spool.Way(
      hasRelay: try home.read(RelayFile.name) != nil, isRunning: false, denial: gate.uploadDenial([]))
    return spool.listing(way, UploadBook())
  }
}
