public import PumpkiiCapture
internal import PumpkiiSystem

extension DeviceProfile {
  /// What the profiles of a folder know of a real camera: the one that speaks of it most narrowly, the first by file
  /// name where several do. A profile that cannot be read is passed over; `devices check` says what is wrong with it.
  /// - Parameter identity: of the camera, its id beginning `usb-VVVV-PPPP-`.
  /// - Returns: nil where no profile speaks of this camera.
  public static func quirks(for identity: SensorIdentity, in folder: String) -> CameraQuirks? {
    var best: (weight: Int, quirks: CameraQuirks)?
    for name in names(in: folder) {
      guard let profile = try? load(path: "\(folder)/\(name)"), let quirks = profile.quirks,
        let weight = profile.match?.weight(for: identity), weight > best?.weight ?? -1
      else { continue }
      best = (weight, quirks)
    }
    return best?.quirks
  }

  private static func names(in folder: String) -> [String] {
    ((try? DurableFile.list(folder)) ?? []).filter { $0.hasSuffix(".yaml") }
  }
}
