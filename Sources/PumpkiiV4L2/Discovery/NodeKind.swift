internal import CPumpkiiV4L2

/// Tells what a node is for. Globbing `/dev/video*` finds a dozen nodes on a Raspberry Pi, none of them a camera.
enum NodeKind {
  /// Receivers of bare sensors: their pictures are Bayer mosaics, or their pipeline is set up elsewhere.
  private static let receivers: Set<String> = [
    "unicam", "bcm2835-unicam", "rp1-cfe", "rkisp1", "rkisp", "rkcif", "sun6i-csi", "sun4i-csi", "sun6i-isp",
    "qcom-camss", "imx7-csi", "mxc-isi", "omap3isp", "ipu3-cio2", "intel-ipu6", "j721e-csi2rx", "starfive-camss",
  ]
  private static let encoders: Set<String> = ["bcm2835-codec", "hantro-vpu", "rkvdec", "coda", "s5p-mfc", "vicodec"]

  /// What to do with a raw sensor.
  static let advice =
    "A bare sensor wants libcamera's image processing: use `--camera rpicam`, from the package rpicam-apps."

  /// - Parameters:
  ///   - flags: the node's own capabilities (`device_caps`).
  ///   - driver: as QUERYCAP says.
  ///   - formats: the pixel formats it lists, empty where nobody asked; of a USB camera nobody does, as it has its
  ///     processor inside, whatever it sends.
  static func kind(flags: UInt32, driver: String, formats: [UInt32]) -> V4L2Device.Kind {
    func has(_ flag: some BinaryInteger) -> Bool { flags & UInt32(truncatingIfNeeded: flag) != 0 }
    let captures = has(V4L2_CAP_VIDEO_CAPTURE) || has(V4L2_CAP_VIDEO_CAPTURE_MPLANE)
    let shows = has(V4L2_CAP_VIDEO_OUTPUT) || has(V4L2_CAP_VIDEO_OUTPUT_MPLANE)
    // Older memory-to-memory drivers say both directions instead.
    if has(V4L2_CAP_VIDEO_M2M) || has(V4L2_CAP_VIDEO_M2M_MPLANE) || (captures && shows) { return .memoryToMemory }
    // Asked before metadata: nodes of rp1-cfe are made for both.
    if captures {
      let isRaw = has(V4L2_CAP_IO_MC) || (formats.isEmpty ? receivers.contains(driver) : formats.allSatisfy(isBayer))
      return isRaw ? .rawSensor(advice: advice) : .capture
    }
    return has(V4L2_CAP_META_CAPTURE) || has(V4L2_CAP_META_OUTPUT) ? .metadata : .output
  }

  /// The best guess for a node that cannot be opened.
  static func guess(_ facts: NodeFacts) -> V4L2Device.Kind {
    if encoders.contains(facts.driver) { return .memoryToMemory }
    if receivers.contains(facts.driver) { return .rawSensor(advice: advice) }
    // The driver makes nodes in pairs, pictures and their metadata.
    if facts.driver == "uvcvideo" { return facts.index % 2 == 0 ? .capture : .metadata }
    if facts.name.hasSuffix("-out") { return .output }
    return facts.name.contains("-meta-") ? .metadata : .capture
  }

  /// The four characters say it: `BA81`, `GRBG`, `RG10`, `pgAA`. All Bayer formats are named by two colours and a
  /// depth.
  static func isBayer(_ fourcc: UInt32) -> Bool {
    let text = String(decoding: (0..<4).map { UInt8(truncatingIfNeeded: fourcc >> ($0 * 8)) }, as: UTF8.self)
    if ["BA81", "GBRG", "GRBG", "RGGB", "BYR2"].contains(text) { return true }
    let (colours, depth) = (text.prefix(2), text.suffix(2))
    if ["BG", "GB", "BA", "GR", "RG"].contains(colours) { return ["10", "12", "14", "16"].contains(depth) }
    // Packed (`pBAA`, `pgCC`), DPCM (`bBA8`) and A-law (`aGA8`).
    return ["pB", "pG", "pg", "pR", "bB", "bG", "bg", "aB", "aG", "ag", "aR"].contains(colours)
      && ["AA", "CC", "EE", "A8", "G8", "R8", "g8"].contains(depth)
  }
}
