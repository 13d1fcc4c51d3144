internal import CPumpkiiV4L2
internal import Glibc

/// What an HDMI input says of its signal.
package enum SignalAnswer: Sendable, Equatable {
  /// The input has no timings: a sensor, a webcam.
  case notNeeded
  /// A signal that is taken now.
  case present(width: Int, height: Int)
  /// ENOLINK, ENOLCK or ERANGE.
  case absent(errno: Int32)
}

extension V4L2Handle {
  /// Takes the input that is chosen. Only single-planar nodes are asked: the others route by the media pipeline.
  /// - Throws: ``CallError`` `EBUSY` where another program streams; that the call is absent is normal.
  package func takeInput() throws(CallError) {
    var index: Int32 = 0
    guard call(PK_VIDIOC_G_INPUT, &index) >= 0 else { return }
    let result = patientCall(PK_VIDIOC_S_INPUT, &index)
    if result == -EBUSY || result == -ENODEV { throw CallError("S_INPUT", errno: -result) }
  }

  /// Asks for the signal's timings and takes them over.
  /// - Throws: ``CallError`` where timings that are there cannot be set.
  package func takeTimings() throws(CallError) -> SignalAnswer {
    var timings = v4l2_dv_timings()
    let result = patientCall(PK_VIDIOC_QUERY_DV_TIMINGS, &timings)
    switch -result {
    case ENOLINK, ENOLCK, ERANGE: return .absent(errno: -result)
    case ENODEV: throw CallError("QUERY_DV_TIMINGS", errno: ENODEV)
    case 1...: return .notNeeded
    default: break
    }
    let width = Int(timings.bt.width)
    let height = Int(timings.bt.height)
    try require("S_DV_TIMINGS", PK_VIDIOC_S_DV_TIMINGS, &timings)
    return .present(width: width, height: height)
  }
}
