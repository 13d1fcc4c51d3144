import Foundation
import Testing

struct BlindnessRuleTests {
  private func program(_ name: String) throws -> String {
    let path = Repository.products.appending(path: name).path
    let isThere = FileManager.default.isExecutableFile(atPath: path)
    try #require(isThere, "\(path) is not built; scripts/test builds it, or swift build -c release --product \(name)")
    return path
  }

  private var vaultFunctions: Set<String> {
    let headers = Repository.files(in: "Sources/CPumpkiiOpenSSL/include", ["h"])
    return headers.reduce(into: []) { $0.formUnion(BlindnessRule.functions(in: $1.lines)) }
  }

  @Test func theRelayLinksNoLibcrypto() throws {
    let section = try BlindnessRule.output(of: "readelf", ["-d", "-W", program("pumpkii-relay")])
    #expect(section.contains("(NEEDED)"))
    #expect(BlindnessRule.libraries(in: section) == [])
  }

  @Test func theRelayContainsNothingOfTheVault() throws {
    let table = try BlindnessRule.output(of: "nm", [program("pumpkii-relay")])
    #expect(table.contains("12PumpkiiRelay"), "a stripped program shows nothing")
    #expect(!vaultFunctions.isEmpty)
    #expect(BlindnessRule.symbols(in: table, cFunctions: vaultFunctions) == [])
  }

  /// The same reading finds the vault where it must be; else the two tests above would prove nothing.
  @Test func thePeoplesProgramIsNotBlind() throws {
    let path = try program("pumpkii")
    let section = try BlindnessRule.output(of: "readelf", ["-d", "-W", path])
    let symbols = BlindnessRule.symbols(in: try BlindnessRule.output(of: "nm", [path]), cFunctions: vaultFunctions)
    #expect(!BlindnessRule.libraries(in: section).isEmpty)
    #expect(symbols.contains { $0.contains("PumpkiiVault") })
    #expect(!vaultFunctions.isDisjoint(with: symbols))
  }

  @Test func aForbiddenLibraryIsNoticed() {
    let section = """
       0x0000000000000001 (NEEDED)             Shared library: [libz.so.1]
       0x0000000000000001 (NEEDED)             Shared library: [libcrypto.so.3]
       0x000000000000000e (SONAME)             Library soname: [libssl.so.3]
      """
    #expect(BlindnessRule.libraries(in: section).count == 1)
  }

  @Test func aForbiddenSymbolIsNoticed() {
    let table = """
      0000000000a1b2c3 T $s12PumpkiiVault5EpochV6numbers6UInt32Vvg
      0000000000a1b2c4 t pumpkii_gcm_seal
      0000000000a1b2c5 T $s12PumpkiiRelay4RoomV
                       U EVP_EncryptUpdate
      """
    #expect(BlindnessRule.symbols(in: table, cFunctions: ["pumpkii_gcm_seal"]).count == 2)
  }

  @Test func functionsAreReadFromAHeader() {
    let header = [
      "#define PUMPKII_X(a) (a)", "/* not_me(a) */", "// nor_me(a)", "void *pumpkii_gcm_new(void);",
      "int pumpkii_gcm_seal(void *context, const uint8_t *key,", "                     size_t length);",
    ]
    #expect(BlindnessRule.functions(in: header) == ["pumpkii_gcm_new", "pumpkii_gcm_seal"])
  }
}
