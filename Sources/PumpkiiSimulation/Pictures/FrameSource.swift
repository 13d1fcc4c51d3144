package import PumpkiiCapture

/// Gives a camera's frames their bytes. Confined to the thread of one session.
package protocol FrameSource: AnyObject {
  /// The frame with this number since opening; `marks` tells of any frame when it is taken.
  /// - Returns: nil when the camera's own encoder left the frame out.
  /// - Throws: ``CaptureError``.
  func frame(_ number: UInt64, marks: (UInt64) -> FrameMark) throws(CaptureError) -> [UInt8]?
}

/// Painted pictures in a raw format or as JPEG.
final class PaintedFrames: FrameSource {
  private let painter: any Painter
  private let packer: FramePacker

  init(_ painter: any Painter, _ packer: FramePacker) {
    self.painter = painter
    self.packer = packer
  }

  func frame(_ number: UInt64, marks: (UInt64) -> FrameMark) throws(CaptureError) -> [UInt8]? {
    try packer.pack(painter.view(marks(number)))
  }
}

/// A film, joined where it is at the moment of opening, so that picture and sound that were filmed together stay so.
final class FilmFrames: FrameSource {
  /// Frames to look back for an IDR picture; where none is found, the viewer waits for the next.
  private static let longestGroup: UInt64 = 600
  private var film: LoopingFilm
  private var first: UInt64

  /// - Parameters:
  ///   - first: the film's frame that the session's frame 0 shows.
  ///   - snap: goes back to where decoding can begin.
  init(_ film: LoopingFilm, first: UInt64, snap: Bool) throws(CaptureError) {
    self.film = film
    self.first = first
    guard snap else { return }
    var back: UInt64 = 0
    while back < min(first, Self.longestGroup), !AnnexBUnit.isIDR(try Self.read(&self.film, first - back)) { back += 1 }
    self.first = first - back
  }

  func frame(_ number: UInt64, marks: (UInt64) -> FrameMark) throws(CaptureError) -> [UInt8]? {
    try Self.read(&film, first + number)
  }

  private static func read(_ film: inout LoopingFilm, _ index: UInt64) throws(CaptureError) -> [UInt8] {
    do throws(SimulationError) { return try film.frame(index) } catch { throw CaptureError(error) }
  }
}

extension CaptureError {
  init(_ error: SimulationError) { self.init(.unreadable, error.reason, advice: error.advice) }
}
