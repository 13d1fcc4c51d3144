import CPumpkiiV4L2
import Glibc

extension ScriptedNode {
  func enumerateFormats(_ entry: inout v4l2_fmtdesc) -> Int32 {
    guard Int(entry.index) < formats.count else { return -EINVAL }
    entry.pixelformat = formats[Int(entry.index)].fourcc
    return 0
  }

  func enumerateSizes(_ entry: inout v4l2_frmsizeenum) -> Int32 {
    guard let format = formats.first(where: { $0.fourcc == entry.pixel_format }) else { return -EINVAL }
    switch format.sizes {
    case .discrete(let sizes):
      guard Int(entry.index) < sizes.count else { return -EINVAL }
      entry.type = V4L2_FRMSIZE_TYPE_DISCRETE.rawValue
      entry.discrete.width = sizes[Int(entry.index)].width
      entry.discrete.height = sizes[Int(entry.index)].height
    case .stepwise(let least, let most, let step, let isContinuous):
      guard entry.index == 0 else { return -EINVAL }
      entry.type = (isContinuous ? V4L2_FRMSIZE_TYPE_CONTINUOUS : V4L2_FRMSIZE_TYPE_STEPWISE).rawValue
      entry.stepwise = v4l2_frmsize_stepwise(
        min_width: least.0, max_width: most.0, step_width: step.0, min_height: least.1, max_height: most.1,
        step_height: step.1)
    case .unlisted: return -ENOTTY
    }
    return 0
  }

  func enumerateIntervals(_ entry: inout v4l2_frmivalenum) -> Int32 {
    guard let format = formats.first(where: { $0.fourcc == entry.pixel_format }) else { return -EINVAL }
    guard case .discrete(let sizes) = format.sizes else {
      guard entry.index == 0, case .stepwise = format.sizes else { return -EINVAL }
      entry.type = V4L2_FRMIVAL_TYPE_CONTINUOUS.rawValue
      entry.stepwise.min = v4l2_fract(numerator: 1, denominator: 60)
      entry.stepwise.max = v4l2_fract(numerator: 1, denominator: 1)
      entry.stepwise.step = v4l2_fract(numerator: 1, denominator: 1)
      return 0
    }
    let width = entry.width
    let height = entry.height
    let rates = sizes.first { $0.width == width && $0.height == height }?.rates ?? []
    guard Int(entry.index) < rates.count else { return -EINVAL }
    entry.type = V4L2_FRMIVAL_TYPE_DISCRETE.rawValue
    entry.discrete = v4l2_fract(numerator: 1, denominator: rates[Int(entry.index)])
    return 0
  }

  /// S_FMT's way: what is nearest, never a refusal.
  func take(_ format: inout v4l2_format) -> Int32 {
    let multi = unsafe format.type >= 9
    let fourcc = unsafe multi ? format.fmt.pix_mp.pixelformat : format.fmt.pix.pixelformat
    let width = unsafe multi ? format.fmt.pix_mp.width : format.fmt.pix.width
    let height = unsafe multi ? format.fmt.pix_mp.height : format.fmt.pix.height
    let index = formats.firstIndex { $0.fourcc == fourcc } ?? 0
    var size = (width, height)
    switch formats[index].sizes {
    case .discrete(let sizes):
      let distance = { (size: ScriptedFormat.Size) in
        abs(Int(size.width) - Int(width)) + abs(Int(size.height) - Int(height))
      }
      if let best = sizes.min(by: { distance($0) < distance($1) }) { size = (best.width, best.height) }
    case .stepwise(let least, let most, _, _):
      size = (min(max(width, least.0), most.0), min(max(height, least.1), most.1))
    case .unlisted: size = (self.format.width, self.format.height)
    }
    if case .present(let width, let height) = timings { size = (width, height) }
    self.format = unsafe (index, size.0, size.1, multi ? 0 : format.fmt.pix.bytesperline)
    return unsafe give(&format)
  }

  /// G_FMT.
  func give(_ format: inout v4l2_format) -> Int32 {
    guard !formats.isEmpty else { return -EINVAL }
    let entry = formats[self.format.index]
    let planes = entry.planes(self.format.width, self.format.height, stride: self.format.stride)
    if unsafe format.type >= 9 {
      unsafe format.fmt.pix_mp.width = self.format.width
      unsafe format.fmt.pix_mp.height = self.format.height
      unsafe format.fmt.pix_mp.pixelformat = entry.fourcc
      unsafe format.fmt.pix_mp.field = field
      unsafe format.fmt.pix_mp.num_planes = UInt8(planes.count)
      unsafe withUnsafeMutableBytes(of: &format.fmt.pix_mp.plane_fmt) { bytes in
        let list = unsafe bytes.bindMemory(to: v4l2_plane_pix_format.self)
        for (at, plane) in planes.enumerated() {
          unsafe list[at].bytesperline = plane.line
          unsafe list[at].sizeimage = plane.size
        }
      }
    } else {
      unsafe format.fmt.pix.width = self.format.width
      unsafe format.fmt.pix.height = self.format.height
      unsafe format.fmt.pix.pixelformat = entry.fourcc
      unsafe format.fmt.pix.field = field
      unsafe format.fmt.pix.bytesperline = planes[0].line
      unsafe format.fmt.pix.sizeimage = planes[0].size
    }
    return 0
  }

  func parameters(_ parameters: inout v4l2_streamparm, sets: Bool) -> Int32 {
    guard let setsRate else { return -ENOTTY }
    unsafe parameters.parm.capture.capability = setsRate ? UInt32(V4L2_CAP_TIMEPERFRAME) : 0
    guard setsRate else { return 0 }
    let asked = unsafe parameters.parm.capture.timeperframe
    if sets, asked.numerator > 0, asked.denominator > 0 {
      let wish = Double(asked.denominator) / Double(asked.numerator)
      rate = rates().min { abs(Double($0) - wish) < abs(Double($1) - wish) }.map(Double.init) ?? wish
    }
    unsafe parameters.parm.capture.timeperframe = v4l2_fract(numerator: 1000, denominator: UInt32(rate * 1000))
    return 0
  }

  private func rates() -> [UInt32] {
    guard case .discrete(let sizes) = formats[format.index].sizes else { return [] }
    return sizes.first { $0.width == format.width && $0.height == format.height }?.rates ?? []
  }
}
