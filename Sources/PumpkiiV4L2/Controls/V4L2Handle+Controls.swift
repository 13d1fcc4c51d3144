internal import CPumpkiiV4L2
internal import Glibc

/// What one question about a control gave.
enum ControlAnswer {
  case control(ControlDescription)
  /// Positive.
  case problem(Int32)
}

extension V4L2Handle {
  private static let next = UInt32(V4L2_CTRL_FLAG_NEXT_CTRL) | UInt32(V4L2_CTRL_FLAG_NEXT_COMPOUND)

  /// Asks about one control, or with `afterwards` about the first one behind that number.
  ///
  /// One attempt alone: a camera that stopped answering takes five seconds for each.
  func queryControl(_ id: UInt32, afterwards: Bool = false) -> ControlAnswer {
    var question = v4l2_query_ext_ctrl()
    question.id = afterwards ? id | Self.next : id
    let result = call(PK_VIDIOC_QUERY_EXT_CTRL, &question)
    if result == -ENOTTY { return queryOldControl(id, afterwards: afterwards) }
    if result < 0 { return .problem(-result) }
    let isArray = question.flags & UInt32(V4L2_CTRL_FLAG_HAS_PAYLOAD) != 0
    return .control(
      ControlDescription(
        name: ControlName.normalised(Self.text(question.name)), id: question.id,
        kind: isArray ? .other : Self.kind(question.type), minimum: Int(clamping: question.minimum),
        maximum: Int(clamping: question.maximum), step: Int(clamping: question.step),
        standard: Int(clamping: question.default_value), flags: question.flags))
  }

  private func queryOldControl(_ id: UInt32, afterwards: Bool) -> ControlAnswer {
    var question = v4l2_queryctrl()
    question.id = afterwards ? id | UInt32(V4L2_CTRL_FLAG_NEXT_CTRL) : id
    let result = call(PK_VIDIOC_QUERYCTRL, &question)
    if result < 0 { return .problem(-result) }
    return .control(
      ControlDescription(
        name: ControlName.normalised(Self.text(question.name)), id: question.id, kind: Self.kind(question.type),
        minimum: Int(question.minimum), maximum: Int(question.maximum), step: Int(question.step),
        standard: Int(question.default_value), flags: question.flags))
  }

  /// The entries a menu really has: drivers leave some of the range out.
  func menu(of control: ControlDescription) -> [Int: String] {
    guard control.kind == .menu || control.kind == .integerMenu, control.minimum >= 0 else { return [:] }
    var entries: [Int: String] = [:]
    for index in control.minimum...max(min(control.maximum, 255), control.minimum) {
      var question = v4l2_querymenu()
      question.id = control.id
      question.index = UInt32(index)
      guard call(PK_VIDIOC_QUERYMENU, &question) >= 0 else { continue }
      entries[index] = control.kind == .menu ? Self.text(question.name) : "\(question.value)"
    }
    return entries
  }

  /// - Returns: the value, or why it cannot be read.
  func controlValue(_ id: UInt32) -> Result<Int, CallError> {
    var control = v4l2_control()
    control.id = id
    let result = call(PK_VIDIOC_G_CTRL, &control)
    return result < 0 ? .failure(CallError("G_CTRL", errno: -result)) : .success(Int(control.value))
  }

  /// As ``controlValue(_:)`` for what a hand changes: a shutter. uvcvideo keeps the value that a subscription asked
  /// for, and gives it once more to whoever asks next, however long ago that was; the second answer is the camera's.
  func freshControlValue(_ id: UInt32) -> Result<Int, CallError> {
    _ = controlValue(id)
    return controlValue(id)
  }

  /// - Returns: 0 or −errno.
  func setControl(_ id: UInt32, _ value: Int32) -> Int32 {
    var control = v4l2_control()
    control.id = id
    control.value = value
    return call(PK_VIDIOC_S_CTRL, &control)
  }

  private static func kind(_ type: UInt32) -> ControlDescription.Kind {
    switch type {
    case V4L2_CTRL_TYPE_INTEGER.rawValue: .integer
    case V4L2_CTRL_TYPE_BOOLEAN.rawValue: .boolean
    case V4L2_CTRL_TYPE_MENU.rawValue: .menu
    case V4L2_CTRL_TYPE_INTEGER_MENU.rawValue: .integerMenu
    case V4L2_CTRL_TYPE_BUTTON.rawValue: .button
    case V4L2_CTRL_TYPE_INTEGER64.rawValue: .integer64
    case V4L2_CTRL_TYPE_BITMASK.rawValue: .bitmask
    default: .other
    }
  }

  /// Headings among the controls are none.
  static func isHeading(_ id: UInt32) -> Bool { id & 0xFFFF == 1 }
}
