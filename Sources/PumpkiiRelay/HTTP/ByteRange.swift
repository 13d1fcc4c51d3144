/// What `Range: bytes=…` asks for (RFC 9110 §14.2), of one range; several, other units and nonsense count as none.
package enum ByteRange: Sendable, Equatable {
  case whole
  case part(Range<Int>)
  /// Nothing of it is there.
  case unsatisfiable

  /// - Parameter header: the field's value, nil when there is none.
  package init(_ header: String?, count: Int) {
    self = .whole
    guard let header, header.hasPrefix("bytes=") else { return }
    let ends = header.dropFirst(6).split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard ends.count == 2, ends.contains(where: { !$0.isEmpty }) else { return }
    guard let first = Self.number(ends[0]), let last = Self.number(ends[1]) else { return }
    switch (first, last) {
    case (nil, let suffix?):
      self = suffix == 0 || count == 0 ? .unsatisfiable : .part(max(0, count - suffix)..<count)
    case (let first?, let last):
      if let last, last < first { return }
      self = first >= count ? .unsatisfiable : .part(first..<min(count, (last ?? count - 1) + 1))
    case (nil, nil): return
    }
  }

  /// The number of some digits, nil in it for none; nil for what is no number.
  private static func number(_ text: Substring) -> Int?? {
    if text.isEmpty { return .some(nil) }
    guard text.utf8.count <= 18, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = Int(text) else {
      return nil
    }
    return .some(value)
  }
}
