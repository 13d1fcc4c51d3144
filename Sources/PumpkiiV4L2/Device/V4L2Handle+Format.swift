internal import CPumpkiiV4L2
internal import Glibc
package import PumpkiiCapture

extension V4L2Handle {
  /// What is set now.
  /// - Throws: ``CallError``.
  package func currentFormat(_ type: BufferType) throws(CallError) -> NodeFormat {
    var format = unsafe v4l2_format()
    unsafe format.type = type.rawValue
    unsafe try require("G_FMT", PK_VIDIOC_G_FMT, &format)
    return unsafe Self.read(format, type)
  }

  /// Asks for a format. The answer may be another one: S_FMT does not obey.
  /// - Parameter sizeImage: bytes of a buffer, 0 leaves it to the driver; encoders want it for their output.
  /// - Throws: ``CallError``.
  package func setFormat(
    _ type: BufferType, fourcc: UInt32, width: Int, height: Int, sizeImage: Int = 0
  ) throws(CallError) -> NodeFormat {
    // Zeroed throughout: a bytesperline that stays from the last size would be taken for a wish.
    var format = unsafe v4l2_format()
    unsafe format.type = type.rawValue
    if type.isMultiplanar {
      unsafe format.fmt.pix_mp.width = UInt32(clamping: width)
      unsafe format.fmt.pix_mp.height = UInt32(clamping: height)
      unsafe format.fmt.pix_mp.pixelformat = fourcc
      unsafe format.fmt.pix_mp.field = V4L2_FIELD_NONE.rawValue
      unsafe format.fmt.pix_mp.num_planes = UInt8(clamping: PixelTable.planes(of: fourcc))
      unsafe format.fmt.pix_mp.plane_fmt.0.sizeimage = UInt32(clamping: sizeImage)
    } else {
      unsafe format.fmt.pix.width = UInt32(clamping: width)
      unsafe format.fmt.pix.height = UInt32(clamping: height)
      unsafe format.fmt.pix.pixelformat = fourcc
      unsafe format.fmt.pix.field = V4L2_FIELD_NONE.rawValue
      unsafe format.fmt.pix.sizeimage = UInt32(clamping: sizeImage)
    }
    unsafe try require("S_FMT", PK_VIDIOC_S_FMT, &format)
    return unsafe Self.read(format, type)
  }

  /// Asks for a rate. Call it between S_FMT and STREAMON; uvcvideo refuses it while it streams.
  /// - Returns: the rate the device will keep; nil where it has none to set, which is normal.
  /// - Throws: ``CallError`` for what is more than an absent call.
  package func setRate(_ type: BufferType, _ rate: VideoFormat.Ratio?) throws(CallError) -> VideoFormat.Ratio? {
    var parameters = v4l2_streamparm()
    parameters.type = type.rawValue
    let result = patientCall(PK_VIDIOC_G_PARM, &parameters)
    if result == -ENODEV { throw CallError("G_PARM", errno: ENODEV) }
    guard result >= 0, unsafe parameters.parm.capture.capability & UInt32(V4L2_CAP_TIMEPERFRAME) != 0 else {
      return nil
    }
    if let rate {
      unsafe parameters.parm.capture.timeperframe.numerator = rate.denominator
      unsafe parameters.parm.capture.timeperframe.denominator = rate.numerator
      let answer = patientCall(PK_VIDIOC_S_PARM, &parameters)
      if answer == -ENODEV || answer == -EBUSY { throw CallError("S_PARM", errno: -answer) }
      if answer < 0 { return nil }
    }
    let interval = unsafe parameters.parm.capture.timeperframe
    guard interval.numerator > 0, interval.denominator > 0 else { return nil }
    return VideoFormat.Ratio(interval.denominator, interval.numerator)
  }

  private static func read(_ format: v4l2_format, _ type: BufferType) -> NodeFormat {
    unsafe type.isMultiplanar ? readPlanes(format.fmt.pix_mp) : readSingle(format.fmt.pix)
  }

  private static func readSingle(_ pix: v4l2_pix_format) -> NodeFormat {
    NodeFormat(
      fourcc: pix.pixelformat, width: Int(pix.width), height: Int(pix.height), field: pix.field,
      isFullRange: isFullRange(pix.quantization, pix.colorspace),
      planes: [NodeFormat.Plane(bytesPerLine: Int(pix.bytesperline), size: Int(pix.sizeimage))])
  }

  private static func readPlanes(_ pix: v4l2_pix_format_mplane) -> NodeFormat {
    let count = min(max(Int(pix.num_planes), 1), Int(VIDEO_MAX_PLANES))
    let planes = unsafe withUnsafeBytes(of: pix.plane_fmt) { bytes in
      unsafe bytes.bindMemory(to: v4l2_plane_pix_format.self).prefix(count).map {
        NodeFormat.Plane(bytesPerLine: Int($0.bytesperline), size: Int($0.sizeimage))
      }
    }
    return NodeFormat(
      fourcc: pix.pixelformat, width: Int(pix.width), height: Int(pix.height), field: pix.field,
      isFullRange: isFullRange(UInt32(pix.quantization), pix.colorspace), planes: planes)
  }

  /// V4L2's own rule for the default: the JPEG colour space is full range.
  private static func isFullRange(_ quantization: UInt32, _ space: UInt32) -> Bool {
    quantization == V4L2_QUANTIZATION_FULL_RANGE.rawValue
      || quantization == V4L2_QUANTIZATION_DEFAULT.rawValue && space == V4L2_COLORSPACE_JPEG.rawValue
  }
}
