import Foundation

/// One run of `scripts/lib/local-only.sh`, in a folder of its own.
struct LocalOnlyRun {
  /// A port of the namespace, where nobody else is.
  static let previewPort = 8080

  static let root = {
    var folder = URL(filePath: #filePath)
    for _ in 0..<4 { folder.deleteLastPathComponent() }
    return folder.path
  }()

  /// Whether a network namespace can be made here, and a program traced in it.
  static let canIsolate: Bool = {
    let probe = "ip link set lo up && ip link add out type veth peer name beyond && strace -qq -o /dev/null true"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["unshare", "-rn", "bash", "-c", probe]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  private let folder = NSTemporaryDirectory() + "pumpkii-alone-\(UUID().uuidString)"

  init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

  func path(_ name: String) -> String { "\(folder)/\(name)" }
  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  /// A board that is its own owner, and looks, listens, records and shows.
  func setUp() async throws {
    let flags = ["sensor.camera", "sensor.microphone", "record.local", "detect.motion", "detect.sound"]
    let answers = flags.map { $0 + "=allow\n" }.joined()
    try answers.write(toFile: path("answers"), atomically: true, encoding: .utf8)
    let arguments = ["setup", "--local", "--board", path("board"), "--answers", path("answers")]
    try await Tool.run(AgentProcess.path, arguments)
    try """
    preview: {listen: "127.0.0.1:\(Self.previewPort)"}
    photo: {interval_seconds: 1}
    """.write(toFile: path("board/agent.yaml"), atomically: true, encoding: .utf8)
  }

  func start(port: Int, _ options: [String]) async throws {
    let profile = "\(Self.root)/devices/pattern.yaml"
    try await Tool.run(
      "\(Self.root)/scripts/lib/local-only.sh",
      [AgentProcess.path, folder, "\(port)"] + options + ["--profile", profile])
  }

  func trace() throws -> NetworkTrace { NetworkTrace(try String(contentsOfFile: path("trace"), encoding: .utf8)) }

  /// Packets of each interface, both ways.
  func packets() throws -> [String: Int] {
    var result: [String: Int] = [:]
    for line in try String(contentsOfFile: path("interfaces"), encoding: .utf8).split(separator: "\n").dropFirst(2) {
      let parts = line.split(separator: ":", maxSplits: 1)
      let numbers = parts[1].split(separator: " ").compactMap { Int($0) }
      result[parts[0].trimmingCharacters(in: .whitespaces)] = numbers[1] + numbers[9]
    }
    return result
  }
}

/// Where a program's network calls went, as `strace -e trace=network` wrote them down.
struct NetworkTrace {
  /// Calls that name an address, and may send to it or hear from it.
  private static let calls = ["connect(", "bind(", "sendto(", "sendmsg(", "sendmmsg("]

  /// Lines of calls that name anything but a Unix socket and loopback.
  let beyond: [String]
  /// Every IP address that was named.
  let addresses: Set<String>

  init(_ text: String) {
    var (beyond, addresses): ([String], Set<String>) = ([], [])
    for line in text.split(separator: "\n").map(String.init) where Self.calls.contains(where: line.contains) {
      let named = line.matches(of: /(?:inet_addr\(|inet_pton\(AF_INET6, )"([^"]+)"/).map { String($0.1) }
      addresses.formUnion(named)
      let families = line.matches(of: /sa_family=(AF_[A-Z0-9]+)/).map { String($0.1) }
      // By AF_NETLINK the C library asks this machine's own kernel which kinds of addresses it has.
      let isForeign = families.contains { !["AF_UNIX", "AF_NETLINK", "AF_INET", "AF_INET6"].contains($0) }
      if isForeign || !named.allSatisfy({ $0.hasPrefix("127.") || $0 == "::1" }) { beyond.append(line) }
    }
    (self.beyond, self.addresses) = (beyond, addresses)
  }
}
