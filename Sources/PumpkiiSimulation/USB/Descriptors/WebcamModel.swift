/// What a profile's device is as a USB device: the facts that its descriptors and its answers are made of.
package struct WebcamModel: Sendable, Equatable {
  /// How frames travel.
  package enum Transfer: String, Sendable {
    /// One endpoint without alternate settings: frames go as fast as the host takes them.
    case bulk
    /// Packets of each microframe; alternate settings reserve the bandwidth.
    case isochronous
  }

  /// idVendor.
  package var vendor: UInt16
  /// idProduct.
  package var product: UInt16
  /// iManufacturer.
  package var manufacturer: String
  /// iProduct: what the drivers name video node and sound card after.
  package var name: String
  /// iSerialNumber; nil for the many cameras that have none.
  package var serial: String?
  /// How frames travel.
  package var transfer: Transfer
  /// What the camera offers, one entry a pixel format; empty for a device without a camera.
  package var formats: [StreamFormat]
  /// Controls of camera terminal and processing unit.
  package var controls: [WebcamControl]
  /// Whether the camera has a privacy shutter.
  package var hasShutter: Bool
  /// Whether a photo of another size can be asked for while it streams (still capture method 2).
  package var hasStillTrigger: Bool
  /// Nil for a device without a microphone.
  package var microphone: Microphone?

  /// A UAC1 microphone.
  package struct Microphone: Sendable, Equatable {
    /// Sample frames a second, discrete.
    package var rates: [Int]
    /// 1 or 2.
    package var channels: Int

    /// A microphone of its parts.
    package init(rates: [Int], channels: Int) {
      self.rates = rates
      self.channels = channels
    }
  }

  /// A device of its parts.
  package init(
    vendor: UInt16, product: UInt16, manufacturer: String, name: String, serial: String? = nil, transfer: Transfer,
    formats: [StreamFormat], controls: [WebcamControl] = [], hasShutter: Bool = false, hasStillTrigger: Bool = false,
    microphone: Microphone? = nil
  ) {
    self.vendor = vendor
    self.product = product
    self.manufacturer = manufacturer
    self.name = name
    self.serial = serial
    self.transfer = transfer
    self.formats = formats
    self.controls = controls
    self.hasShutter = hasShutter
    self.hasStillTrigger = hasStillTrigger
    self.microphone = microphone
  }
}

/// One pixel format of the video stream, with its sizes.
package struct StreamFormat: Sendable, Equatable {
  /// How pixels travel.
  package var pixels: CameraProfile.Format
  /// Sizes with their rates, the default first.
  package var frames: [StreamFrame]
  /// Sizes of photos.
  package var stills: [StillSize]

  /// A format of its parts.
  package init(pixels: CameraProfile.Format, frames: [StreamFrame], stills: [StillSize] = []) {
    self.pixels = pixels
    self.frames = frames
    self.stills = stills
  }
}

/// One size of a format.
package struct StreamFrame: Sendable, Equatable {
  /// Pixels.
  package var width: Int
  /// Pixels.
  package var height: Int
  /// Frames a second, the default first.
  package var rates: [Double]

  /// A size of its parts.
  package init(width: Int, height: Int, rates: [Double]) {
    self.width = width
    self.height = height
    self.rates = rates
  }

  /// Frame intervals in units of 100 ns, in the order of ``rates``.
  package var intervals: [UInt32] { rates.map { UInt32((1e7 / max($0, 0.01)).rounded(.down)) } }
}

/// The size of a photo.
package struct StillSize: Sendable, Equatable {
  /// Pixels.
  package var width: Int
  /// Pixels.
  package var height: Int

  /// A size.
  package init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }
}

/// A control under its V4L2 name, with its range.
package struct WebcamControl: Sendable, Equatable {
  /// `brightness`, `exposure_time_absolute` and so on.
  package var name: String
  /// Least value.
  package var minimum: Int
  /// Greatest value.
  package var maximum: Int
  /// Step between values.
  package var step: Int
  /// The value the device starts with.
  package var standard: Int

  /// A control of its parts.
  package init(name: String, minimum: Int, maximum: Int, step: Int, standard: Int) {
    self.name = name
    self.minimum = minimum
    self.maximum = maximum
    self.step = step
    self.standard = standard
  }
}
