import Foundation
import PumpkiiSystem
import PumpkiiVault
import PumpkiiWire
import Testing

/// An epoch number is on the disk before anybody has it.
struct EpochLedgerTests: ~Copyable {
  private let folder: URL
  private var path: String { folder.appending(path: "epoch").path }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "pumpkii-ledger-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  @Test func numbersRise() throws {
    #expect(try EpochLedger.last(path: path) == nil)
    #expect(try EpochLedger.reserve(path: path).value == 1)
    #expect(try EpochLedger.reserve(path: path).value == 2)
    #expect(try EpochLedger.reserve(path: path, atLeast: 90).value == 90)
    #expect(try EpochLedger.reserve(path: path, atLeast: 5).value == 91)
    #expect(try EpochLedger.last(path: path) == 91)
  }

  private struct Crash: Error {}

  /// Where a process can die while it reserves: before the write, in the middle of the file beside, before the rename,
  /// after it.
  @Test(arguments: 0..<4)
  func aCrashAtAnyPointGivesNoNumberTwice(_ point: Int) throws {
    var given: [UInt32] = []
    for round in 0..<6 {
      let number = try? EpochLedger.reserve(path: path) { bytes, path throws in
        guard round.isMultiple(of: 2) else { return try DurableFile.write(bytes, to: path) }
        if point == 1 { try Data(bytes.prefix(9)).write(to: URL(filePath: path + ".new.1")) }
        if point == 2 { try Data(bytes).write(to: URL(filePath: path + ".new.1")) }
        if point == 3 { try DurableFile.write(bytes, to: path) }
        throw Crash()
      }.value
      if let number { given.append(number) }
    }
    #expect(given.count == 3)
    #expect(given == given.sorted() && Set(given).count == 3)
  }

  @Test func aFailedWriteIsANamedError() throws {
    let path = path
    #expect(throws: VaultError(.storage, "")) { _ = try EpochLedger.reserve(path: path + "/none/epoch") }
    #expect(throws: VaultError(.storage, "")) { _ = try EpochLedger.reserve(path: path) { _, _ in throw Crash() } }
  }

  @Test(arguments: [
    "", "pumpkii/1 epoch\n", "pumpkii/1 epoch\n07\n", "pumpkii/1 epoch\n7", "7\n", "pumpkii/1 epoch\n-1\n",
  ])
  func aDamagedFileIsNoFreshStart(_ text: String) throws {
    let path = path
    try Data(text.utf8).write(to: URL(filePath: path))
    #expect(throws: VaultError(.malformed, "")) { _ = try EpochLedger.reserve(path: path) }
  }

  @Test func theLastNumberIsTheLast() throws {
    let path = path
    try Data("pumpkii/1 epoch\n4294967295\n".utf8).write(to: URL(filePath: path))
    #expect(throws: VaultError(.counterExhausted, "")) { _ = try EpochLedger.reserve(path: path) }
  }

  @Test func nothingIsAboveTheLastNumber() throws {
    let path = path
    #expect(try EpochLedger.reserve(path: path, above: 6).value == 7)
    #expect(throws: VaultError(.counterExhausted, "")) { _ = try EpochLedger.reserve(path: path, above: .max) }
    #expect(try EpochLedger.last(path: path) == 7)
  }

  /// Links that lie where the file beside would be written are no way to have another file overwritten.
  @Test func aLinkInTheWayIsNotFollowed() throws {
    let victim = folder.appending(path: "victim").path
    try Data("whole".utf8).write(to: URL(filePath: victim))
    let beside = "\(path).new.\(ProcessInfo.processInfo.processIdentifier)"
    for name in [beside] + (0..<4096).map({ "\(beside).\($0)" }) {
      try FileManager.default.createSymbolicLink(atPath: name, withDestinationPath: victim)
    }
    try DurableFile.write([1, 2], to: path)
    #expect(try DurableFile.read(victim) == Array("whole".utf8))
    #expect(try DurableFile.read(path) == [1, 2])
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType == .typeRegular)
  }

  @Test func anEpochThatWasNeverBegunIsAClone() throws {
    let path = path
    try EpochLedger.checkNewest(12, path: path)
    _ = try EpochLedger.reserve(path: path, atLeast: 12)
    try EpochLedger.checkNewest(12, path: path)
    #expect(throws: VaultError(.clone, "")) { try EpochLedger.checkNewest(13, path: path) }
  }

  /// Kills a device that starts over and over, at any instant, and looks for anything that it sealed twice.
  @Test(.enabled(if: Probe.exists, "pumpkii-bench is built beside the tests"))
  func killedDevicesNeverRepeatACounter() async throws {
    var seen: Set<String> = []
    var epochs: [String: String] = [:]
    var lines = 0
    for round in 0..<12 {
      for line in try Probe.run(path: path, lines: 1 + round * 3) {
        let parts = line.split(separator: " ").map(String.init)
        guard parts.count == 3, let kid = UInt64(parts[0]) else { continue }
        #expect(seen.insert("\(kid) \(parts[1])").inserted, "KID \(kid) index \(parts[1]) came twice")
        let epoch = String(kid >> 32)
        #expect(epochs[epoch, default: parts[2]] == parts[2], "epoch \(epoch) was begun twice")
        epochs[epoch] = parts[2]
        lines += 1
      }
    }
    #expect(lines >= 12)
    #expect(Set(epochs.values).count == epochs.count)
  }
}

/// The benchmark's program in the mode that does nothing but start over.
enum Probe {
  static let program: URL = {
    let test = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
    let near = test.appending(path: "pumpkii-bench")
    guard !FileManager.default.isExecutableFile(atPath: near.path) else { return near }
    let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL
    return (bundle ?? test).deletingLastPathComponent().appending(path: "pumpkii-bench")
  }()

  static var exists: Bool { FileManager.default.isExecutableFile(atPath: program.path) }

  /// Runs until so many lines came, kills with SIGKILL and returns every whole line that was said.
  static func run(path: String, lines wanted: Int) throws -> [String] {
    let process = Process()
    process.executableURL = program
    process.arguments = ["ledger", path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    var bytes: [UInt8] = []
    while bytes.count(where: { $0 == 0x0a }) < wanted {
      let more = pipe.fileHandleForReading.availableData
      if more.isEmpty { break }
      bytes += more
    }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    bytes += try pipe.fileHandleForReading.readToEnd() ?? Data()
    let whole = bytes.prefix((bytes.lastIndex(of: 0x0a) ?? -1) + 1)
    return String(decoding: whole, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
