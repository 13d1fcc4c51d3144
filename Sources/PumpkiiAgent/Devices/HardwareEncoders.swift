internal import PumpkiiCapture
package import PumpkiiMedia
package import PumpkiiV4L2

/// The machine's own H.264 encoders as candidates for a stream: each by the camera's buffers first, then by copies.
package enum HardwareEncoders {
  /// Looks at the machine's nodes; blocks for moments.
  package static func candidates(
    kernel: any DeviceKernel = LinuxKernel(), directory: any DeviceDirectory = V4L2Directory(),
    coding: EncoderDescription.Coding = .h264
  ) -> [EncoderCandidate] {
    let encoders = EncoderFinder.find(kernel: kernel, directory: directory, coding: coding)
    return encoders.flatMap { encoder in
      [M2MSettings.Route.dmabuf, .mmap].map { candidate(encoder, $0, kernel: kernel) }
    }
  }

  private static func candidate(
    _ encoder: EncoderDescription, _ route: M2MSettings.Route, kernel: any DeviceKernel
  ) -> EncoderCandidate {
    EncoderCandidate(
      name: "\(encoder.name) by \(route.rawValue)", layouts: encoder.layouts, needsLentBuffers: route == .dmabuf
    ) { (format, order) throws(CaptureError) in
      let settings = M2MSettings(
        bitrate: order.bitrate, groupPictures: order.groupPictures, route: route, lentPlanes: order.lentPlanes)
      return try M2MEncoder(encoder, format: format, settings: settings, kernel: kernel)
    }
  }
}
