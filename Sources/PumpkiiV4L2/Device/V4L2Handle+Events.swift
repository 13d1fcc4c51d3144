internal import CPumpkiiV4L2
internal import Glibc

/// An event of a node, as far as it concerns a capture.
package enum NodeEvent: Sendable, Equatable {
  /// A control has another value.
  case control(id: UInt32, value: Int32)
  /// The source has another size or rate, or went.
  case sourceChange
  /// The last picture left (memory-to-memory).
  case endOfStream
  /// Something else.
  case other(type: UInt32)
}

extension V4L2Handle {
  /// Subscribes to an event.
  /// - Parameters:
  ///   - type: `V4L2_EVENT_CTRL` and so on.
  ///   - id: which control.
  ///   - initial: asks for one event at once with the present state.
  /// - Returns: false where the driver has no such event (uvcvideo has no source change): no error.
  @discardableResult
  package func subscribe(_ type: UInt32, id: UInt32 = 0, initial: Bool = false) -> Bool {
    var subscription = v4l2_event_subscription()
    subscription.type = type
    subscription.id = id
    subscription.flags = initial ? UInt32(V4L2_EVENT_SUB_FL_SEND_INITIAL) : 0
    return call(PK_VIDIOC_SUBSCRIBE_EVENT, &subscription) >= 0
  }

  /// The next event that waits; nil when none does (ENOENT), or the device went, which the next DQBUF says.
  package func dequeueEvent() -> NodeEvent? {
    var event = v4l2_event()
    guard call(PK_VIDIOC_DQEVENT, &event) >= 0 else { return nil }
    switch event.type {
    case UInt32(V4L2_EVENT_CTRL): return unsafe .control(id: event.id, value: event.u.ctrl.value)
    case UInt32(V4L2_EVENT_SOURCE_CHANGE): return .sourceChange
    case UInt32(V4L2_EVENT_EOS): return .endOfStream
    default: return .other(type: event.type)
    }
  }

  /// Whether the node has a control that is not disabled.
  package func hasControl(_ id: UInt32) -> Bool {
    var query = v4l2_queryctrl()
    query.id = id
    return patientCall(PK_VIDIOC_QUERYCTRL, &query) >= 0 && query.flags & UInt32(V4L2_CTRL_FLAG_DISABLED) == 0
  }
}
