internal import PumpkiiAgent
internal import PumpkiiCapture
internal import PumpkiiChain
internal import PumpkiiV4L2
internal import PumpkiiWire

/// One camera for people and programs.
struct CameraListing: Encodable, Sendable {
  struct Format: Encodable, Sendable {
    let format: String
    let width: Int
    let height: Int
    let rates: [Double]
  }

  struct Choice: Encodable, Sendable {
    let format: String
    let width: Int
    let height: Int
    let rate: Double
    let reason: String
  }

  let id: String
  /// SHA-256 of what the camera says it can do; permissions bind to it.
  let capabilityHash: String?
  /// What `pumpkii permissions confirm camera` takes.
  let fingerprint: String
  let name: String
  let node: String
  let driver: String
  let kind: String
  let formats: [Format]
  let choice: Choice?
  let heldBy: [String]
  let problem: String?
  let advice: String?

  enum CodingKeys: String, CodingKey {
    case id, fingerprint, name, node, driver, kind, formats, choice
    case capabilityHash = "capability_hash"
    case heldBy = "held_by"
    case problem, advice
  }

  init(_ device: V4L2Device, _ directory: V4L2Directory) {
    id = device.identity.id
    capabilityHash = device.identity.capabilities.map { Hashes.sha256(Array($0.utf8)).hex }
    fingerprint = SensorFingerprint.of(device.identity)
    name = device.card
    node = device.path
    driver = device.driver
    kind = "\(device.kind)"
    heldBy = directory.holders(of: device.path)
    guard device.kind == .capture else {
      (formats, choice, problem, advice) = ([], nil, nil, device.advice)
      return
    }
    let inspection = V4L2Inspection(device)
    formats = inspection.offers.map {
      Format(format: $0.name, width: $0.width, height: $0.height, rates: $0.rates.map(\.value))
    }
    choice = inspection.choice.map {
      Choice(
        format: $0.offer.name, width: $0.offer.width, height: $0.offer.height, rate: $0.rate.value, reason: $0.reason)
    }
    problem = inspection.problem?.reason
    advice = inspection.problem?.advice
  }

  var text: String {
    var lines = [
      "camera      \(name)", "  id        \(id)", "  print     \(fingerprint)", "  node      \(node) (\(driver))",
    ]
    lines += held + offers
    if let choice {
      lines.append(
        "  choice    \(choice.format) \(choice.width)x\(choice.height) at \(Self.number(choice.rate)): \(choice.reason)"
      )
    }
    if let problem { lines.append("  problem   \(problem)") }
    if let advice { lines.append("            \(advice)") }
    return lines.joined(separator: "\n")
  }

  private var held: [String] { heldBy.isEmpty ? [] : ["  in use    by \(heldBy.joined(separator: ", "))"] }

  /// A line a format: `MJPG  1920x1080 30 24 15, 1280x720 30`.
  private var offers: [String] {
    var names: [String] = []
    for format in formats where !names.contains(format.format) { names.append(format.format) }
    return names.enumerated().map { place, name in
      let sizes = formats.filter { $0.format == name }.map {
        "\($0.width)x\($0.height) \($0.rates.map(Self.number).joined(separator: "/"))"
      }
      return (place == 0 ? "  offers    " : "            ") + name + "  " + sizes.joined(separator: ", ")
    }
  }

  private static func number(_ value: Double) -> String {
    let rounded = (value * 100).rounded() / 100
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }
}
