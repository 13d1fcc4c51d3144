internal import ArgumentParser
internal import Glibc
internal import PumpkiiClient
internal import PumpkiiPolicy

/// Before the first flag that lets something leave a device: the terms and the honest limits, shown and accepted.
enum CloudConsent {
  /// Asks at a terminal; elsewhere it says which command accepts.
  /// - Throws: the exit status of something not permitted, or ``ClientError``.
  static func require(for changes: [String: Bool], of account: Account) async throws {
    let leaving = changes.filter(\.value).keys.compactMap { PumpkiiPolicy.Flag(rawValue: $0) }.filter(\.leavesDevice)
    guard let flag = leaving.map(\.rawValue).sorted().first else { return }
    let texts = [PolicyTexts.terms, PolicyTexts.risk]
    let policy = try await account.policy()
    guard !texts.allSatisfy({ policy.accepts($0) }) else { return }
    guard isatty(STDIN_FILENO) == 1 else { throw refusal(flag) }
    AccountTerms.showTexts(Output.note)
    Output.note("C19: \"\(Clauses.clause("C19")?.quotes.first ?? "")\"")
    Output.progress("Do you accept the terms and acknowledge these limits? yes or no: ")
    guard ["yes", "y"].contains((readLine() ?? "").lowercased()) else { throw refusal(flag) }
    _ = try await account.acceptTerms(texts)
  }

  private static func refusal(_ flag: String) -> ExitCode {
    Output.note(
      "pumpkii: \(flag) lets something leave the camera, and the terms and limits are not accepted (terms-not-accepted). "
        + "Read and accept them: pumpkii account terms --accept --acknowledge-risk")
    return ExitCode(ExitStatus.noPermission.rawValue)
  }
}
