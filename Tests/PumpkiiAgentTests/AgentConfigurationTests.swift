import PumpkiiAgent
import PumpkiiDocument
import PumpkiiPolicy
import PumpkiiWire
import Testing

@Suite struct AgentConfigurationTests {
  private func read(_ text: String) throws -> AgentConfiguration {
    try AgentConfiguration(Array(text.utf8), file: "agent.yaml")
  }

  @Test func anEmptyFileIsTheDefaults() throws {
    let configuration = try read("")
    #expect(configuration.padding == .padme)
    #expect(configuration.ceiling == nil)
    #expect(configuration.photoInterval == nil)
  }

  @Test func paddingHasItsSizeWhereItNeedsOne() throws {
    #expect(try read("padding: none").padding == .none)
    #expect(try read("padding: bucket\npadding_bytes: 4096").padding == .bucket(bytes: 4096))
    #expect(try read("padding: constant\npadding_bytes: 65536").padding == .constant(bytes: 65536))
    #expect(throws: DocumentError.self) { try read("padding: constant") }
    #expect(throws: DocumentError.self) { try read("padding: padme\npadding_bytes: 4096") }
  }

  @Test func aMistypedFlagInTheCeilingIsRefusedWithItsPlace() {
    let problems = AgentConfiguration.problems(Array("ceiling:\n  sensor.micro: deny\n".utf8), file: "agent.yaml")
    #expect(problems.map(\.line) == [2])
    #expect(problems.first?.keyPath == "ceiling.sensor.micro")
  }

  @Test func aCeilingNamesWhatItAllows() throws {
    let configuration = try read("ceiling:\n  sensor.camera: allow\n  share.audio: deny\n")
    #expect(configuration.ceiling == [.sensorCamera: true, .shareAudio: false])
  }
}
