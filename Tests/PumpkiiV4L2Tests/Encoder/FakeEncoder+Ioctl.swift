import CPumpkiiV4L2
import Glibc
import PumpkiiV4L2

extension FakeEncoder {
  func answer(_ request: UInt, _ argument: UnsafeMutableRawPointer) -> Int32 {
    switch request {
    case PK_VIDIOC_QUERYCAP:
      return unsafe describe(&argument.assumingMemoryBound(to: v4l2_capability.self).pointee)
    case PK_VIDIOC_ENUM_FMT:
      return unsafe list(&argument.assumingMemoryBound(to: v4l2_fmtdesc.self).pointee)
    case PK_VIDIOC_S_FMT:
      calls.append("S_FMT")
      return unsafe setFormat(&argument.assumingMemoryBound(to: v4l2_format.self).pointee)
    case PK_VIDIOC_G_FMT: return unsafe getFormat(&argument.assumingMemoryBound(to: v4l2_format.self).pointee)
    case PK_VIDIOC_S_SELECTION:
      return unsafe select(&argument.assumingMemoryBound(to: v4l2_selection.self).pointee)
    case PK_VIDIOC_G_PARM, PK_VIDIOC_S_PARM:
      guard script.hasRate else { return -ENOTTY }
      if request == PK_VIDIOC_S_PARM { calls.append("S_PARM") }
      unsafe argument.assumingMemoryBound(to: v4l2_streamparm.self).pointee.parm.output.capability = 0x1000
      return 0
    case PK_VIDIOC_QUERY_EXT_CTRL:
      return unsafe question(&argument.assumingMemoryBound(to: v4l2_query_ext_ctrl.self).pointee)
    case PK_VIDIOC_QUERYMENU:
      let menu = unsafe argument.assumingMemoryBound(to: v4l2_querymenu.self).pointee
      guard let control = script.controls[menu.id], menu.index <= control.greatest else { return -EINVAL }
      return 0
    case PK_VIDIOC_S_CTRL, PK_VIDIOC_G_CTRL:
      return unsafe control(
        &argument.assumingMemoryBound(to: v4l2_control.self).pointee, sets: request == PK_VIDIOC_S_CTRL)
    case PK_VIDIOC_REQBUFS:
      return unsafe reserve(&argument.assumingMemoryBound(to: v4l2_requestbuffers.self).pointee)
    case PK_VIDIOC_QUERYBUF: return unsafe query(&argument.assumingMemoryBound(to: v4l2_buffer.self).pointee)
    case PK_VIDIOC_QBUF: return unsafe queue(&argument.assumingMemoryBound(to: v4l2_buffer.self).pointee)
    case PK_VIDIOC_DQBUF: return unsafe dequeue(&argument.assumingMemoryBound(to: v4l2_buffer.self).pointee)
    case PK_VIDIOC_STREAMON, PK_VIDIOC_STREAMOFF:
      return stream(isRaw(unsafe argument.load(as: UInt32.self)), on: request == PK_VIDIOC_STREAMON)
    case PK_VIDIOC_ENCODER_CMD: return stop()
    case PK_VIDIOC_SUBSCRIBE_EVENT: return 0
    case PK_VIDIOC_DQEVENT:
      guard events > 0 else { return -ENOENT }
      events -= 1
      unsafe argument.assumingMemoryBound(to: v4l2_event.self).pointee.type = UInt32(V4L2_EVENT_EOS)
      return 0
    default: return -ENOTTY
    }
  }

  private func isRaw(_ type: UInt32) -> Bool { type == 2 || type == 10 }

  private func describe(_ answer: inout v4l2_capability) -> Int32 {
    unsafe withUnsafeMutableBytes(of: &answer.driver) { unsafe $0.copyBytes(from: "fakecodec".utf8) }
    let flags = script.isMultiplanar ? V4L2_CAP_VIDEO_M2M_MPLANE : V4L2_CAP_VIDEO_M2M
    answer.device_caps = script.deviceCaps ?? (UInt32(flags) | UInt32(V4L2_CAP_STREAMING))
    answer.capabilities = answer.device_caps | UInt32(V4L2_CAP_DEVICE_CAPS) | UInt32(V4L2_CAP_VIDEO_CAPTURE)
    return 0
  }

  private func list(_ entry: inout v4l2_fmtdesc) -> Int32 {
    let formats = isRaw(entry.type) ? script.raw : script.coded
    guard entry.index < formats.count else { return -EINVAL }
    entry.pixelformat = formats[Int(entry.index)]
    return 0
  }

  // MARK: Formats

