internal import ArgumentParser
internal import PumpkiiClient

/// What a camera's answer to a change is in words and exit status.
enum Answer {
  /// - Throws: the exit status of something pending.
  static func say(_ confirmation: Confirmation, _ done: String, _ camera: String) throws {
    guard confirmation.isConfirmed else {
      Output.line("Pending: \(camera) has not answered yet; it goes by the old flags until it does.")
      throw ExitCode(ExitStatus.temporary.rawValue)
    }
    Output.line(done)
  }
}
