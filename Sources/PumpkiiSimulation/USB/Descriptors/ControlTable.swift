/// Where a control with a V4L2 name lives in UVC.
struct ControlPlace: Sendable, Equatable {
  enum Unit: Sendable { case camera, processing }
  let unit: Unit
  /// In bmControls.
  let bit: Int
  /// Control selector.
  let selector: UInt8
  /// Of the whole control; pan and tilt share one.
  let length: Int
  /// Where this value lies in it.
  let offset: Int
  /// Bytes of this value.
  let size: Int

  init(_ unit: Unit, _ bit: Int, _ selector: UInt8, _ size: Int, length: Int? = nil, offset: Int = 0) {
    self.unit = unit
    self.bit = bit
    self.selector = selector
    self.size = size
    self.length = length ?? size
    self.offset = offset
  }

  var entity: UInt8 { unit == .camera ? WebcamLayout.cameraTerminal : WebcamLayout.processingUnit }
}

/// UVC's controls by the names that V4L2 gives them, those of older kernels included.
enum ControlTable {
  static let places: [String: ControlPlace] = [
    "auto_exposure": ControlPlace(.camera, 1, 0x02, 1),
    "exposure_dynamic_framerate": ControlPlace(.camera, 2, 0x03, 1),
    "exposure_time_absolute": ControlPlace(.camera, 3, 0x04, 4),
    "focus_absolute": ControlPlace(.camera, 5, 0x06, 2),
    "focus_automatic_continuous": ControlPlace(.camera, 17, 0x08, 1),
    "zoom_absolute": ControlPlace(.camera, 9, 0x0B, 2),
    "pan_absolute": ControlPlace(.camera, 11, 0x0D, 4, length: 8),
    "tilt_absolute": ControlPlace(.camera, 11, 0x0D, 4, length: 8, offset: 4),
    "brightness": ControlPlace(.processing, 0, 0x02, 2),
    "contrast": ControlPlace(.processing, 1, 0x03, 2),
    "hue": ControlPlace(.processing, 2, 0x06, 2),
    "saturation": ControlPlace(.processing, 3, 0x07, 2),
    "sharpness": ControlPlace(.processing, 4, 0x08, 2),
    "gamma": ControlPlace(.processing, 5, 0x09, 2),
    "white_balance_temperature": ControlPlace(.processing, 6, 0x0A, 2),
    "backlight_compensation": ControlPlace(.processing, 8, 0x01, 2),
    "gain": ControlPlace(.processing, 9, 0x04, 2),
    "power_line_frequency": ControlPlace(.processing, 10, 0x05, 1),
    "hue_automatic": ControlPlace(.processing, 11, 0x10, 1),
    "white_balance_automatic": ControlPlace(.processing, 12, 0x0B, 1),
  ]

  private static let older: [String: String] = [
    "exposure_auto": "auto_exposure", "exposure_auto_priority": "exposure_dynamic_framerate",
    "exposure_absolute": "exposure_time_absolute", "focus_auto": "focus_automatic_continuous",
    "hue_auto": "hue_automatic", "white_balance_temperature_auto": "white_balance_automatic",
  ]

  static let privacy = ControlPlace(.camera, 18, 0x11, 1)

  /// The name of newer kernels.
  static func canonical(_ name: String) -> String { older[name] ?? name }

  static func place(_ name: String) -> ControlPlace? { places[canonical(name)] }

  /// bmControls of camera terminal and processing unit.
  static func bits(of model: WebcamModel) -> (camera: UInt32, processing: UInt32) {
    var bits: (camera: UInt32, processing: UInt32) = (0, 0)
    for place in model.controls.compactMap({ place($0.name) }) + (model.hasShutter ? [privacy] : []) {
      if place.unit == .camera {
        bits.camera |= 1 << UInt32(place.bit)
      } else {
        bits.processing |= 1 << UInt32(place.bit)
      }
    }
    return bits
  }
}
