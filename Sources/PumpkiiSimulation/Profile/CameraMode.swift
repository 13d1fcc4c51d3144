/// One size in one format that a camera delivers, with the rates it has for it.
public struct CameraMode: Sendable, Hashable {
  /// How pictures are delivered.
  public var format: CameraProfile.Format
  /// Pixels, even.
  public var width: Int
  /// Pixels, even.
  public var height: Int
  /// Frames a second, the highest first; never empty.
  public var rates: [Double]

  /// A mode; rates are put in order, and none stands for 25.
  public init(format: CameraProfile.Format, width: Int, height: Int, rates: [Double]) {
    self.format = format
    self.width = width
    self.height = height
    self.rates = rates.isEmpty ? [25] : Set(rates).sorted(by: >)
  }

  /// Pixels of a picture.
  public var area: Int { width * height }

  /// Whether the other is the same but for its rates.
  func isSamePicture(as other: CameraMode) -> Bool {
    format == other.format && width == other.width && height == other.height
  }
}
