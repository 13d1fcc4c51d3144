// What reports may hold; closed lists (clauses C7 and C8).
extension Inventory {
  static let reports: [Field] = [
    Field(
      name: "language", holder: .agent, place: "HOME/reports, and sent to the relay where allowed",
      contents: "The language of the system.", purpose: .improvement,
      retention: "until it was sent, or consent is withdrawn; there and at the relay",
      receivers: "whoever runs the relay", basis: .flag(.diagnosticsEnvironment)),
    Field(
      name: "device_type", holder: .agent, place: "HOME/reports, and sent to the relay where allowed",
      contents: "The type of the device, from a closed list.", purpose: .improvement,
      retention: "until it was sent, or consent is withdrawn; there and at the relay",
      receivers: "whoever runs the relay", basis: .flag(.diagnosticsEnvironment)),
    Field(
      name: "os_version", holder: .agent, place: "HOME/reports, and sent to the relay where allowed",
      contents: "Name and version of the operating system.", purpose: .improvement,
      retention: "until it was sent, or consent is withdrawn; there and at the relay",
      receivers: "whoever runs the relay", basis: .flag(.diagnosticsEnvironment)),
    Field(
      name: "statistics report", holder: .agent, place: "HOME/reports, and sent to the relay where allowed",
      contents: "Counts, without times of single events.", purpose: .improvement,
      retention: "until it was sent, or consent is withdrawn; there and at the relay",
      receivers: "whoever runs the relay", basis: .flag(.diagnosticsStatistics)),
    Field(
      name: "operations report", holder: .agent, place: "HOME/reports, and sent to the relay where allowed",
      contents: "Which functions were used, and how often.", purpose: .improvement,
      retention: "until it was sent, or consent is withdrawn; there and at the relay",
      receivers: "whoever runs the relay", basis: .flag(.diagnosticsOperations)),
    Field(
      name: "errors report", holder: .agent, place: "HOME/reports, and sent to the relay where allowed",
      contents: "Codes of errors, and how often.", purpose: .improvement,
      retention: "until it was sent, or consent is withdrawn; there and at the relay",
      receivers: "whoever runs the relay", basis: .flag(.diagnosticsErrors)),
    Field(
      name: "crashes report", holder: .agent, place: "HOME/reports, and sent to the relay where allowed",
      contents: "Where in the program a crash happened.", purpose: .improvement,
      retention: "until it was sent, or consent is withdrawn; there and at the relay",
      receivers: "whoever runs the relay", basis: .flag(.diagnosticsCrashes)),
  ]
}
