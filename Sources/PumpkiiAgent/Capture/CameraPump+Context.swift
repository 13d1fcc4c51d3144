package import PumpkiiCapture
package import PumpkiiMedia
internal import PumpkiiSystem
internal import PumpkiiWire

extension CameraPump.Context {
  /// Around a camera that stands alone: with its own wall clock, and passing on the pictures' own coding.
  package init(
    gate: Gate, desk: SealingDesk, attendant: Attendant, account: UnitAccount, photos: PhotoDesk, report: SensorReport,
    preview: PreviewDesk? = nil, processor: @escaping @Sendable (VideoFormat) throws(MediaError) -> VideoProcessor
  ) {
    self.init(
      gate: gate, desk: desk, attendant: attendant, account: account, photos: photos, anchor: WallClockAnchor(),
      report: report, open: OpenSensors(), detection: nil, preview: preview, mode: .mjpeg, processor: processor)
  }
}
