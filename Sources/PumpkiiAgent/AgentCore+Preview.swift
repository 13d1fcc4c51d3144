internal import Logging
internal import PumpkiiSystem
internal import PumpkiiWire
internal import ServiceLifecycle

// The preview on the device, and the numbers beside it.
extension AgentCore {
  /// Nothing where the configuration names no address.
  /// - Throws: ``AgentError`` `configuration` for an address that others can reach.
  func previewServices(_ parts: Agent.Parts) throws(AgentError) -> [any Service] {
    guard let preview else { return [] }
    let metrics = metrics(preview)
    let server = try PreviewServer(
      settings: parts.configuration.preview, desk: preview, metrics: { metrics.text }, logger: parts.logger)
    return [PreviewWatch(preview: preview, attendant: attendant), server]
  }

  private func metrics(_ preview: PreviewDesk) -> Metrics {
    let (open, outbox, attendant) = (openSensors, outbox, attendant)
    let metrics = Metrics()
    metrics.add([(.video, video), (.audio, audio)])
    metrics.addSensors { open.kinds.contains($0) }
    metrics.addState(["idle", "open", "retired"]) {
      let directive = attendant.directive.value
      return directive.isRetired ? "retired" : directive.camera || directive.microphone ? "open" : "idle"
    }
    metrics.addQueues([("outbox", { outbox.waiting }), ("preview", { preview.waiting })])
    metrics.add(preview)
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
