public import PumpkiiCapture

/// What is known of a real camera and better asked for than found out.
public struct CameraQuirks: Sendable, Equatable {
  /// A size in pixels.
  public struct Size: Sendable, Hashable {
    /// Pixels.
    public var width: Int
    /// Pixels.
    public var height: Int

    /// A size.
    public init(width: Int, height: Int) {
      self.width = width
      self.height = height
    }
  }

  /// The format that works best; nil leaves it to the choice.
  public var pixels: VideoFormat.Pixels?
  /// The size that works best.
  public var size: Size?
  /// Frames a second.
  public var rate: Double?
  /// V4L2 controls by name, and what they are set to.
  public var controls: [String: Int]
  /// ns without a frame after which it counts as frozen: some need long for the first one.
  public var frozenAfter: UInt64?

  /// Quirks; what is left out is as with any camera.
  public init(
    pixels: VideoFormat.Pixels? = nil, size: Size? = nil, rate: Double? = nil, controls: [String: Int] = [:],
    frozenAfter: UInt64? = nil
  ) {
    self.pixels = pixels
    self.size = size
    self.rate = rate
    self.controls = controls
    self.frozenAfter = frozenAfter
  }

  /// What to ask of the camera. Whatever `configured` says wins; what it leaves open comes from the quirks, control by
  /// control.
  public func wish(under configured: CameraWish) -> CameraWish {
    var wish = configured
    wish.pixels = configured.pixels ?? pixels
    if configured.width == nil, configured.height == nil {
      wish.width = size?.width
      wish.height = size?.height
    }
    wish.rate = configured.rate ?? rate
    wish.controls = controls.merging(configured.controls) { _, owners in owners }
    wish.frozenAfter = configured.frozenAfter ?? frozenAfter
    return wish
  }
}
