internal import PumpkiiCapture

/// The head of a YUV4MPEG2 film, and its frames.
struct Y4MFile: FrameScanner {
  let format: VideoFormat
  private var window: FileWindow
  private var at: UInt64
  private let frameBytes: UInt64

  /// - Throws: ``SimulationError`` for a head that cannot be read, or for a film of fields, of more than 8 bits or with
  ///   other colours.
  init(_ file: SourceFile) throws(SimulationError) {
    window = FileWindow(file)
    guard let head = try Self.line(&window, from: 0) else { throw Self.damaged(file, "has no head") }
    at = UInt64(head.utf8.count + 1)
    format = try Self.parse(head, file)
    frameBytes = UInt64(Self.bytes(of: format))
  }

  mutating func next() throws(SimulationError) -> Range<UInt64>? {
    guard let line = try Self.line(&window, from: at) else { return nil }
    guard line == "FRAME" || line.hasPrefix("FRAME ") else {
      throw Self.damaged(window.file, "has something else where a frame must begin")
    }
    let start = at + UInt64(line.utf8.count + 1)
    guard start + frameBytes <= window.file.size else { return nil }
    at = start + frameBytes
    return start..<at
  }

  private static func line(_ window: inout FileWindow, from offset: UInt64) throws(SimulationError) -> String? {
    var bytes: [UInt8] = []
    while bytes.count < 1024, let byte = try window.byte(offset + UInt64(bytes.count)) {
      if byte == 0x0A { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(byte)
    }
    return nil
  }

  private static func parse(_ head: String, _ file: SourceFile) throws(SimulationError) -> VideoFormat {
    var format = VideoFormat(pixels: .yuv420, width: 0, height: 0, rate: .init(0, 1))
    for field in head.split(separator: " ").dropFirst() {
      let value = field.dropFirst()
      switch field.first {
      case "W": format.width = Int(value) ?? 0
      case "H": format.height = Int(value) ?? 0
      case "F": format.rate = ratio(value) ?? format.rate
      case "A": format.sampleAspect = ratio(value) ?? format.sampleAspect
      case "C": format.pixels = try pixels(value, file)
      case "I" where value != "p" && value != "?": throw unsupported(file, "is made of fields")
      case "X" where value == "COLORRANGE=FULL": format.fullRange = true
      default: break
      }
    }
    guard (2...16384).contains(format.width), (2...16384).contains(format.height) else {
      throw damaged(file, "states no size")
    }
    guard format.rate.value >= 0.1, format.rate.value <= 1000 else { throw damaged(file, "states no frame rate") }
    return format
  }

  private static func pixels(_ name: Substring, _ file: SourceFile) throws(SimulationError) -> VideoFormat.Pixels {
    switch name {
    case "420", "420jpeg", "420paldv", "420mpeg2": return .yuv420
    case "422": return .yuv422
    case "444": return .yuv444
    case "mono": return .grey
    default: throw unsupported(file, "has colours of kind \(name)")
    }
  }

  /// `30000:1001`; nil for the 0:0 that means unknown.
  private static func ratio(_ text: Substring) -> VideoFormat.Ratio? {
    let parts = text.split(separator: ":").map { UInt32($0) }
    guard parts.count == 2, let above = parts[0], let below = parts[1], above > 0, below > 0 else { return nil }
    return VideoFormat.Ratio(above, below)
  }

  private static func bytes(of format: VideoFormat) -> Int {
    let (halfWidth, halfHeight) = ((format.width + 1) / 2, (format.height + 1) / 2)
    let luma = format.width * format.height
    switch format.pixels {
    case .grey: return luma
    case .yuv422: return luma + 2 * halfWidth * format.height
    case .yuv444: return luma * 3
    default: return luma + 2 * halfWidth * halfHeight
    }
  }

  private static func damaged(_ file: SourceFile, _ what: String) -> SimulationError {
    SimulationError(.sourceDamaged, "\(file.path) \(what)", advice: Conversion(path: file.path).plain())
  }

  private static func unsupported(_ file: SourceFile, _ what: String) -> SimulationError {
    SimulationError(.sourceUnsupported, "\(file.path) \(what)", advice: Conversion(path: file.path).plain())
  }
}
