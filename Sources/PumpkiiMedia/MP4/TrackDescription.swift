/// What the header of one track says; its bytes are the same for the same description.
struct TrackDescription: Equatable {
  enum Entry: Equatable {
    /// Parameter sets without start codes, the sequence ones first.
    case h264(sequence: [[UInt8]], picture: [[UInt8]])
    case mjpeg
    case opus(channels: Int, preSkip: Int, inputRate: Int)
  }

  static let videoTrack: UInt32 = 1
  static let audioTrack: UInt32 = 2

  var entry: Entry
  var width = 0
  var height = 0
  /// Pixel width to height.
  var aspect: (width: UInt32, height: UInt32) = (1, 1)
  var colour: SequenceParameters.Colour?

  var isVideo: Bool {
    if case .opus = entry { return false }
    return true
  }
  var trackID: UInt32 { isVideo ? Self.videoTrack : Self.audioTrack }
  var timescale: UInt32 { isVideo ? MediaTime.video : MediaTime.audio }

  static func == (left: Self, right: Self) -> Bool {
    left.entry == right.entry && left.width == right.width && left.height == right.height
      && left.aspect == right.aspect && left.colour == right.colour
  }
}
