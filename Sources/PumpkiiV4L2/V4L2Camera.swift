internal import CPumpkiiV4L2
public import PumpkiiCapture

/// A camera behind the kernel's V4L2 interface. Having one opens nothing.
public final class V4L2Camera: Camera {
  /// Stable over restarts and replugging.
  public let identity: SensorIdentity
  private let wish: CameraWish
  private let kernel: any DeviceKernel
  private let directory: any DeviceDirectory
  private let resetter: any DeviceResetter

  /// A camera of this machine.
  public convenience init(_ device: V4L2Device, wish: CameraWish) {
    self.init(device, wish: wish, kernel: LinuxKernel(), directory: V4L2Directory(), resetter: USBResetter())
  }

  /// A camera of whatever kernel.
  package init(
    _ device: V4L2Device, wish: CameraWish, kernel: any DeviceKernel, directory: any DeviceDirectory,
    resetter: any DeviceResetter
  ) {
    identity = device.identity
    self.wish = wish
    self.kernel = kernel
    self.directory = directory
    self.resetter = BoundedResetter(resetter, kernel: kernel)
  }

  /// Finds the camera wherever it is now, opens it, negotiates and starts streaming. Blocks, for five seconds a call
  /// where it has stopped answering: only on a thread of its own.
  /// - Throws: ``CaptureError`` with what to do.
  public func open(observer: @escaping SensorObserver) throws(CaptureError) -> any CameraSession {
    let session = try V4L2Session(
      SessionParts(
        identity: identity, wish: wish, kernel: kernel, directory: directory, resetter: resetter, observer: observer))
    try session.begin()
    return session
  }

  /// Reads `V4L2_CID_PRIVACY` and closes the node again; no buffer is asked for.
  public func readShutter() -> Bool? {
    guard let device = directory.find(identity.id), let handle = try? V4L2Handle(path: device.path, kernel: kernel),
      case .success(let value) = handle.freshControlValue(UInt32(V4L2_CID_PRIVACY))
    else { return nil }
    return value != 0
  }
}
