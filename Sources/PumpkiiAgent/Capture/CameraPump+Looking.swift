internal import PumpkiiCapture
internal import PumpkiiMedia
internal import PumpkiiPolicy
internal import PumpkiiSystem
internal import PumpkiiWire

// What looks at a frame besides the stream; each asks the gate for itself.
extension CameraPump {
  /// Motion and the preview's pictures; the one decode of the frame serves both. A frame that cannot be looked at is
  /// left out: the next comes soon.
  func look(at frame: CapturedFrame, _ processor: VideoProcessor) {
    detect(frame, processor)
    guard let preview = context.preview, preview.wants.value.wantsPictures,
      context.gate.allowed(.video, among: .preview).uses == .preview,
      preview.takesPicture(now: Clocks.monotonic())
    else { return }
    guard let jpeg = (try? processor.preview(frame)) ?? nil else { return }
    guard case .cleared = context.gate.clear(.video, for: .preview) else { return }
    preview.offer(jpeg: jpeg)
  }

  private func detect(_ frame: CapturedFrame, _ processor: VideoProcessor) {
    guard let detection = context.detection, context.attendant.pictureUses.contains(.detectMotion),
      detection.isLookDue(at: frame.timestamp),
      context.gate.allowed(.video, among: .detectMotion).uses == .detectMotion
    else { return }
    guard let grid = (try? processor.glance(frame)) ?? nil else { return }
    detection.look(grid, at: frame.timestamp)
  }
}
