internal import Glibc

/// The controls of an open camera: lists them, sets them, reads back what became of it.
package struct ControlBook {
  private let handle: V4L2Handle

  /// Of an open node; asks nothing yet.
  package init(_ handle: V4L2Handle) { self.handle = handle }

  /// All controls with their values and menus.
  package func list() -> [ControlDescription] {
    var walk = ControlWalk(handle)
    return walk.controls().map { control in
      var control = control
      control.menu = handle.menu(of: control)
      if !control.isWriteOnly, control.kind != .other { control.value = try? handle.controlValue(control.id).get() }
      return control
    }
  }

  /// Sets controls by name. One that fails does not stop the others; automatic modes are set before what they rule.
  /// - Returns: an outcome for each wish.
  package func apply(_ wishes: [String: Int]) -> [ControlOutcome] {
    guard !wishes.isEmpty else { return [] }
    var walk = ControlWalk(handle)
    let controls = walk.controls()
    var outcomes: [ControlOutcome] = []
    var names: [UInt32: String] = [:]
    var chosen: [ControlDescription] = []
    for name in wishes.keys.sorted() {
      if let control = ControlName.find(name, in: controls), names[control.id] == nil {
        names[control.id] = name
        chosen.append(control)
      } else {
        outcomes.append(unknown(name, wishes[name] ?? 0, controls))
      }
    }
    var isSilent = false
    for control in ControlOrder.sorted(chosen) {
      let name = names[control.id] ?? control.name
      let wanted = wishes[name] ?? control.standard
      let outcome = isSilent ? Self.unanswered : set(control, to: wanted)
      isSilent = isSilent || outcome.endsAll
      outcomes.append(ControlOutcome(name: name, wanted: wanted, got: outcome.got, problem: outcome.problem))
    }
    return outcomes
  }

  private typealias Step = (got: Int?, problem: String?, endsAll: Bool)

  private static let unanswered: Step = (nil, "was not tried, as the camera no longer answers", true)

  private func unknown(_ name: String, _ wanted: Int, _ controls: [ControlDescription]) -> ControlOutcome {
    let isTwice = ControlName.find(name, in: controls) != nil
    return ControlOutcome(
      name: name, wanted: wanted,
      problem: isTwice ? "is the same as another one that is set" : "is none of this camera's controls")
  }

  private func set(_ listed: ControlDescription, to wanted: Int) -> Step {
    var control = listed
    // What was set before may have made it active, or not.
    if case .control(let now) = handle.queryControl(listed.id) { control = now }
    control.menu = handle.menu(of: control)
    if let problem = control.problem(with: wanted) { return (nil, problem, false) }
    let result = handle.setControl(control.id, Int32(truncatingIfNeeded: wanted))
    if result < 0 { return (nil, Self.words(-result), result == -ENODEV || result == -ETIMEDOUT) }
    if control.isWriteOnly { return (nil, nil, false) }
    switch handle.controlValue(control.id) {
    case .success(wanted): return (wanted, nil, false)
    case .success(let other): return (other, "was made \(other) by the camera", false)
    case .failure(let error):
      return (nil, "could not be read back: it \(Self.words(error.errno))", error.isGone || error.errno == ETIMEDOUT)
    }
  }

  private static func words(_ errno: Int32) -> String {
    switch errno {
    case EIO, EPIPE, EPROTO: "was refused by the camera"
    case ETIMEDOUT: "was not answered by the camera in time"
    case EACCES, EPERM: "may not be set just now"
    case EBUSY: "is held while the camera streams or another program uses it"
    case ERANGE, EINVAL: "takes no such value"
    case ENODEV: "went with the camera"
    default: "was refused by the driver (errno \(errno))"
    }
  }
}
