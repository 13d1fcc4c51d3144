/// From a camera's buffers of H.264 to pictures of a CMAF track, whatever of a picture, or of how many, a buffer holds.
struct H264Passage {
  /// Pictures that go into one chunk.
  struct Batch: Equatable {
    var pictures: [Picture]
  }
  struct Picture: Equatable {
    let sample: H264Packager.Sample
    let time: UInt64
  }
  /// What became of a buffer.
  enum Outcome: Equatable {
    case batch(Batch)
    /// Its bytes wait for those of another buffer.
    case held
    /// Nobody can decode it.
    case nothing
  }

  /// Units that may wait for the next chunk.
  private static let longestQueue = 16

  private(set) var packager = H264Packager()
  private var gatherer = AccessUnitGatherer()
  private var queue: [AccessUnitGatherer.Unit] = []

  /// - Throws: ``MediaError`` `reordered` or `interlaced`, or `badPicture` when nothing of the buffer can be used.
  mutating func take(_ bytes: [UInt8], at time: UInt64) throws(MediaError) -> Outcome {
    switch gatherer.take(bytes, at: time) {
    case .held where queue.isEmpty: return .held
    case .unusable where queue.isEmpty: return .nothing
    case .held, .unusable: break
    case .units(let units): queue += units
    }
    var batch = Batch(pictures: [])
    while let unit = queue.first {
      // An IDR begins a chunk, so that a viewer can begin there; it waits where others go before it.
      let before = batch.pictures.isEmpty ? nil : packager
      let sample: H264Packager.Sample?
      do throws(MediaError) {
        sample = try packager.sample(unit.bytes)
      } catch {
        queue.removeFirst()
        guard error.code == .badPicture, !queue.isEmpty || !batch.pictures.isEmpty else { throw error }
        continue
      }
      if let sample {
        if sample.idr, let before, let first = batch.pictures.first, queue.count < Self.longestQueue,
          !first.sample.idr || packager.description != before.description
        {
          packager = before
          break
        }
        batch.pictures.append(Picture(sample: sample, time: unit.time))
      }
      queue.removeFirst()
    }
    return batch.pictures.isEmpty ? .nothing : .batch(batch)
  }
}
