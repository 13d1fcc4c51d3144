/// The privacy policy that the clauses quote, and its sentences by one fixed rule.
struct PolicySource {
  let text: String

  init() throws {
    text = try Tree.text("seeds/000_17c9631cf052b985.txt")
  }

  /// A sentence ends at a line's end, or at a full stop before a blank and a capital letter.
  var sentences: [Range<String.Index>] {
    var found: [Range<String.Index>] = []
    var start = text.startIndex
    func close(_ end: String.Index) {
      if text[start..<end].contains(where: \.isLetter) { found.append(start..<end) }
      start = end
    }
    for place in text.indices {
      let next = text.index(after: place)
      if text[place] == "\n" {
        close(place)
      } else if text[place] == ".", let blank = text[next...].first, blank == " ",
        let letter = text[next...].dropFirst().first, letter.isUppercase
      {
        close(next)
      }
    }
    close(text.endIndex)
    return found
  }

  /// Places of the text that lie in some occurrence of one of `spans`.
  func covered(by spans: [String]) -> Set<String.Index> {
    var places: Set<String.Index> = []
    for span in spans {
      for range in text.ranges(of: span) { places.formUnion(text[range].indices) }
    }
    return places
  }
}
