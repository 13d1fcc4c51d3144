/// The command that turns a file into one that fakes play.
struct Conversion {
  let path: String

  /// Any film to motion JPEG, at the rate it will be played with.
  func film(fps: Double?) -> String {
    let rate = fps.map(Self.short) ?? "25"
    return "Convert it: ffmpeg -i \(quote(path)) -an -r \(rate) -c:v mjpeg -q:v 3 -pix_fmt yuvj420p "
      + quote(beside(".mjpeg"))
  }

  /// Any film to a `.y4m` of 8 bits, 4:2:0, whole frames.
  func plain() -> String {
    "Convert it: ffmpeg -i \(quote(path)) -an -vf yadif=deint=interlaced -pix_fmt yuv420p \(quote(beside(".y4m")))"
  }

  /// Any sound to a `.wav` of 16 bits with at most two channels.
  func sound(channels: Int? = nil) -> String {
    let mix = channels.map { " -ac \($0)" } ?? ""
    return "Convert it: ffmpeg -i \(quote(path)) -vn\(mix) -c:a pcm_s16le \(quote(beside(".wav")))"
  }

  /// The same place and name with another ending; `-plain` before it where that would be the file itself.
  private func beside(_ ending: String) -> String {
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
    let name = path.dropFirst(folder.count)
    let dot = name.lastIndex(of: ".")
    let stem = dot.map { $0 == name.startIndex ? name : name[..<$0] } ?? name
    let made = "\(folder)\(stem)\(ending)"
    return made == path ? "\(folder)\(stem)-plain\(ending)" : made
  }

  /// For a shell, and so that ffmpeg takes it for neither an option nor an address.
  private func quote(_ path: String) -> String {
    let plain = path.hasPrefix("/") || path.hasPrefix(".") || !(path.hasPrefix("-") || path.contains(":"))
    let name = plain ? path : "./\(path)"
    let safe = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-+=,@%:")
    if name.allSatisfy(safe.contains) { return name }
    return "'" + name.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }

  private static func short(_ value: Double) -> String {
    value == value.rounded() ? String(Int(value)) : String(value)
  }
}
