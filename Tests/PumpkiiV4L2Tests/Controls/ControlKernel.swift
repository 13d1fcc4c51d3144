import CPumpkiiV4L2
import Glibc
import PumpkiiV4L2
import Testing

/// A driver that has nothing but controls: as uvcvideo rules them, with QUERY_EXT_CTRL or without.
@safe final class ControlKernel: DeviceKernel, @unchecked Sendable {
  struct Control {
    var id: Int32
    var title: String
    var type = V4L2_CTRL_TYPE_INTEGER.rawValue
    var range: ClosedRange<Int64> = 0...255
    var step: Int64 = 1
    var flags: Int32 = 0
    var value: Int32 = 0
    var menu: [Int: String] = [:]
    /// QUERY, G_CTRL and S_CTRL of it answer so.
    var errors: (query: Int32, get: Int32, set: Int32) = (0, 0, 0)
    /// What the camera makes of a value.
    var keeps: (Int32) -> Int32 = { $0 }
    /// The value of this other control at which this one is inactive.
    var ruledBy: (id: Int32, value: Int32)?
  }

  var controls: [Control]
  var isOld = false
  /// Knows no NEXT_CTRL.
  var isVeryOld = false
  private(set) var log: [String] = []
  private(set) var asked = 0

  init(_ controls: [Control]) { self.controls = controls.sorted { $0.id < $1.id } }

  func open(_ path: String, flags: Int32) -> Int32 { 5 }
  func close(_ descriptor: Int32) {}
  func map(_ descriptor: Int32, length: Int, offset: Int64, writable: Bool) -> UnsafeMutableRawPointer? { nil }
  func unmap(_ address: UnsafeMutableRawPointer, length: Int) {}
  func poll(_ entries: inout [PollEntry], timeout: Int32) -> Int32 { 0 }
  func now() -> UInt64 { 0 }
  func makeWaker() -> Int32 { -1 }
  func wake(_ waker: Int32) {}
  func rest(_ waker: Int32) {}

  func ioctl(_ descriptor: Int32, _ request: UInt, _ argument: UnsafeMutableRawPointer?) -> Int32 {
    asked += 1
    guard asked < 10_000, let argument = unsafe argument else { return -EINVAL }
    switch request {
    case PK_VIDIOC_QUERY_EXT_CTRL:
      if isOld || isVeryOld { return -ENOTTY }
      return unsafe query(&argument.assumingMemoryBound(to: v4l2_query_ext_ctrl.self).pointee)
    case PK_VIDIOC_QUERYCTRL: return unsafe query(&argument.assumingMemoryBound(to: v4l2_queryctrl.self).pointee)
    case PK_VIDIOC_QUERYMENU: return unsafe menu(&argument.assumingMemoryBound(to: v4l2_querymenu.self).pointee)
    case PK_VIDIOC_G_CTRL: return unsafe get(&argument.assumingMemoryBound(to: v4l2_control.self).pointee)
    case PK_VIDIOC_S_CTRL: return unsafe set(argument.assumingMemoryBound(to: v4l2_control.self).pointee)
    default: return -ENOTTY
    }
  }

  private func find(_ id: UInt32) -> (control: Control?, result: Int32) {
    let isNext = id & UInt32(V4L2_CTRL_FLAG_NEXT_CTRL) != 0
    if isNext, isVeryOld { return (nil, -EINVAL) }
    let plain = Int32(id & 0x0FFF_FFFF)
    guard let found = controls.first(where: { isNext ? $0.id > plain : $0.id == plain }) else { return (nil, -EINVAL) }
    return (found, -found.errors.query)
  }

  private func flags(_ control: Control) -> UInt32 {
    let isRuled =
      control.ruledBy.map { rule in controls.contains { $0.id == rule.id && $0.value == rule.value } } ?? false
    return UInt32(control.flags) | (isRuled ? UInt32(V4L2_CTRL_FLAG_INACTIVE) : 0)
  }

