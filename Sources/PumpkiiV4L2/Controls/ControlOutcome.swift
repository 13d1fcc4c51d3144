/// What became of one control that was to be set.
public struct ControlOutcome: Sendable, Equatable, CustomStringConvertible {
  /// As it was asked for.
  public var name: String
  /// The value asked for.
  public var wanted: Int
  /// The value read back; nil where it was not set or cannot be read.
  public var got: Int?
  /// Why it is not as it was wanted; nil where it is.
  public var problem: String?

  /// An outcome.
  package init(name: String, wanted: Int, got: Int? = nil, problem: String? = nil) {
    self.name = name
    self.wanted = wanted
    self.got = got
    self.problem = problem
  }

  /// One line for people.
  public var description: String {
    problem.map { "control \(name) was not set to \(wanted): it \($0)" } ?? "control \(name) is \(got ?? wanted)"
  }
}
