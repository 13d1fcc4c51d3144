internal import PumpkiiVault
internal import PumpkiiWire

/// What happens while a camera is watched.
public enum WatchEvent: Sendable {
  /// The relay answered; the newest key message follows.
  case connected
  /// A key message opened: from here on objects of this epoch can be.
  case epoch(UInt32, classes: [MediaKind])
  /// An object opened.
  case opened(OpenedMedia)
  /// `count` objects before this one never came.
  case missing(segment: UInt64, index: UInt32, count: Int)
  /// Whole segments of the track before this one never came; how many objects they had is not known.
  case missingSegments(before: UInt64, count: Int)
  /// A segment was left without its end: whatever came last in it cannot be known.
  case cutSegment(UInt64)
  /// The relay says that its queue for this viewer lost objects. A hint, not trusted; gaps are counted here.
  case lossNotice(segment: UInt64, index: UInt32, count: UInt32)
  /// An object or key message did not verify, open or fit; the code says why. Nothing of it was used.
  case refused(code: String, segment: UInt64?, index: UInt32?)
  /// The camera's state is another one than before, or this viewer knows more of it.
  case state(CameraState)
  /// Nothing came for a few seconds; the connection lives.
  case idle
  /// The connection was lost; the next try comes after `retryAfter`.
  case disconnected(reason: ClientError, retryAfter: Duration)
}
