// What reports may hold; closed lists (clauses C7 and C8).
extension Inventory {
  static let reports: [Field] = [
    Field(
      name: "language", holder: .agent, place: "memory, and sent to the relay where allowed",
      contents: "The language of the system.", purpose: .improvement,
      retention: "not kept here; at the relay until consent is withdrawn", receivers: "whoever runs the relay",
      basis: .flag(.diagnosticsEnvironment)),
    Field(
      name: "device_type", holder: .agent, place: "memory, and sent to the relay where allowed",
      contents: "The type of the device, from a closed list.", purpose: .improvement,
      retention: "not kept here; at the relay until consent is withdrawn", receivers: "whoever runs the relay",
      basis: .flag(.diagnosticsEnvironment)),
    Field(
      name: "os_version", holder: .agent, place: "memory, and sent to the relay where allowed",
      contents: "Name and version of the operating system.", purpose: .improvement,
      retention: "not kept here; at the relay until consent is withdrawn", receivers: "whoever runs the relay",
      basis: .flag(.diagnosticsEnvironment)),
    Field(
      name: "statistics report", holder: .agent, place: "HOME/diagnostics.json, and sent to the relay where allowed",
      contents:
        "Counts since the first start: starts, sensors opened, objects sealed, sent, denied and lost, connections, clips, photos, notices.",
      purpose: .improvement, retention: "here until it was sent; at the relay until consent is withdrawn",
      receivers: "whoever runs the relay", basis: .flag(.diagnosticsStatistics)),
    Field(
      name: "operations report", holder: .agent, place: "HOME/diagnostics.json, and sent to the relay where allowed",
      contents: "Which functions were used; not how often, with what or whom.", purpose: .improvement,
      retention: "here until it was sent; at the relay until consent is withdrawn",
      receivers: "whoever runs the relay", basis: .flag(.diagnosticsOperations)),
    Field(
      name: "errors report", holder: .agent, place: "HOME/diagnostics.json, and sent to the relay where allowed",
      contents: "Codes of errors, and how often each.", purpose: .improvement,
      retention: "here until it was sent; at the relay until consent is withdrawn",
      receivers: "whoever runs the relay", basis: .flag(.diagnosticsErrors)),
    Field(
      name: "crashes report", holder: .agent, place: "HOME/diagnostics.json, and sent to the relay where allowed",
      contents: "Codes of unclean ends, and how often each.", purpose: .improvement,
      retention: "here until it was sent; at the relay until consent is withdrawn",
      receivers: "whoever runs the relay", basis: .flag(.diagnosticsCrashes)),
    Field(
      name: "language", holder: .client, place: "memory, and sent to the relay where allowed",
      contents: "The language of the system.", purpose: .improvement,
      retention: "not kept here; at the relay until consent is withdrawn", receivers: "whoever runs the relay",
      basis: .flag(.diagnosticsEnvironment)),
    Field(
      name: "device_type", holder: .client, place: "memory, and sent to the relay where allowed",
      contents: "The type of the device, from a closed list.", purpose: .improvement,
      retention: "not kept here; at the relay until consent is withdrawn", receivers: "whoever runs the relay",
      basis: .flag(.diagnosticsEnvironment)),
    Field(
      name: "os_version", holder: .client, place: "memory, and sent to the relay where allowed",
      contents: "Name and version of the operating system.", purpose: .improvement,
      retention: "not kept here; at the relay until consent is withdrawn", receivers: "whoever runs the relay",
      basis: .flag(.diagnosticsEnvironment)),
    Field(
      name: "statistics report", holder: .client, place: "HOME/diagnostics.json, and sent to the relay where allowed",
      contents:
        "Counts since the first start: starts, sensors opened, objects sealed, sent, denied and lost, connections, clips, photos, notices.",
      purpose: .improvement, retention: "here until it was sent; at the relay until consent is withdrawn",
      receivers: "whoever runs the relay", basis: .flag(.diagnosticsStatistics)),
    Field(
      name: "operations report", holder: .client, place: "HOME/diagnostics.json, and sent to the relay where allowed",
      contents: "Which functions were used; not how often, with what or whom.", purpose: .improvement,
      retention: "here until it was sent; at the relay until consent is withdrawn",
      receivers: "whoever runs the relay", basis: .flag(.diagnosticsOperations)),
    Field(
      name: "errors report", holder: .client, place: "HOME/diagnostics.json, and sent to the relay where allowed",
      contents: "Codes of errors, and how often each.", purpose: .improvement,
      retention: "here until it was sent; at the relay until consent is withdrawn",
      receivers: "whoever runs the relay", basis: .flag(.diagnosticsErrors)),
    Field(
      name: "crashes report", holder: .client, place: "HOME/diagnostics.json, and sent to the relay where allowed",
      contents: "Codes of unclean ends, and how often each.", purpose: .improvement,
      retention: "here until it was sent; at the relay until consent is withdrawn",
      receivers: "whoever runs the relay", basis: .flag(.diagnosticsCrashes)),
  ]
}
