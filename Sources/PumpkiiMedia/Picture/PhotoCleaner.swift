/// Takes out of a camera's JPEG what it tells besides the picture.
///
/// Cameras put serial numbers, places, owners' names, previews and their makers' secrets into EXIF, XMP, IPTC and
/// comments, some behind the picture or between two scans. So everything that a decoder does not need goes: kept are
/// JFIF (cut to its fixed part, as a preview may hang on it), Adobe's colour mark (APP14) and ICC profiles (APP2),
/// without which colours would be others. Of EXIF the orientation alone comes back, in a segment of our own, where it
/// turns the picture. No capture time is written: the photo's envelope carries ours, signed; the camera's clock is
/// nobody's business.
package enum PhotoCleaner {
  /// The same picture, bit by bit, without what else was told; it ends at its own EOI.
  /// - Throws: ``MediaError`` `badPicture` where the chain of markers breaks.
  package static func clean(_ jpeg: [UInt8]) throws(MediaError) -> [UInt8] {
    var kept: [Range<Int>] = []
    var orientation: UInt16 = 1
    var segments = JPEGSegments(jpeg, end: jpeg.count)
    var jfif: [UInt8] = []
    while let segment = try segments.next() {
      let body = jpeg[segment.range].dropFirst(4)
      switch segment.marker {
      case 0xE0:
        if jfif.isEmpty, let head = Self.jfif(body) { jfif = head }
      case 0xE1:
        if orientation == 1, let found = ExifOrientation.read(body) { orientation = found }
      case 0xE2 where body.starts(with: Self.profile), 0xEE where body.starts(with: Self.adobe):
        kept.append(segment.range)
      case 0xE0...0xEF, 0xFE, 0xF0...0xFD: break
      case 0xDA:
        kept.append(segment.range)
        kept.append(segments.skipScan())
      default: kept.append(segment.range)
      }
    }
    var clean: [UInt8] = []
    clean.reserveCapacity(jpeg.count)
    clean += [0xFF, 0xD8] + jfif
    if orientation != 1 { clean += ExifOrientation.segment(orientation) }
    for range in kept { clean += jpeg[range] }
    return clean + [0xFF, 0xD9]
  }

  /// A JPEG of ours, turned when it is shown as a camera's own would be.
  /// - Throws: ``MediaError`` `badPicture` where the camera's chain of markers breaks.
  static func turn(_ jpeg: [UInt8], like camera: [UInt8]) throws(MediaError) -> [UInt8] {
    var segments = JPEGSegments(camera, end: camera.count)
    while let segment = try segments.next(), segment.marker != 0xDA {
      guard segment.marker == 0xE1, let found = ExifOrientation.read(camera[segment.range].dropFirst(4)), found != 1
      else { continue }
      // Behind SOI and JFIF, which our encoder begins with.
      return Array(jpeg.prefix(20)) + ExifOrientation.segment(found) + jpeg.dropFirst(20)
    }
    return jpeg
  }

  private static let profile = Array("ICC_PROFILE\0".utf8)
  private static let adobe = Array("Adobe".utf8)

  /// JFIF's fixed part with no preview, as a whole segment; nil for other uses of APP0.
  private static func jfif(_ body: ArraySlice<UInt8>) -> [UInt8]? {
    guard body.starts(with: Array("JFIF\0".utf8)), body.count >= 14 else { return nil }
    return [0xFF, 0xE0, 0, 16] + body.prefix(12) + [0, 0]
  }
}
