/// What an emulated webcam says of itself on the bus.
public struct USBProfile: Sendable, Equatable {
  /// How pictures cross the bus.
  public enum Transfer: String, Sendable, CaseIterable {
    /// As fast as the bus lets them; most emulators and few cameras.
    case bulk
    /// In reserved slots, as nearly every webcam does.
    case isochronous
  }

  /// Of the maker; 1209 is open to everybody.
  public var vendor: UInt16
  /// Of the product; 0001 of vendor 1209 is for tests.
  public var product: UInt16
  /// Nil for a device without one, as many are.
  public var serial: String?
  /// For people.
  public var manufacturer: String
  /// For people; what the driver names the camera after.
  public var productName: String
  /// How pictures cross the bus.
  public var transfer: Transfer

  /// A test device unless told otherwise.
  public init(
    vendor: UInt16 = 0x1209, product: UInt16 = 0x0001, serial: String? = nil, manufacturer: String = "Pumpkii",
    productName: String = "Simulated webcam", transfer: Transfer = .isochronous
  ) {
    self.vendor = vendor
    self.product = product
    self.serial = serial
    self.manufacturer = manufacturer
    self.productName = productName
    self.transfer = transfer
  }
}
