/// How pictures are coded.
package struct VideoSettings: Sendable, Equatable {
  /// What leaves the device.
  package enum Mode: String, Sendable, CaseIterable {
    /// H.264, the camera's own where it gives it.
    case h264
    /// The camera's JPEGs as they are, for boards that cannot encode; a camera that gives H.264 is passed through.
    case mjpeg
  }

  /// H.264 or JPEG.
  package var mode: Mode
  /// Bits a second; 0 chooses by size and rate.
  package var bitrate: Int
  /// Seconds from one random access point to the next.
  package var groupSeconds: Double
  /// Of photos made from raw pictures, 1 to 100.
  package var photoQuality: Int
  /// What nobody ever sees.
  package var masks: PrivacyMasks

  /// What is left out is chosen for a camera of common size.
  package init(
    mode: Mode = .h264, bitrate: Int = 0, groupSeconds: Double = 2, photoQuality: Int = 90,
    masks: PrivacyMasks = PrivacyMasks()
  ) {
    self.mode = mode
    self.bitrate = bitrate
    self.groupSeconds = groupSeconds
    self.photoQuality = photoQuality
    self.masks = masks
  }

  /// The rate to aim at for a picture of this size: about 0.15 bits a pixel, what baseline needs for a clean picture.
  package func bitrate(width: Int, height: Int, rate: Double) -> Int {
    if bitrate > 0 { return bitrate }
    return min(max(Int(Double(width * height) * min(max(rate, 1), 120) * 0.15), 300_000), 40_000_000)
  }
}

/// How sound is coded.
package struct AudioSettings: Sendable, Equatable {
  /// Bits a second of all channels; 0 chooses by their number.
  package var bitrate: Int

  /// - Parameter bitrate: 0 chooses.
  package init(bitrate: Int = 0) { self.bitrate = bitrate }

  /// The rate to aim at: speech and surroundings, not concerts.
  package func bitrate(channels: Int) -> Int { bitrate > 0 ? bitrate : (channels > 1 ? 96_000 : 48_000) }
}
