import Testing

/// The whole system in one process. One test after the other: each runs a camera in real time, and two of them on a
/// small machine would make each other lose frames.
@Suite(.serialized) enum EndToEnd {}
