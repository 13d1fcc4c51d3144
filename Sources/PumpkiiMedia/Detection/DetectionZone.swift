/// Where motion counts, or does not.
package struct DetectionZone: Sendable, Equatable {
  /// What a zone does.
  package enum Kind: String, Sendable, CaseIterable {
    /// Motion counts here; where no zone includes, the whole picture does.
    case include
    /// Motion never counts here, whatever includes it.
    case exclude
  }

  /// What reports call it.
  package let name: String
  package let kind: Kind
  package let area: PictureArea

  package init(name: String, kind: Kind = .include, area: PictureArea) {
    self.name = name
    self.kind = kind
    self.area = area
  }

  /// Cells of a grid whose middle lies within.
  func contains(column: Int, row: Int) -> Bool {
    let x = (2 * column + 1) * 500 / LumaGrid.columns
    let y = (2 * row + 1) * 500 / LumaGrid.rows
    return x >= area.left && x < area.left + area.width && y >= area.top && y < area.top + area.height
  }
}
