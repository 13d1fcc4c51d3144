/// Makes a track's chunks of pictures: their decode times always rise, and the header follows what they are.
struct ChunkEmitter {
  /// A picture on its way into a chunk.
  struct Picture {
    let parts: [ArraySlice<UInt8>]
    /// ns on the track's clock.
    let time: UInt64
    let independent: Bool

    init(_ parts: [ArraySlice<UInt8>], at time: UInt64, _ independent: Bool) {
      self.parts = parts
      self.time = time
      self.independent = independent
    }
  }

  /// Frame intervals that a sample claims to last. A player's Media Source drops everything up to the next random
  /// access point when a frame comes later than twice the claimed duration of the one before (W3C MSE, coded frame
  /// processing), and an encoder that keeps its bitrate skips frames. Where nothing is skipped the next frame simply
  /// takes over.
  private static let patience: UInt64 = 3

  /// The CMAF header; another one when the pictures' parameters change.
  private(set) var initialization: [UInt8]?
  private(set) var described: TrackDescription?
  /// ns.
  private let frameDuration: UInt64
  private var chunks = ChunkWriter()
  private var lastTicks: UInt64?

  init(frameDuration: UInt64) { self.frameDuration = frameDuration }

  /// - Parameter pictures: at least one.
  mutating func emit(_ pictures: [Picture], _ description: TrackDescription) -> EncodedChunk {
    if described != description {
      described = description
      initialization = TrackHeader.bytes(description)
    }
    let ticks = ticks(of: pictures)
    let nominal = MediaTime.ticks(nanoseconds: frameDuration, timescale: MediaTime.video)
    let last = UInt32(clamping: max(nominal * Self.patience, 1))
    let samples = pictures.indices.map {
      ChunkWriter.Picture(
        parts: pictures[$0].parts, duration: $0 + 1 < ticks.count ? UInt32(clamping: ticks[$0 + 1] - ticks[$0]) : last,
        independent: pictures[$0].independent)
    }
    return EncodedChunk(
      bytes: chunks.pictures(samples, at: ticks.first ?? 0), randomAccess: pictures.first?.independent ?? false,
      duration: UInt32(clamping: frameDuration / 1000 * UInt64(pictures.count)))
  }

  /// Pictures that came in one buffer share its time: they are spread over what a frame lasts.
  private mutating func ticks(of pictures: [Picture]) -> [UInt64] {
    let share = frameDuration / UInt64(max(pictures.count, 1))
    var beside: UInt64 = 0
    var all: [UInt64] = []
    for (at, picture) in pictures.enumerated() {
      beside = at > 0 && picture.time == pictures[at - 1].time ? beside + 1 : 0
      var ticks = MediaTime.ticks(nanoseconds: picture.time &+ beside * share, timescale: MediaTime.video)
      if let lastTicks, ticks <= lastTicks { ticks = lastTicks + 1 }
      lastTicks = ticks
      all.append(ticks)
    }
    return all
  }
}
