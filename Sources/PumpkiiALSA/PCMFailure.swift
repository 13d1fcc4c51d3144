internal import Glibc
internal import PumpkiiCapture

/// What a failed opening means for people: distinct, each with what to do.
enum PCMFailure {
  /// alsa-lib could not open `pcm`.
  /// - Parameters:
  ///   - node: where it is, if it is a card's.
  ///   - isForbidden: the node is there and closed to us.
  static func opening(
    _ pcm: String, errno number: Int32, node: CaptureNode?, isForbidden: Bool, holders: (CaptureNode) -> [String]
  ) -> CaptureError {
    // Without the right to open a card alsa-lib finds none of that name.
    if isForbidden { return noPermission(pcm) }
    switch number {
    case EBUSY: return busy(pcm, holders: node.map(holders) ?? [])
    case EACCES, EPERM: return noPermission(pcm)
    case ENOENT, ENODEV, ENXIO: return absent(pcm)
    case EINVAL where node == nil: return absent(pcm)
    default: return failed(pcm, "open", -number)
    }
  }

  static func busy(_ pcm: String, holders: [String]) -> CaptureError {
    let who = holders.isEmpty ? "another program has" : "\(holders.joined(separator: ", ")) has"
    let name = pcm.firstIndex(of: ":").map { String(pcm[$0...]) } ?? ":CARD=…"
    // A sound server has the card to itself; it is shared through the server or not at all.
    let server = servers.first { server in holders.contains { $0.hasPrefix(server.program) } }
    let share = server.map { "take it from there: microphone.device: \($0.pcm)" }
    return CaptureError(
      .busy, "\(who) the microphone \(pcm) open",
      advice: "End that program, or \(share ?? "let both share it: microphone.device: dsnoop\(name)")")
  }

  /// Sound servers, and the PCM by which alsa-lib reaches each.
  private static let servers = [
    (program: "pipewire", pcm: "pipewire"), (program: "wireplumber", pcm: "pipewire"),
    (program: "pulseaudio", pcm: "pulse"),
  ]

  static func noPermission(_ pcm: String) -> CaptureError {
    CaptureError(
      .noPermission, "this account may not open the microphone \(pcm)",
      advice: "Add it to the group audio: sudo usermod -aG audio USER, then log in again.")
  }

  static func absent(_ pcm: String) -> CaptureError {
    CaptureError(
      .gone, "there is no microphone \(pcm)", advice: "`pumpkii devices` lists what there is; plug it in again.")
  }

  static func unplugged(_ pcm: String) -> CaptureError {
    CaptureError(.gone, "the microphone \(pcm) was unplugged", advice: "Plug it in again; capture goes on by itself.")
  }

  static func unsupported(_ pcm: String, _ what: String) -> CaptureError {
    CaptureError(
      .unsupported, "the microphone \(pcm) has no \(what) that is understood here",
      advice: "Let alsa-lib convert it: microphone.device: plug\(pcm)")
  }

  static func tooManyRecoveries(_ pcm: String, _ reason: String) -> CaptureError {
    CaptureError(
      .failed, "\(reason), \(RecoveryBudget.most) times in \(RecoveryBudget.window / 1_000_000_000) s, at \(pcm)",
      advice: "Look for an overloaded machine or a loose USB cable; another port without a hub often helps.")
  }

  static func frozen(_ pcm: String) -> CaptureError {
    CaptureError(
      .frozen, "the microphone \(pcm) runs and gives no sound", advice: "Unplug it and plug it in again.")
  }

  static func failed(_ pcm: String, _ call: String, _ error: Int32) -> CaptureError {
    let text = unsafe String(cString: strerror(-error))
    return CaptureError(
      .failed, "\(call) failed on the microphone \(pcm): \(text)", advice: "Plug it in again; `dmesg` may say more.")
  }
}
