import Foundation
import PumpkiiPolicy
import Testing

@Suite struct InventoryTests {
  static func places(_ holder: Inventory.Field.Holder) -> Set<String> {
    Set(
      Inventory.fields.filter { $0.holder == holder }
        .flatMap { $0.place.components(separatedBy: ", ") }.map { $0.components(separatedBy: ", or ")[0] })
  }

  @Test func everyTableOfTheRelayIsInIt() throws {
    var tables: [String] = []
    for file in try Tree.swiftFiles("Sources/PumpkiiRelay/Store") {
      tables += try Tree.matches(#"CREATE TABLE (\w+)"#, in: Tree.text(file))
    }
    #expect(tables.count >= 6)
    for table in tables { #expect(Self.places(.relay).contains("table \(table)"), "table \(table)") }
  }

  /// Names of files that the code of a program puts together from its folder.
  static func files(in folder: String) throws -> Set<String> {
    var names: Set<String> = []
    // The doctor's files are the kernel's, which it reads.
    for file in try Tree.swiftFiles(folder) where !file.contains("/Doctor/") {
      let text = try Tree.text(file)
      names.formUnion(try Tree.matches(#""\\\((?:folder|home|keysFolder|home\.folder)\)/([a-z][\w.-]*)""#, in: text))
      names.formUnion(try Tree.matches(#"home\.(?:read|write)\((?:[^"\n]*, )?"([\w.-]+)"\)"#, in: text))
      names.formUnion(try Tree.matches(#"static let (?:certificateFile|keyFile|name) = "([a-z][\w.-]*)""#, in: text))
    }
    return names
  }

  @Test(arguments: [
    ("Sources/PumpkiiAgent", Inventory.Field.Holder.agent, 8), ("Sources/PumpkiiClient/Home", .client, 5),
    ("Sources/PumpkiiRelay/Service", .relay, 3),
  ])
  func everyFileOfAFolderIsInIt(folder: String, holder: Inventory.Field.Holder, least: Int) throws {
    let files = try Self.files(in: folder)
    #expect(files.count >= least, "\(files)")
    let known = Set(Self.places(holder).flatMap { $0.split(separator: "/").map(String.init) })
    for file in files { #expect(known.contains(file), "\(folder) keeps \(file)") }
  }

  @Test func filesOfAccountsAndCamerasAreInIt() throws {
    let text = try Tree.text("Sources/PumpkiiClient/Home/HomeFiles.swift")
    let cameras = try Tree.matches(#"\\\(cameras\)/\\\(device\.hex\)/([\w.]+)""#, in: text)
    #expect(cameras.count == 3)
    for file in cameras { #expect(Self.places(.client).contains("HOME/cameras/DEVICE/\(file)")) }
    for holder in [Inventory.Field.Holder.agent, .client] {
      #expect(Self.places(holder).contains("HOME/accounts/ACCOUNT.chain"))
    }
  }

  @Test func everyFieldSaysEverythingAndRestsOnAFlagOfItsPurposeOrAClause() {
    for field in Inventory.fields {
      for text in [field.name, field.place, field.contents, field.retention, field.receivers] {
        #expect(!text.isEmpty && !text.contains("|"), "\(field.name)")
      }
      #expect(field.contents.hasSuffix("."))
      switch field.basis {
      case .flag(let flag): #expect(field.purpose == flag.purpose, "\(field.name) against \(flag.rawValue)")
      case .clause(let id): #expect(Clauses.clause(id) != nil)
      }
      #expect(Purpose.allCases.filter(field.serves) == [field.purpose])
    }
    let keys = Inventory.fields.map { "\($0.holder) \($0.name)" }
    #expect(Set(keys).count == keys.count)
  }

  @Test(arguments: Flag.allCases) func everyFlagHasTheFieldsItIsAbout(_ flag: Flag) {
    // The microphone's and control's fields are those of what is shared of them.
    guard flag != .sensorMicrophone else { return }
    #expect(Inventory.fields.contains { $0.basis == .flag(flag) }, "\(flag.rawValue) is about no field")
  }

  @Test func reportsOfTheEnvironmentAreAClosedList() {
    for holder in [Inventory.Field.Holder.agent, .client] {
      let fields = Inventory.fields.filter { $0.holder == holder && $0.basis == .flag(.diagnosticsEnvironment) }
      #expect(fields.map(\.name) == Inventory.environment)
    }
    #expect(Inventory.environment == ["language", "device_type", "os_version"])
  }
}
