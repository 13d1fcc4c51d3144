internal import CPumpkiiOpenSSL
internal import FoundationEssentials

/// What was measured, as a table for people and JSON for programs.
struct SealReport: Encodable {
  struct Size: Encodable {
    let bytes: Int
    let bareGBs: Double
    let sealGBs: Double
    /// Against a bare loop over the same memory: the figure with a goal.
    let sealShareOfBare: Double
    /// Against one that encrypts in place and so touches half the memory.
    let sealShareOfBareInPlace: Double
    let sealMicroseconds: Double
    let sealAndSignMicroseconds: Double
    /// The share that the design asks for, nil where it asks for none.
    let goal: Double?
  }

  struct Signatures: Encodable {
    let swiftCryptoSignMicroseconds: Double
    let swiftCryptoVerifyMicroseconds: Double
    let libcryptoSignMicroseconds: Double
    let libcryptoVerifyMicroseconds: Double
  }

  let libcrypto: String
  let sizes: [Size]
  let signatures: Signatures

  static func run(rounds: Int) throws -> SealReport {
    let goals = [1_000: Double?.none, 20_000: 0.88, 100_000: 0.95]
    let sizes = try goals.keys.sorted().map { try size($0, goal: goals[$0] ?? nil, rounds: rounds) }
    let version = unsafe String(cString: pumpkii_libcrypto_version())
    return SealReport(libcrypto: version, sizes: sizes, signatures: try signatures(rounds: rounds))
  }

  private static func size(_ bytes: Int, goal: Double?, rounds: Int) throws -> Size {
    let contenders = try SealContenders(size: bytes)
    let measured = try Measurement(
      rounds: rounds,
      [
        ("bare", { contenders.update($0) }), ("seal", { try contenders.seal($0) }),
        ("seal and sign", { try contenders.sealAndSign($0) }), ("in place", { contenders.updateInPlace($0) }),
      ])
    let turns = measured.turns
    return Size(
      bytes: bytes, bareGBs: Measurement.median(turns[0].bytesPerNanosecond),
      sealGBs: Measurement.median(turns[1].bytesPerNanosecond), sealShareOfBare: measured.share(1, of: 0),
      sealShareOfBareInPlace: measured.share(1, of: 3),
      sealMicroseconds: Measurement.median(turns[1].nanosecondsPerUnit) / 1000,
      sealAndSignMicroseconds: Measurement.median(turns[2].nanosecondsPerUnit) / 1000, goal: goal)
  }

  private static func signatures(rounds: Int) throws -> Signatures {
    let contenders = try SignatureContenders()
    let measured = try Measurement(
      rounds: rounds,
      [
        ("sign", { try contenders.sign($0) }), ("verify", { contenders.verify($0) }),
        ("libcrypto sign", { contenders.signByLibcrypto($0) }),
        ("libcrypto verify", { contenders.verifyByLibcrypto($0) }),
      ])
    let costs = measured.turns.map { Measurement.median($0.nanosecondsPerUnit) / 1000 }
    return Signatures(
      swiftCryptoSignMicroseconds: costs[0], swiftCryptoVerifyMicroseconds: costs[1],
      libcryptoSignMicroseconds: costs[2], libcryptoVerifyMicroseconds: costs[3])
  }

  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      encoder.keyEncodingStrategy = .convertToSnakeCase
      return try String(decoding: encoder.encode(self), as: UTF8.self)
    }
  }

  var table: String {
    var lines = ["\(libcrypto), per CPU second, medians of interleaved turns", ""]
    lines.append(Self.row(["object", "bare update", "seal", "share", "goal", "in place", "seal", "seal and sign"]))
    for size in sizes {
      lines.append(
        Self.row([
          "\(size.bytes) B", Self.text(size.bareGBs) + " GB/s", Self.text(size.sealGBs) + " GB/s",
          Self.text(size.sealShareOfBare), size.goal.map { Self.text($0) } ?? "-",
          Self.text(size.sealShareOfBareInPlace),
          Self.text(size.sealMicroseconds) + " us", Self.text(size.sealAndSignMicroseconds) + " us",
        ]))
    }
    lines.append("")
    lines.append(Self.row(["Ed25519", "sign", "verify"]))
    lines.append(
      Self.row([
        "swift-crypto", Self.text(signatures.swiftCryptoSignMicroseconds) + " us",
        Self.text(signatures.swiftCryptoVerifyMicroseconds) + " us",
      ]))
    lines.append(
      Self.row([
        "libcrypto", Self.text(signatures.libcryptoSignMicroseconds) + " us",
        Self.text(signatures.libcryptoVerifyMicroseconds) + " us",
      ]))
    return lines.joined(separator: "\n")
  }

  private static func row(_ cells: [String]) -> String {
    cells.map { $0 + String(repeating: " ", count: max(1, 15 - $0.count)) }.joined()
  }

  /// Two decimals.
  private static func text(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}
