import Logging
import PumpkiiAgent
import PumpkiiCapture
import PumpkiiWire
import Testing

@Suite struct MetricsTests {
  /// A new label is a decision: it must name nobody.
  @Test func `labels are a closed list`() {
    #expect(
      Metrics.Label.allCases.map(\.rawValue).sorted() == [
        "flag", "kind", "outcome", "point", "queue", "reason", "sensor", "state", "track",
      ])
  }

  private static let notices = NoticeDesk(
    kinds: [.motion], isAllowed: { _ in true }, show: { _ in },
    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })

  private func filled() -> Metrics {
    let metrics = Metrics()
    let video = UnitAccount(.video, ledger: nil)
    video.denied(0, flag: "sensor.camera")
    video.denied(1, flag: "share.video")
    video.dropped(2, .encoder)
    metrics.add([(.video, video), (.audio, UnitAccount(.audio, ledger: nil))])
    metrics.addSensors { $0 == .camera }
    metrics.addState(["off", "detect", "stream"]) { "stream" }
    metrics.addQueues([("outbox", { 3 }), ("recorder", { -1 })])
    metrics.add(PreviewDesk { nil })
    let denials = Denials()
    denials.add(PreviewDenial.byPolicy)
    metrics.add(denials)
    metrics.add(Self.notices)
    return metrics
  }

  @Test func `the text parses and has every number once`() throws {
    let text = try MetricsText(filled().text)
    #expect(text.isWellFormed)
    #expect(text.samples["pumpkii_frames_total{outcome=\"denied\",track=\"video\"}"] == 2)
    #expect(text.samples["pumpkii_drops_total{reason=\"encoder\",track=\"video\"}"] == 1)
    #expect(text.samples["pumpkii_denials_total{flag=\"share.video\",track=\"video\"}"] == 1)
    #expect(text.samples["pumpkii_denied_total{flag=\"sensor.camera\",point=\"e12\"}"] == 1)
    #expect(text.samples["pumpkii_notices_total{outcome=\"shown\"}"] == 0)
    #expect(text.samples["pumpkii_notices_total{outcome=\"lost\"}"] == 0)
    #expect(text.samples["pumpkii_sensor_open{sensor=\"camera\"}"] == 1)
    #expect(text.samples["pumpkii_sensor_open{sensor=\"microphone\"}"] == 0)
    #expect(text.samples["pumpkii_state{state=\"stream\"}"] == 1)
    #expect(text.samples["pumpkii_state{state=\"off\"}"] == 0)
    #expect(text.samples["pumpkii_queue_size{queue=\"outbox\"}"] == 3)
    #expect(text.samples["pumpkii_queue_size{queue=\"recorder\"}"] == 0)
    #expect(text.samples["pumpkii_preview_consumers{kind=\"film\"}"] == 0)
  }

  @Test func `every label that is written is of the list`() throws {
    let known = Set(Metrics.Label.allCases.map(\.rawValue))
    #expect(try MetricsText(filled().text).labels.isSubset(of: known))
  }

  @Test(arguments: [
    "0123456789abcdef0123456789abcdef", "Alice", "alice@example.org", "a\"b", "a\nb", "", "usb-046d-082d", "käse",
    "abcdefghijklmnopqrstuvwxyzabcdefghijk",
  ])
  func `a value that could name somebody is never written`(_ value: String) throws {
    let metrics = Metrics()
    metrics.add("test", "A test.", .gauge) { [Metrics.Sample([.reason: value], 1 as UInt64)] }
    #expect(metrics.text.hasSuffix("pumpkii_test{reason=\"other\"} 1\n"))
    #expect(try MetricsText(metrics.text).isWellFormed)
  }

  @Test func `a name is added once, help is one line, and numbers are written whole where they are`() throws {
    let metrics = Metrics()
    metrics.add("size", "First.", .gauge) { [] }
    metrics.add("size", "Two\nlines \\ here.", .gauge) {
      [Metrics.Sample([:], 1.5), Metrics.Sample([.kind: "b"], 1e12)]
    }
    #expect(
      metrics.text == """
        # HELP pumpkii_size Twolines  here.
        # TYPE pumpkii_size gauge
        pumpkii_size 1.5
        pumpkii_size{kind="b"} 1000000000000

        """)
  }
}

/// A reader of Prometheus' text of the tests' own (format 0.0.4).
struct MetricsText {
  var samples: [String: Double] = [:]
  var labels: Set<String> = []
  var isWellFormed = true

  init(_ text: String) throws {
    isWellFormed = text.hasSuffix("\n")
    let name = /[a-zA-Z_:][a-zA-Z0-9_:]*/
    let sample = /([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[^}]*\})? (-?[0-9.eE+-]+)/
    let pair = /([a-z_]+)="((?:[^"\\\n]|\\.)*)"/
    var types: [String: String] = [:]
    for line in text.split(separator: "\n") {
      if line.hasPrefix("# TYPE ") {
        let words = line.split(separator: " ")
        let isKnown = words.count == 4 && ["counter", "gauge"].contains(words[3])
        if !isKnown || types.updateValue(String(words[3]), forKey: String(words[2])) != nil { isWellFormed = false }
      } else if line.hasPrefix("# HELP ") {
        if line.split(separator: " ")[2].wholeMatch(of: name) == nil { isWellFormed = false }
      } else if let found = line.wholeMatch(of: sample), let value = Double(found.output.3) {
        let key = "\(found.output.1)\(found.output.2 ?? "")"
        if samples.updateValue(value, forKey: key) != nil || types[String(found.output.1)] == nil {
          isWellFormed = false
        }
        for label in (found.output.2 ?? "").matches(of: pair) { labels.insert(String(label.output.1)) }
      } else {
        isWellFormed = false
      }
    }
  }
}
