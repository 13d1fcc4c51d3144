internal import PumpkiiCapture
internal import PumpkiiMedia
internal import PumpkiiPolicy
internal import PumpkiiSystem
internal import PumpkiiVault
internal import PumpkiiWire

extension CameraPump {
  /// A photo that cannot be made of this frame costs nobody the stream; the next frame is tried.
  func photograph(_ frame: CapturedFrame, _ processor: VideoProcessor, _ session: any CameraSession) {
    let (uses, denial) = context.gate.allowed(.photo, among: .photo)
    guard uses == .photo else {
      if let denial { context.report.denied(denial) }
      return
    }
    var frame = frame
    frame.bytes = frame.contents
    frame.lent = nil
    guard let photo = still(frame, processor, session) else { return context.photos.tryAgain() }
    let time = context.anchor.unixMicroseconds(photo.timestamp)
    switch context.gate.clear(.photo, for: [.photo, .record]) {
    case .denied(let decision): context.report.denied(decision)
    case .cleared(let clearance):
      guard clearance.uses.contains(.photo) else { return }
      do throws(VaultError) {
        _ = try context.desk.sealPhoto(clearance, jpeg: photo.jpeg, captureTime: time)
      } catch {
        context.report.sealingFailed(error.code.rawValue)
      }
    }
  }

  /// The largest picture the camera gives, where photos are to be that large, else this frame. A switch of size that
  /// fails says so in the session's next call; the photo still comes from the frame.
  private func still(
    _ frame: CapturedFrame, _ processor: VideoProcessor, _ session: any CameraSession
  ) -> (jpeg: [UInt8], timestamp: UInt64)? {
    if context.photos.size == .full, let still = try? session.takeStill(), let jpeg = try? processor.still(still) {
      return (jpeg, still.frame.timestamp)
    }
    return (try? processor.still(frame)).map { ($0, frame.timestamp) }
  }
}
