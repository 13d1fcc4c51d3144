import CPumpkiiV4L2
import Glibc

extension ScriptedNode {
  static let names: [UInt: String] = [
    PK_VIDIOC_QUERYCAP: "QUERYCAP", PK_VIDIOC_ENUM_FMT: "ENUM_FMT", PK_VIDIOC_ENUM_FRAMESIZES: "ENUM_FRAMESIZES",
    PK_VIDIOC_ENUM_FRAMEINTERVALS: "ENUM_FRAMEINTERVALS", PK_VIDIOC_G_FMT: "G_FMT", PK_VIDIOC_S_FMT: "S_FMT",
    PK_VIDIOC_G_PARM: "G_PARM", PK_VIDIOC_S_PARM: "S_PARM", PK_VIDIOC_G_INPUT: "G_INPUT",
    PK_VIDIOC_S_INPUT: "S_INPUT", PK_VIDIOC_REQBUFS: "REQBUFS", PK_VIDIOC_QUERYBUF: "QUERYBUF",
    PK_VIDIOC_QBUF: "QBUF", PK_VIDIOC_DQBUF: "DQBUF", PK_VIDIOC_EXPBUF: "EXPBUF", PK_VIDIOC_STREAMON: "STREAMON",
    PK_VIDIOC_STREAMOFF: "STREAMOFF", PK_VIDIOC_QUERYCTRL: "QUERYCTRL", PK_VIDIOC_G_CTRL: "G_CTRL",
    PK_VIDIOC_S_CTRL: "S_CTRL", PK_VIDIOC_QUERYMENU: "QUERYMENU", PK_VIDIOC_SUBSCRIBE_EVENT: "SUBSCRIBE_EVENT",
    PK_VIDIOC_DQEVENT: "DQEVENT", PK_VIDIOC_QUERY_DV_TIMINGS: "QUERY_DV_TIMINGS",
    PK_VIDIOC_S_DV_TIMINGS: "S_DV_TIMINGS",
  ]

  /// One call of a living descriptor.
  func handle(_ request: UInt, _ argument: UnsafeMutableRawPointer, mapped: Int, now: UInt64, kernel: ScriptedKernel)
    -> Int32
  {
    switch request {
    case PK_VIDIOC_QUERYCAP: return unsafe describe(&argument.assumingMemoryBound(to: v4l2_capability.self).pointee)
    case PK_VIDIOC_ENUM_FMT:
      return unsafe enumerateFormats(&argument.assumingMemoryBound(to: v4l2_fmtdesc.self).pointee)
    case PK_VIDIOC_ENUM_FRAMESIZES:
      return unsafe enumerateSizes(&argument.assumingMemoryBound(to: v4l2_frmsizeenum.self).pointee)
    case PK_VIDIOC_ENUM_FRAMEINTERVALS:
      return unsafe enumerateIntervals(&argument.assumingMemoryBound(to: v4l2_frmivalenum.self).pointee)
    case PK_VIDIOC_G_FMT: return unsafe give(&argument.assumingMemoryBound(to: v4l2_format.self).pointee)
    case PK_VIDIOC_S_FMT: return unsafe take(&argument.assumingMemoryBound(to: v4l2_format.self).pointee)
    case PK_VIDIOC_G_PARM:
      return unsafe parameters(&argument.assumingMemoryBound(to: v4l2_streamparm.self).pointee, sets: false)
    case PK_VIDIOC_S_PARM:
      return unsafe parameters(&argument.assumingMemoryBound(to: v4l2_streamparm.self).pointee, sets: true)
    case PK_VIDIOC_G_INPUT, PK_VIDIOC_S_INPUT: return hasInputs ? 0 : -ENOTTY
    case PK_VIDIOC_REQBUFS:
      return unsafe self.request(&argument.assumingMemoryBound(to: v4l2_requestbuffers.self).pointee, mapped: mapped)
    case PK_VIDIOC_QUERYBUF: return unsafe query(&argument.assumingMemoryBound(to: v4l2_buffer.self).pointee)
    case PK_VIDIOC_QBUF: return unsafe queue(&argument.assumingMemoryBound(to: v4l2_buffer.self).pointee)
    case PK_VIDIOC_DQBUF: return unsafe dequeue(&argument.assumingMemoryBound(to: v4l2_buffer.self).pointee)
    case PK_VIDIOC_STREAMON: return unsafe start(argument.load(as: UInt32.self), at: now)
    case PK_VIDIOC_STREAMOFF: return unsafe stop(argument.load(as: UInt32.self))
    case PK_VIDIOC_EXPBUF:
      guard exports else { return -ENOTTY }
      unsafe argument.assumingMemoryBound(to: v4l2_exportbuffer.self).pointee.fd = kernel.adopt()
      return 0
    default: return unsafe handleControls(request, argument)
    }
  }

