internal import CPumpkiiV4L2
internal import Glibc
internal import PumpkiiCapture

extension V4L2Handle {
  /// What the node offers, in the driver's order; one entry a size. Bounded, whatever the driver says.
  package func formats() -> [FormatOffer] {
    (try? capabilities()).map { formats($0.isMultiplanar ? .captureMultiplanar : .capture) } ?? []
  }

  /// As ``formats()`` of one queue.
  package func formats(_ type: BufferType) -> [FormatOffer] {
    var offers: [FormatOffer] = []
    for index in 0..<UInt32(64) {
      var entry = v4l2_fmtdesc()
      entry.type = type.rawValue
      entry.index = index
      // The end of the list is EINVAL; some say ENODATA.
      guard patientCall(PK_VIDIOC_ENUM_FMT, &entry) >= 0 else { break }
      for size in sizes(of: entry.pixelformat) where offers.count < 1024 {
        let rates = rates(of: entry.pixelformat, width: size.width, height: size.height)
        offers.append(
          FormatOffer(fourcc: entry.pixelformat, width: Int(size.width), height: Int(size.height), rates: rates))
      }
    }
    return offers
  }

  private func sizes(of fourcc: UInt32) -> [(width: UInt32, height: UInt32)] {
    var sizes: [(width: UInt32, height: UInt32)] = []
    for index in 0..<UInt32(128) {
      var entry = v4l2_frmsizeenum()
      entry.index = index
      entry.pixel_format = fourcc
      guard patientCall(PK_VIDIOC_ENUM_FRAMESIZES, &entry) >= 0 else { break }
      guard entry.type == V4L2_FRMSIZE_TYPE_DISCRETE.rawValue else {
        let steps = entry.stepwise
        return CommonSizes.within(
          width: Steps(steps.min_width, steps.max_width, steps.step_width),
          height: Steps(steps.min_height, steps.max_height, steps.step_height))
      }
      sizes.append((entry.discrete.width, entry.discrete.height))
    }
    return sizes.isEmpty ? currentSize() : sizes
  }

  /// For drivers that list no sizes: the one that is set.
  private func currentSize() -> [(width: UInt32, height: UInt32)] {
    let type = (try? capabilities())?.isMultiplanar == true ? BufferType.captureMultiplanar : .capture
    guard let format = try? currentFormat(type), format.width > 0, format.height > 0 else { return [] }
    return [(UInt32(clamping: format.width), UInt32(clamping: format.height))]
  }

  private func rates(of fourcc: UInt32, width: UInt32, height: UInt32) -> [VideoFormat.Ratio] {
    var rates: [VideoFormat.Ratio] = []
    for index in 0..<UInt32(64) {
      var entry = v4l2_frmivalenum()
      entry.index = index
      entry.pixel_format = fourcc
      entry.width = width
      entry.height = height
      guard patientCall(PK_VIDIOC_ENUM_FRAMEINTERVALS, &entry) >= 0 else { break }
      guard entry.type == V4L2_FRMIVAL_TYPE_DISCRETE.rawValue else {
        let least = entry.stepwise.min
        let most = entry.stepwise.max
        return CommonRates.within(
          slowest: VideoFormat.Ratio(most.denominator, most.numerator),
          fastest: VideoFormat.Ratio(least.denominator, least.numerator))
      }
      let interval = entry.discrete
      if interval.numerator > 0, interval.denominator > 0 {
        rates.append(VideoFormat.Ratio(interval.denominator, interval.numerator))
      }
    }
    return rates.sorted { $0.value > $1.value }
  }
}
