internal import CPumpkiiV4L2
internal import PumpkiiCapture

extension M2MDevice {
  /// Asks for both formats and judges the answers.
  func negotiate() throws(M2MFailure) {
    // A large picture's first IDR may need most of a byte a pixel; too small a buffer stops firmware for good.
    let size = max(512 << 10, format.width * format.height * 3 / 4)
    let coded = encoder.coding.fourcc
    _ = try M2MFailure.attempt { () throws(CallError) in
      try handle.setFormat(queues.coded, fourcc: coded, width: format.width, height: format.height, sizeImage: size)
    }
    raw = try rawFormat()
    var answer = try M2MFailure.attempt { () throws(CallError) in try handle.currentFormat(queues.coded) }
    if answer.fourcc == coded, (answer.planes.first?.size ?? 0) < size {
      answer = try M2MFailure.attempt { () throws(CallError) in
        try handle.setFormat(queues.coded, fourcc: coded, width: raw.width, height: raw.height, sizeImage: size)
      }
      raw = try M2MFailure.attempt { () throws(CallError) in try handle.currentFormat(queues.raw) }
    }
    guard answer.fourcc == coded else { throw M2MFailure("it does not give the format it listed") }
    try judgeSize()
    try lay()
  }

  private func rawFormat() throws(M2MFailure) -> NodeFormat {
    let wanted = RawLayout.fourccs(format.pixels).filter {
      encoder.fourccs.contains($0) && (!isForeign || PixelTable.planes(of: $0) == settings.lentPlanes)
    }
    for fourcc in wanted {
      let answer = try M2MFailure.attempt { () throws(CallError) in
        try handle.setRawFormat(queues.raw, fourcc: fourcc, for: format, stride: format.bytesPerLine)
      }
      if answer.fourcc == fourcc { return answer }
    }
    let planes = isForeign ? " in \(settings.lentPlanes) planes" : ""
    throw M2MFailure("it takes no \(format.pixels.rawValue)\(planes)")
  }

  /// A driver may round sizes up to what its hardware likes; the picture is cropped out of them, or refused.
  private func judgeSize() throws(M2MFailure) {
    guard raw.width >= format.width, raw.height >= format.height else {
      throw M2MFailure("it takes at most \(raw.width)×\(raw.height), not \(format.width)×\(format.height)")
    }
    let cropped = handle.crop(queues.raw, width: format.width, height: format.height)
    let isExact = (raw.width, raw.height) == (format.width, format.height)
    if let cropped, cropped == (format.width, format.height) { return }
    guard isExact, cropped == nil else {
      let answer = cropped ?? (raw.width, raw.height)
      throw M2MFailure("it would code \(answer.width)×\(answer.height), not \(format.width)×\(format.height)")
    }
  }

  private func lay() throws(M2MFailure) {
    guard
      let target = RawLayout(
        format.pixels, width: format.width, height: format.height, memory: raw.planes.map(\.bytesPerLine),
        lines: raw.height),
      zip(target.needed, raw.planes).allSatisfy({ $0 <= $1.size }), target.needed.count == raw.planes.count
    else { throw M2MFailure("its buffers are too small for what its format says") }
    layout = target
    guard isForeign else { return }
    guard let own = RawLayout(format.pixels, width: format.width, height: format.height, stride: format.bytesPerLine)
    else { throw M2MFailure("it takes no \(format.pixels.rawValue)") }
    // The camera's buffers go in as they are, so that lines and planes must lie where the encoder expects them.
    let fits = zip(own.planes, target.planes).allSatisfy {
      $0.stride == $1.stride && ($0.offset == $1.offset || target.needed.count > 1)
    }
    guard fits else {
      throw M2MFailure(
        "its lines have \(target.planes[0].stride) bytes in \(raw.height) rows, the camera's \(own.planes[0].stride)")
    }
  }
}
