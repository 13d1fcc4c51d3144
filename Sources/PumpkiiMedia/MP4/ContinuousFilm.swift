/// One film without end of the chunks of sources that take turns: a camera's, an off picture's, the camera's again in
/// another size. It begins at zero, its times always rise, and each picture that stands alone carries its parameter
/// sets, so that a player goes on over a change that no second header could tell it of.
package struct ContinuousFilm: Sendable {
  /// Ticks beyond which a gap is another clock, not a wait.
  private static let gap = 30 * UInt64(MediaTime.video)
  /// Ticks from the last picture to the first of another clock.
  private static let step = UInt64(MediaTime.video) / 10

  /// The coding of the whole film, once it has begun.
  private var isJPEG: Bool?
  private var sets: (of: [UInt8], bytes: [UInt8]) = ([], [])
  private var last: UInt64 = 0
  /// Film time is source time less this, modulo 2^64.
  private var offset: UInt64 = 0

  package init() {}

  /// True once the header is out.
  package var hasBegun: Bool { isJPEG != nil }

  /// Takes a chunk of a source.
  /// - Parameter time: ticks at which it is shown, on a clock that all sources share; nil for the chunk's own.
  /// - Returns: bytes to append; none before the first picture that stands alone.
  /// - Throws: ``MediaError`` `badBoxes`, or `changed` for another coding, which one film cannot hold.
  package mutating func take(
    _ chunk: [UInt8], initialization: [UInt8], at time: UInt64? = nil
  ) throws(MediaError) -> [UInt8] {
    let summary = try MP4.summary(ofChunk: chunk)
    if initialization != sets.of {
      let found = try MP4.parameterSets(of: initialization)
      if let isJPEG, isJPEG != (found == nil) {
        throw MediaError(.changed, "the video changed its coding, which one film cannot hold", advice: "Connect anew.")
      }
      sets = (initialization, found ?? [])
    }
    guard hasBegun || summary.randomAccess else { return [] }
    let source = time ?? summary.decodeTime
    var bytes: [UInt8] = []
    if !hasBegun {
      isJPEG = sets.bytes.isEmpty
      bytes = MP4.selfContained(initialization)
      offset = source
    } else {
      follow(source)
    }
    last = source &- offset
    let moved = try MP4.retime(chunk: chunk, to: last)
    return bytes + (summary.randomAccess && !sets.bytes.isEmpty ? try MP4.prepend(sets.bytes, to: moved) : moved)
  }

  private mutating func follow(_ source: UInt64) {
    let shown = source &- offset
    if shown <= last || shown - last > Self.gap { offset = source &- (last + Self.step) }
  }
}
