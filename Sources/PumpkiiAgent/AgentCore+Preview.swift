internal import Logging
internal import PumpkiiSystem
internal import PumpkiiWire
internal import ServiceLifecycle

// The preview on the device, and the numbers.
extension AgentCore {
  /// What listens on this machine, and its ports: nothing where the configuration names no address.
  /// - Throws: ``AgentError`` `configuration` for an address that others can reach.
  func localServices(_ parts: Agent.Parts) throws(AgentError) -> (services: [any Service], ports: [Published<Int?>]) {
    let (configuration, metrics) = (parts.configuration, metrics())
    var (services, ports): ([any Service], [Published<Int?>]) = ([], [])
    if let numbers = try MetricsServer(
      settings: configuration.metrics, metrics: { metrics.text }, logger: parts.logger)
    {
      services.append(numbers)
      ports.append(numbers.port)
    }
    guard let preview else { return (services, ports) }
    let server = try PreviewServer(
      settings: configuration.preview, desk: preview, metrics: { metrics.text }, logger: parts.logger)
    return (services + [PreviewWatch(preview: preview, attendant: attendant), server], ports + [server.port])
  }

  private func metrics() -> Metrics {
    let (open, outbox, attendant, preview) = (openSensors, outbox, attendant, preview)
    let metrics = Metrics()
    metrics.add([(.video, video), (.audio, audio)])
    metrics.addSensors { open.kinds.contains($0) }
    metrics.addState(["idle", "open", "retired"]) {
      let directive = attendant.directive.value
      return directive.isRetired ? "retired" : directive.camera || directive.microphone ? "open" : "idle"
    }
    var queues: [(name: String, size: @Sendable () -> Int)] = [("outbox", { outbox.waiting })]
    if let preview { queues.append(("preview", { preview.waiting })) }
    metrics.addQueues(queues)
    metrics.add(denials)
    metrics.add(notices)
    metrics.add(recorder)
    if let preview { metrics.add(preview) }
    return metrics
  }
}

/// Opens the camera for whoever looks at the preview, and lets it close after.
struct PreviewWatch: Service {
  let preview: PreviewDesk
  let attendant: Attendant

  /// Returns at graceful shutdown.
  /// - Throws: nothing; the signature is the protocol's.
  func run() async throws {
    await cancelWhenGracefulShutdown {
      var seen: UInt64 = 0
      while !Task.isCancelled {
        let (wants, version) = await preview.wants.next(after: seen)
        seen = version
        attendant.update { $0.previewPicture = !wants.isEmpty }
      }
    }
  }
}
