import Foundation
import PumpkiiAgent
import Testing

extension EndToEnd {
  /// A board without an account speaks to nobody: counted from outside, by its system calls and by the packets of an
  /// interface that would carry them.
  @Suite struct LocalOnlyTests {
    private static let canIsolate = LocalOnlyRun.canIsolate

    @Test(
      .timeLimit(.minutes(10)), .enabled(if: AgentProcess.exists, "the pumpkii program is not built beside the tests"),
      .enabled(if: canIsolate, "this machine lets nobody make a network namespace or trace a program there"))
    func aBoardThatIsItsOwnOwnerReachesNothingButLoopback() async throws {
      let run = try LocalOnlyRun()
      defer { run.remove() }
      try await run.setUp()
      try await run.start(port: LocalOnlyRun.previewPort, ["--home", run.path("board")])
      let trace = try run.trace()
      #expect(trace.beyond == [])
      #expect(trace.addresses.contains("127.0.0.1"), "the preview listens")
      let interfaces = try run.packets()
      #expect(interfaces["out"] == 0)
      #expect(interfaces.filter { $0.key != "lo" }.values.allSatisfy { $0 == 0 }, "\(interfaces)")
      #expect(interfaces["lo", default: 0] > 0, "the preview was read")
      for name in ["preview.mp4", "snapshot.jpg"] {
        #expect(FileManager.default.fileExists(atPath: run.path(name)), "\(name)")
      }
    }

    @Test(
      .timeLimit(.minutes(10)), .enabled(if: AgentProcess.exists, "the pumpkii program is not built beside the tests"),
      .enabled(if: canIsolate, "this machine lets nobody make a network namespace or trace a program there"))
    func anAgentWithARelayIsSeenByTheSameCount() async throws {
      let run = try LocalOnlyRun()
      defer { run.remove() }
      let pin = String(repeating: "01", count: 32)
      try await run.start(port: 0, ["--home", run.path("paired"), "--relay", "https://192.0.2.1:8443", "--pin", pin])
      #expect(try run.trace().beyond.contains { $0.contains("192.0.2.1") })
      #expect(try run.packets()["out", default: 0] > 0)
    }

    @Test func whatLeavesIsFoundInATrace() {
      let trace = NetworkTrace(
        """
        11 socket(AF_UNIX, SOCK_STREAM, 0) = 3
        11 connect(3, {sa_family=AF_UNIX, sun_path="/run/x"}, 110) = 0
        11 bind(4, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}, 16) = 0
        12 connect(5, {sa_family=AF_INET6, sin6_port=htons(1), inet_pton(AF_INET6, "::1", &sin6_addr)}, 28) = 0
        12 accept4(4, {sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("127.0.0.1")}, [16], 0) = 7
        12 sendto(7, "HTTP", 4, 0, NULL, 0) = 4
        """)
      #expect(trace.beyond == [])
      let leaks = [
        #"1 connect(5, {sa_family=AF_INET, sin_addr=inet_addr("192.0.2.7")}, 16) = -1 ENETUNREACH"#,
        #"1 sendto(5, "", 1, 0, {sa_family=AF_INET6, inet_pton(AF_INET6, "2001:db8::1", &a)}, 28 <unfinished ...>"#,
        #"1 bind(5, {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr("0.0.0.0")}, 16) = 0"#,
        #"1 sendmmsg(5, [{msg_hdr={msg_name={sa_family=AF_INET, sin_addr=inet_addr("9.9.9.9")}}}], 1, 0) = 1"#,
        #"1 bind(5, {sa_family=AF_PACKET, sll_protocol=htons(3)}, 20) = 0"#,
      ]
      #expect(NetworkTrace(leaks.joined(separator: "\n")).beyond.count == leaks.count)
    }
  }
}
