internal import PumpkiiCapture

/// Turns access units in Annex B into samples of a CMAF track, whoever coded them, and keeps the parameter sets.
///
/// The sets found before the first IDR go into the header and are taken out of the samples. Later ones that describe
/// the same pictures stay in the samples (cameras that number their sets anew at each IDR); ones that describe
/// others make another header.
package struct H264Packager {
  /// One access unit, its NAL units behind lengths of four bytes.
  package struct Sample: Equatable {
    /// What goes into `mdat`.
    package let bytes: [UInt8]
    /// True when decoding may begin here.
    package let idr: Bool
  }

  /// What goes into the header.
  private(set) var description: TrackDescription?
  /// The newest IDR access unit with its parameter sets in Annex B, for photos.
  package private(set) var newestIDR: [UInt8]?
  private var sequences: [Int: (unit: [UInt8], parameters: SequenceParameters)] = [:]
  private var pictures: [Int: (unit: [UInt8], parameters: PictureParameters)] = [:]
  private var headerSets: Set<[UInt8]> = []
  private var started = false

  /// Nothing is known of the stream yet.
  package init() {}

  /// The parameters of the sequence that is described.
  package var parameters: SequenceParameters? { sequences.min { $0.key < $1.key }?.value.parameters }

  /// - Returns: nil for an access unit that nobody can decode: without a picture, or before the first IDR.
  /// - Throws: ``MediaError`` `badPicture`, `reordered` or `interlaced`.
  package mutating func sample(_ unit: [UInt8]) throws(MediaError) -> Sample? {
    var content = Content()
    for range in AnnexB.units(unit) { try take(unit[range], of: unit, range, into: &content) }
    guard content.firstSlices == 1 else {
      guard content.firstSlices > 1 else { return nil }
      throw MediaError(
        .badPicture, "a frame of the camera holds \(content.firstSlices) pictures",
        advice: "Fields or several pictures in one buffer cannot be passed through.")
    }
    if content.idr { try begin(content) }
    guard started else { return nil }
    if content.idr { newestIDR = annexB(content) }
    return Sample(bytes: lengthPrefixed(content), idr: content.idr)
  }

  private struct Content {
    /// Parameter sets of this access unit, then the rest.
    var sets: [[UInt8]] = []
    var rest: [ArraySlice<UInt8>] = []
    var firstSlices = 0
    var idr = false
    var changed = false
  }

  private mutating func take(
    _ slice: ArraySlice<UInt8>, of unit: [UInt8], _ range: Range<Int>, into content: inout Content
  ) throws(MediaError) {
    let type = AnnexB.type(of: unit[range.lowerBound])
    switch type {
    case AnnexB.UnitType.sequence:
      let parameters = try SequenceParameters(unit: slice)
      try refuse(parameters)
      if let known = parametersOfHeader, started, !parameters.showsLike(known) { content.changed = true }
      sequences[parameters.id] = (Array(slice), parameters)
      content.sets.append(Array(slice))
    case AnnexB.UnitType.picture:
      let parameters = try PictureParameters(unit: slice)
      pictures[parameters.id] = (Array(slice), parameters)
      content.sets.append(Array(slice))
    case AnnexB.UnitType.slice...AnnexB.UnitType.idr:
      if AnnexB.hasHead(type) { try refuseOrder(of: slice) }
      if AnnexB.isFirstSlice(unit, range) { content.firstSlices += 1 }
      content.idr = content.idr || type == AnnexB.UnitType.idr
      content.rest.append(slice)
    case AnnexB.UnitType.information:
      content.rest.append(slice)
    default:
      // Delimiters, fillers and end marks mean nothing in a container.
      break
    }
  }

  private var parametersOfHeader: SequenceParameters? {
    guard case .h264(let units, _)? = description?.entry, let first = units.first else { return nil }
    return try? SequenceParameters(unit: first[...])
  }

  /// At an IDR: makes the header when there is none, or when the pictures are others.
  private mutating func begin(_ content: Content) throws(MediaError) {
    guard !started || content.changed else { return }
    if content.changed {
      // What the old sets said is over; only those of this access unit hold.
      sequences = sequences.filter { content.sets.contains($0.value.unit) }
      pictures = pictures.filter { content.sets.contains($0.value.unit) }
    }
    guard !sequences.isEmpty, !pictures.isEmpty, let shown = parameters else { return }
    let sequence = sequences.sorted { $0.key < $1.key }.map { $0.value.unit }
    let picture = pictures.sorted { $0.key < $1.key }.map { $0.value.unit }
    headerSets = Set(sequence + picture)
    description = TrackDescription(
      entry: .h264(sequence: sequence, picture: picture), width: shown.width, height: shown.height,
      aspect: (shown.sampleAspect.numerator, shown.sampleAspect.denominator), colour: shown.colour)
    started = true
  }

  private func lengthPrefixed(_ content: Content) -> [UInt8] {
    var writer = BoxWriter()
    for set in content.sets where !headerSets.contains(set) {
      writer.write(UInt32(set.count))
      writer.write(set)
    }
    for unit in content.rest {
      writer.write(UInt32(unit.count))
      writer.write(unit)
    }
    return writer.bytes
  }

  private func annexB(_ content: Content) -> [UInt8] {
    let sets = sequences.values.map(\.unit) + pictures.values.map(\.unit)
    return (sets.map { $0[...] } + content.rest).reduce(into: []) { $0 += [0, 0, 0, 1] + $1 }
  }

  private func refuse(_ parameters: SequenceParameters) throws(MediaError) {
    if let reordered = parameters.reorderedFrames, reordered > 0 { throw Self.reordered }
    if parameters.adaptiveFields { throw Self.interlaced }
  }

  private func refuseOrder(of slice: ArraySlice<UInt8>) throws(MediaError) {
    let head = try SliceHead(unit: slice) { set in
      pictures[set].flatMap { sequences[$0.parameters.sequence]?.parameters }
    }
    if head.isBidirectional { throw Self.reordered }
    if head.isField { throw Self.interlaced }
  }

  private static let reordered = MediaError(
    .reordered, "the H.264 stream has B frames, so its frames do not come in the order they are shown",
    advice: "Turn B frames off in the camera, or make the file right with: "
      + "ffmpeg -i INPUT -an -c:v libx264 -bf 0 -g 50 -pix_fmt yuv420p -f h264 OUTPUT.h264")

  private static let interlaced = MediaError(
    .interlaced, "the H.264 stream is interlaced",
    advice: "Set the camera to progressive, or make the file right with: "
      + "ffmpeg -i INPUT -an -vf yadif -c:v libx264 -bf 0 -g 50 -pix_fmt yuv420p -f h264 OUTPUT.h264")
}

extension SequenceParameters {
  /// True when a decoder that was started for one set may go on with the other.
  fileprivate func showsLike(_ other: SequenceParameters) -> Bool {
    width == other.width && height == other.height && profile == other.profile && level == other.level
      && chroma == other.chroma && lumaBits == other.lumaBits && chromaBits == other.chromaBits
      && sampleAspect == other.sampleAspect && colour == other.colour
  }
}
