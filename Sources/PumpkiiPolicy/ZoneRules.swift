/// What a zone's wall clock shows, from the bytes of its file in the zone database (TZif, RFC 9636, versions 1 to 4).
/// The caller reads the file; leap seconds are not counted, as Unix time does not.
package struct ZoneRules: Sendable, Equatable {
  /// The name that the bytes were read under, as a schedule says it.
  package let name: String
  /// Unix seconds at which the offset changes, ascending.
  let transitions: [Int64]
  /// Seconds east of Greenwich from each transition on.
  let offsets: [Int64]
  /// Before the first transition.
  let firstOffset: Int64
  /// After the last transition; nil for a file without a footer, whose last offset stays.
  let footer: PosixZone?

  /// The offset in seconds at an instant in Unix seconds.
  package func offset(at second: Int64) -> Int64 {
    let next = indexOfTransition(after: second)
    if next == transitions.count, let footer { return footer.offset(at: second) }
    return next == 0 ? firstOffset : offsets[next - 1]
  }

  /// The first instant after this one from which another rule counts; nil when none follows.
  package func transition(after second: Int64) -> Int64? {
    let next = indexOfTransition(after: second)
    if next < transitions.count { return transitions[next] }
    return footer?.transition(after: second)
  }

  /// By halving: the list of a zone is long, and most instants lie near its end.
  private func indexOfTransition(after second: Int64) -> Int {
    if let last = transitions.last, second >= last { return transitions.count }
    var (low, high) = (0, transitions.count)
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle] <= second { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