  private func setFormat(_ format: inout v4l2_format) -> Int32 {
    let (mp, type) = (script.isMultiplanar, unsafe format.type)
    let wish = unsafe (
      Int(mp ? format.fmt.pix_mp.width : format.fmt.pix.width),
      Int(mp ? format.fmt.pix_mp.height : format.fmt.pix.height),
      mp ? format.fmt.pix_mp.pixelformat : format.fmt.pix.pixelformat,
      Int(mp ? format.fmt.pix_mp.plane_fmt.0.bytesperline : format.fmt.pix.bytesperline),
      Int(mp ? format.fmt.pix_mp.plane_fmt.0.sizeimage : format.fmt.pix.sizeimage)
    )
    let width = min(up(wish.0, script.widthStep), script.largest.width)
    let height = min(up(wish.1, script.heightStep), script.largest.height)
    if isRaw(type) {
      raw.fourcc = script.raw.contains(wish.2) ? wish.2 : script.raw[0]
      (raw.width, raw.height, raw.crop) = (width, height, nil)
      shape(stride: up(max(wish.3, raw.fourcc == PK_FOURCC_YUYV ? width * 2 : width), script.strideStep))
    } else {
      coded.fourcc = script.coded.contains(wish.2) ? wish.2 : script.coded[0]
      (coded.width, coded.height) = (width, height)
      coded.sizes = [script.codedSize > 0 ? script.codedSize : max(wish.4, 65536)]
      coded.strides = [0]
    }
    return unsafe getFormat(&format)
  }

  private func shape(stride: Int) {
    let lines = raw.height
    switch raw.fourcc {
    case PK_FOURCC_NV12M: (raw.strides, raw.sizes) = ([stride, stride], [stride * lines, stride * lines / 2])
    case PK_FOURCC_YUV420M:
      (raw.strides, raw.sizes) = (
        [stride, stride / 2, stride / 2], [stride * lines, stride * lines / 4, stride * lines / 4]
      )
    case PK_FOURCC_YUYV: (raw.strides, raw.sizes) = ([stride], [stride * lines])
    default: (raw.strides, raw.sizes) = ([stride], [stride * lines * 3 / 2])
    }
  }

  private func up(_ value: Int, _ step: Int) -> Int { (value + step - 1) / step * step }

  private func getFormat(_ format: inout v4l2_format) -> Int32 {
    let side = unsafe isRaw(format.type) ? raw : coded
    guard script.isMultiplanar else {
      unsafe format.fmt.pix.width = UInt32(side.width)
      unsafe format.fmt.pix.height = UInt32(side.height)
      unsafe format.fmt.pix.pixelformat = side.fourcc
      unsafe format.fmt.pix.bytesperline = UInt32(side.strides[0])
      unsafe format.fmt.pix.sizeimage = UInt32(side.sizes[0])
      return 0
    }
    unsafe format.fmt.pix_mp.width = UInt32(side.width)
    unsafe format.fmt.pix_mp.height = UInt32(side.height)
    unsafe format.fmt.pix_mp.pixelformat = side.fourcc
    unsafe format.fmt.pix_mp.num_planes = UInt8(side.sizes.count)
    unsafe withUnsafeMutableBytes(of: &format.fmt.pix_mp.plane_fmt) { bytes in
      let planes = unsafe bytes.bindMemory(to: v4l2_plane_pix_format.self)
      for plane in side.sizes.indices {
        unsafe planes[plane].bytesperline = UInt32(side.strides[plane])
        unsafe planes[plane].sizeimage = UInt32(side.sizes[plane])
      }
    }
    return 0
  }

  private func select(_ selection: inout v4l2_selection) -> Int32 {
    guard script.hasCrop else { return -ENOTTY }
    guard selection.type == 2, selection.target == 0 else { return -EINVAL }
    raw.crop = (Int(selection.r.width), Int(selection.r.height))
    return 0
  }

  // MARK: Controls

  private func question(_ question: inout v4l2_query_ext_ctrl) -> Int32 {
    guard let control = script.controls[question.id] else { return -EINVAL }
    question.type = control.isMenu ? V4L2_CTRL_TYPE_MENU.rawValue : V4L2_CTRL_TYPE_INTEGER.rawValue
    question.minimum = Int64(control.least)
    question.maximum = Int64(control.greatest)
    return 0
  }

  private func control(_ request: inout v4l2_control, sets: Bool) -> Int32 {
    guard let control = script.controls[request.id] else { return -EINVAL }
    if !sets {
      request.value = control.value
      return 0
    }
    if request.id == UInt32(V4L2_CID_MPEG_VIDEO_FORCE_KEY_FRAME) {
      wantsKey = true
      calls.append("FORCE_KEY")
      return 0
    }
    guard request.value >= control.least, request.value <= control.greatest else { return -ERANGE }
    script.controls[request.id]?.value = control.keeps(request.value)
    return 0
  }
}
