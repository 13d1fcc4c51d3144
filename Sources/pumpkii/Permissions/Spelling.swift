/// Which word was likely meant.
enum Spelling {
  /// The word with the fewest changes of a letter, where they are few enough for a slip; else one that begins or ends
  /// with what was typed.
  static func nearest(to word: String, among known: [String]) -> String? {
    let typed = word.lowercased()
    let near = known.map { ($0, distance(typed, $0)) }.min { $0.1 < $1.1 }
    if let near, near.1 <= max(2, typed.count / 4) { return near.0 }
    return known.first { typed.count > 2 && ($0.hasPrefix(typed) || $0.hasSuffix(typed)) }
  }

  /// How many letters are put in, left out or changed between the two.
  static func distance(_ one: String, _ other: String) -> Int {
    let letters = Array(other)
    var row = Array(0...letters.count)
    for (place, letter) in one.enumerated() {
      var before = row[0]
      row[0] = place + 1
      for index in letters.indices {
        let changed = before + (letters[index] == letter ? 0 : 1)
        before = row[index + 1]
        row[index + 1] = min(changed, before + 1, row[index] + 1)
      }
    }
    return row[letters.count]
  }
}
