internal import Hummingbird
internal import PumpkiiWire

/// `/v1/diagnostics`: each sender's own reports.
struct DiagnosticsRoutes {
  private struct ReportAnswer: Encodable {
    let receivedMicroseconds: UInt64
    let report: DiagnosticsReport
    enum CodingKeys: String, CodingKey {
      case report
      case receivedMicroseconds = "received_us"
    }
  }

  private struct ReportsAnswer: Encodable {
    let reports: [ReportAnswer]
  }

  let desk: Desk

  func add(to book: inout RouteBook) {
    book.on(.post, "/v1/diagnostics", report)
    book.on(.get, "/v1/diagnostics", reports)
    book.on(.delete, "/v1/diagnostics", deleteReports)
  }

  @Sendable
  private func report(_ request: Request, _ context: RelayContext) async throws -> Response {
    let identity = try desk.identity(request, context)
    let body = try await desk.reading.bytes(request, limit: Diagnostics.reportBytes)
    try await desk.relay.take(DiagnosticsReport(json: body), from: identity)
    return Answers.empty
  }

  @Sendable
  private func reports(_ request: Request, _ context: RelayContext) async throws -> Response {
    let sender = try desk.identity(request, context).rateKey
    let reports = try await desk.relay.store.read { try $0.reports(of: sender) }
    return try Answers.json(
      ReportsAnswer(
        reports: reports.map {
          ReportAnswer(receivedMicroseconds: $0.received, report: try DiagnosticsReport(json: $0.json))
        }))
  }

  @Sendable
  private func deleteReports(_ request: Request, _ context: RelayContext) async throws -> Response {
    let sender = try desk.identity(request, context).rateKey
    try await desk.relay.store.write { try $0.removeReports(of: sender) }
    return Answers.empty
  }
}