  private func query(_ answer: inout v4l2_query_ext_ctrl) -> Int32 {
    let (found, result) = find(answer.id)
    guard let found, result == 0 else { return result }
    answer.id = UInt32(found.id)
    answer.type = found.type
    ScriptedNode.write(found.title, &answer.name)
    (answer.minimum, answer.maximum, answer.step) = (found.range.lowerBound, found.range.upperBound, UInt64(found.step))
    answer.flags = flags(found)
    return 0
  }

  private func query(_ answer: inout v4l2_queryctrl) -> Int32 {
    let (found, result) = find(answer.id)
    guard let found, result == 0 else { return result }
    answer.id = UInt32(found.id)
    answer.type = found.type
    ScriptedNode.write(found.title, &answer.name)
    (answer.minimum, answer.maximum) = (Int32(found.range.lowerBound), Int32(found.range.upperBound))
    answer.step = Int32(found.step)
    answer.flags = flags(found)
    return 0
  }

  private func menu(_ answer: inout v4l2_querymenu) -> Int32 {
    let (id, index) = (answer.id, Int(answer.index))
    guard let found = controls.first(where: { $0.id == Int32(id) }), let entry = found.menu[index] else {
      return -EINVAL
    }
    ScriptedNode.write(entry, &answer.name)
    return 0
  }

  private func get(_ answer: inout v4l2_control) -> Int32 {
    let id = Int32(answer.id)
    guard let found = controls.first(where: { $0.id == id }) else { return -EINVAL }
    answer.value = found.value
    return -found.errors.get
  }

  private func set(_ wish: v4l2_control) -> Int32 {
    guard let at = controls.firstIndex(where: { $0.id == Int32(wish.id) }) else { return -EINVAL }
    log.append("\(ControlName.normalised(controls[at].title))=\(wish.value)")
    if controls[at].errors.set != 0 { return -controls[at].errors.set }
    controls[at].value = controls[at].keeps(wish.value)
    return 0
  }
}

extension ControlKernel {
  /// A C920 as far as its knobs go.
  static func webcam() -> ControlKernel {
    ControlKernel([
      Control(id: Int32(0x98_0001), title: "User Controls", type: V4L2_CTRL_TYPE_CTRL_CLASS.rawValue, range: 0...0),
      Control(id: V4L2_CID_BRIGHTNESS, title: "Brightness", value: 128),
      Control(
        id: V4L2_CID_AUTO_WHITE_BALANCE, title: "White Balance, Automatic", type: V4L2_CTRL_TYPE_BOOLEAN.rawValue,
        range: 0...1, value: 1),
      Control(
        id: V4L2_CID_POWER_LINE_FREQUENCY, title: "Power Line Frequency", type: V4L2_CTRL_TYPE_MENU.rawValue,
        range: 0...2, value: 2, menu: [0: "Disabled", 1: "50 Hz", 2: "60 Hz"]),
      Control(
        id: V4L2_CID_WHITE_BALANCE_TEMPERATURE, title: "White Balance Temperature", range: 2000...6500, step: 10,
        value: 4000, ruledBy: (V4L2_CID_AUTO_WHITE_BALANCE, 1)),
      Control(
        id: V4L2_CID_EXPOSURE_AUTO, title: "Auto Exposure", type: V4L2_CTRL_TYPE_MENU.rawValue, range: 0...3, value: 3,
        menu: [1: "Manual Mode", 3: "Aperture Priority Mode"]),
      Control(
        id: V4L2_CID_EXPOSURE_ABSOLUTE, title: "Exposure Time, Absolute", range: 3...2047, value: 250,
        ruledBy: (V4L2_CID_EXPOSURE_AUTO, 3)),
      Control(
        id: V4L2_CID_PRIVACY, title: "Privacy", type: V4L2_CTRL_TYPE_BOOLEAN.rawValue, range: 0...1,
        flags: V4L2_CTRL_FLAG_READ_ONLY),
    ])
  }

  /// Changes one control.
  func change(_ id: Int32, _ body: (inout Control) -> Void) {
    if let at = controls.firstIndex(where: { $0.id == id }) { body(&controls[at]) }
  }

  func book() throws -> ControlBook { ControlBook(try V4L2Handle(path: "/dev/video0", kernel: self)) }
}
