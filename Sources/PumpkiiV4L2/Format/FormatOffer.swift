public import PumpkiiCapture

/// One size of one pixel format that a camera offers, with its rates.
public struct FormatOffer: Sendable, Hashable, CustomStringConvertible {
  /// V4L2's code.
  public var fourcc: UInt32
  /// What it becomes in a ``VideoFormat``; nil where nothing here can use it.
  public var pixels: VideoFormat.Pixels?
  /// Pixels.
  public var width: Int
  /// Pixels.
  public var height: Int
  /// Frames per second, highest first; empty where the driver does not say.
  public var rates: [VideoFormat.Ratio]
  /// True where libv4lconvert has to make ``pixels`` of it.
  public var needsConversion: Bool

  /// An offer, judged by its code.
  public init(fourcc: UInt32, width: Int, height: Int, rates: [VideoFormat.Ratio]) {
    self.fourcc = fourcc
    self.width = width
    self.height = height
    self.rates = rates
    needsConversion = PixelTable.isConvertible(fourcc)
    pixels = needsConversion ? .yuv420 : PixelTable.pixels(of: fourcc)
  }

  /// The code as people write it: `MJPG`.
  public var name: String { PixelTable.name(of: fourcc) }

  /// `MJPG 1280×720 30/25/15`.
  public var description: String {
    let listed = rates.map { rate in
      rate.denominator == 1 ? "\(rate.numerator)" : "\((rate.value * 100).rounded() / 100)"
    }
    return "\(name) \(width)×\(height)" + (listed.isEmpty ? "" : " \(listed.joined(separator: "/"))")
  }
}
