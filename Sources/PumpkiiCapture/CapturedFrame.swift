/// One frame as the driver gave it, copied out of the driver's buffer.
package struct CapturedFrame: Sendable {
  /// The driver's number; a step over 1 means frames were lost before us. Wraps at 2^32.
  package var sequence: UInt32
  /// CLOCK_MONOTONIC in ns at which the frame was taken.
  package var timestamp: UInt64
  /// The coded picture, or planes one after the other as ``VideoFormat`` says.
  package var bytes: [UInt8]

  package init(sequence: UInt32, timestamp: UInt64, bytes: [UInt8]) {
    self.sequence = sequence
    self.timestamp = timestamp
    self.bytes = bytes
  }
}

/// One period of sound as the driver gave it.
package struct CapturedAudio: Sendable {
  /// Index of the first sample frame since the device was opened; a step means an overrun lost what lies between.
  package var position: UInt64
  /// CLOCK_MONOTONIC in ns of the first sample.
  package var timestamp: UInt64
  /// Interleaved.
  package var samples: [Int16]

  package init(position: UInt64, timestamp: UInt64, samples: [Int16]) {
    self.position = position
    self.timestamp = timestamp
    self.samples = samples
  }
}