  private func describe(_ answer: inout v4l2_capability) -> Int32 {
    Self.write(driver, &answer.driver)
    Self.write(card, &answer.card)
    Self.write(bus, &answer.bus_info)
    answer.capabilities = capabilities | (hasDeviceCaps ? UInt32(V4L2_CAP_DEVICE_CAPS) : 0)
    answer.device_caps = hasDeviceCaps ? deviceCaps : 0
    return 0
  }

  static func write<Tuple>(_ text: String, _ tuple: inout Tuple) {
    unsafe withUnsafeMutableBytes(of: &tuple) { bytes in
      for (at, byte) in text.utf8.prefix(bytes.count - 1).enumerated() { unsafe bytes[at] = byte }
    }
  }

  private func handleControls(_ request: UInt, _ argument: UnsafeMutableRawPointer) -> Int32 {
    switch request {
    case PK_VIDIOC_QUERYCTRL: return unsafe queryControl(&argument.assumingMemoryBound(to: v4l2_queryctrl.self).pointee)
    case PK_VIDIOC_QUERYMENU: return unsafe queryMenu(&argument.assumingMemoryBound(to: v4l2_querymenu.self).pointee)
    case PK_VIDIOC_G_CTRL, PK_VIDIOC_S_CTRL:
      return unsafe control(
        &argument.assumingMemoryBound(to: v4l2_control.self).pointee, sets: request == PK_VIDIOC_S_CTRL)
    case PK_VIDIOC_SUBSCRIBE_EVENT:
      return unsafe subscribe(argument.assumingMemoryBound(to: v4l2_event_subscription.self).pointee)
    case PK_VIDIOC_DQEVENT:
      guard !events.isEmpty else { return -ENOENT }
      unsafe argument.assumingMemoryBound(to: v4l2_event.self).pointee = events.removeFirst()
      return 0
    case PK_VIDIOC_QUERY_DV_TIMINGS:
      switch timings {
      case .present(let width, let height):
        unsafe argument.assumingMemoryBound(to: v4l2_dv_timings.self).pointee.bt.width = width
        unsafe argument.assumingMemoryBound(to: v4l2_dv_timings.self).pointee.bt.height = height
        return 0
      case .absent(let errno): return -errno
      case nil: return -ENOTTY
      }
    case PK_VIDIOC_S_DV_TIMINGS: return timings == nil ? -ENOTTY : 0
    default: return -ENOTTY
    }
  }

  private func queryControl(_ query: inout v4l2_queryctrl) -> Int32 {
    let next = query.id & UInt32(V4L2_CTRL_FLAG_NEXT_CTRL) != 0
    let id = query.id & 0x0FFF_FFFF
    let sorted = controls.sorted { $0.id < $1.id }
    guard let found = sorted.first(where: { next ? $0.id > id : $0.id == id }) else { return -EINVAL }
    query.id = found.id
    query.type = found.type
    Self.write(found.name, &query.name)
    query.minimum = found.minimum
    query.maximum = found.maximum
    query.step = found.step
    query.default_value = found.standard
    query.flags = found.flags
    return 0
  }

  private func queryMenu(_ query: inout v4l2_querymenu) -> Int32 {
    guard let found = controls.first(where: { $0.id == query.id }), Int(query.index) < found.menu.count,
      let name = found.menu[Int(query.index)]
    else { return -EINVAL }
    Self.write(name, &query.name)
    return 0
  }

  private func control(_ control: inout v4l2_control, sets: Bool) -> Int32 {
    let id = control.id
    guard let index = controls.firstIndex(where: { $0.id == id }) else { return -EINVAL }
    if sets {
      guard controls[index].flags & UInt32(V4L2_CTRL_FLAG_READ_ONLY) == 0 else { return -EACCES }
      guard control.value >= controls[index].minimum, control.value <= controls[index].maximum else { return -ERANGE }
      controls[index].value = controls[index].keeps(control.value)
    }
    control.value = controls[index].remembered ?? controls[index].value
    controls[index].remembered = nil
    return 0
  }

  private func subscribe(_ wish: v4l2_event_subscription) -> Int32 {
    if wish.type == UInt32(V4L2_EVENT_SOURCE_CHANGE), !hasSourceEvents { return -EINVAL }
    if wish.type == UInt32(V4L2_EVENT_CTRL), !controls.contains(where: { $0.id == wish.id }) { return -EINVAL }
    subscriptions.append((wish.type, wish.id))
    if wish.flags & UInt32(V4L2_EVENT_SUB_FL_SEND_INITIAL) != 0,
      let index = controls.firstIndex(where: { $0.id == wish.id })
    {
      let value = controls[index].remembered ?? controls[index].value
      controls[index].remembered = value
      postControl(wish.id, value)
    }
    return 0
  }
}
