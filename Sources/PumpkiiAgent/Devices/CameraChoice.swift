package import PumpkiiCapture
package import PumpkiiV4L2

/// Which camera somebody asked for, in words: what `--camera` and `camera.device` say.
package enum CameraChoice: Sendable, Equatable {
  /// The first that captures; one on USB before others.
  case automatic
  /// An id that `pumpkii devices` prints: the same physical camera for ever.
  case identity(String)
  /// Whatever is at this node now; for tests and for nodes that sysfs does not know.
  case path(String)
  /// A program that delivers the pictures of a board camera.
  case child(String)

  /// Reads it from text: `auto`, `/dev/video0`, `rpicam`, an id.
  package init(_ text: String) {
    switch text {
    case "auto": self = .automatic
    case "rpicam", "rpicam-vid": self = .child("rpicam-vid")
    case "libcamera-vid": self = .child("libcamera-vid")
    default: self = text.hasPrefix("/") ? .path(text) : .identity(text)
    }
  }

  /// The camera, closed.
  /// - Parameter refine: changes the wish by what is known of the camera that was found.
  /// - Throws: ``CaptureError`` `gone` when there is none, `notCapture` for a node that is no camera.
  package func camera(
    _ wish: CameraWish, among directory: V4L2Directory = V4L2Directory(),
    refine: (SensorIdentity, CameraWish) -> CameraWish = { $1 }
  ) throws(CaptureError) -> any Camera {
    if case .child(let program) = self {
      guard let camera = ChildCamera(program: program, wish: wish) else {
        throw CaptureError(
          .gone, "\(program) is not installed", advice: "Install the package rpicam-apps, or choose another camera.")
      }
      return camera
    }
    if let node = unlisted(among: directory) {
      return V4L2Camera(node.device, wish: wish, kernel: LinuxKernel(), directory: node, resetter: USBResetter())
    }
    let device = try device(among: directory)
    return V4L2Camera(device, wish: refine(device.identity, wish))
  }

  /// The node that was named by hand, where sysfs does not know it.
  private func unlisted(among directory: V4L2Directory) -> UnlistedNode? {
    guard case .path(let path) = self, !directory.list().contains(where: { $0.path == path }) else { return nil }
    return UnlistedNode(path: path)
  }

  /// The device that the words mean now.
  /// - Throws: ``CaptureError``.
  package func device(among directory: V4L2Directory) throws(CaptureError) -> V4L2Device {
    let all = directory.list()
    switch self {
    case .automatic:
      if let best = Self.best(all) { return best }
      throw Self.none(all)
    case .identity(let id):
      guard let device = all.first(where: { $0.identity.id == id }) else {
        throw CaptureError(
          .gone, "there is no camera \(id)",
          advice: "`pumpkii devices` lists what there is; plug it in, or choose another.")
      }
      return try Self.captures(device)
    case .path(let path):
      return try Self.captures(all.first { $0.path == path } ?? UnlistedNode(path: path).device)
    case .child:
      throw CaptureError(.gone, "a child source is no device", advice: "Choose a camera that `pumpkii devices` lists.")
    }
  }

  private static func best(_ all: [V4L2Device]) -> V4L2Device? {
    let cameras = all.filter { $0.kind == .capture }
    return cameras.first { $0.usb != nil } ?? cameras.first
  }

  private static func captures(_ device: V4L2Device) throws(CaptureError) -> V4L2Device {
    guard device.kind == .capture else { throw refusal(device) }
    return device
  }

  private static func none(_ all: [V4L2Device]) -> CaptureError {
    if let sensor = all.first(where: \.isRawSensor) { return refusal(sensor) }
    return CaptureError(
      .gone, "there is no camera", advice: "Plug one in; `pumpkii doctor` looks for what is in the way.")
  }

  private static func refusal(_ device: V4L2Device) -> CaptureError {
    CaptureError(
      .notCapture, "\(device.path) (\(device.card)) captures no pictures by itself",
      advice: device.advice ?? "`pumpkii devices` lists what does.")
  }
}
