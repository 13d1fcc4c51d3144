/// One object on its way to a consumer of the preview.
package struct PreviewItem: Sendable, Equatable {
  /// A JPEG, or a CMAF chunk.
  package var bytes: [UInt8]
  /// True where a player can begin.
  package var isRandomAccess: Bool
  /// The chunk's header; empty for a JPEG.
  package var initialization: [UInt8]

  package init(bytes: [UInt8], isRandomAccess: Bool, initialization: [UInt8] = []) {
    self.bytes = bytes
    self.isRandomAccess = isRandomAccess
    self.initialization = initialization
  }
}

/// What waits for one consumer, bounded in objects and in bytes.
///
/// The loss rule: what does not fit first pushes out the oldest whole groups; when only the group it belongs to is
/// left, that is lost itself and everything up to the next picture that stands alone.
package struct PreviewQueue: Sendable {
  /// Objects that may wait.
  package let objectBound: Int
  /// Bytes that may wait; one object alone always fits.
  package let byteBound: Int
  /// Objects that were lost.
  package private(set) var lost: UInt64 = 0
  /// Nothing goes in before a picture that stands alone: at first, after a loss, and after ``wipe()``.
  package private(set) var awaitsRandomAccess = true
  private var items: [PreviewItem] = []
  private var bytes = 0
  private var hasBegun = false

  package init(objectBound: Int, byteBound: Int) {
    self.objectBound = max(objectBound, 1)
    self.byteBound = max(byteBound, 1)
  }

  package var isEmpty: Bool { items.isEmpty }
  package var count: Int { items.count }

  /// Puts one object in.
  /// - Returns: whether it waits now.
  @discardableResult
  package mutating func put(_ item: PreviewItem) -> Bool {
    if awaitsRandomAccess, !item.isRandomAccess {
      // What passed before a consumer's first picture was never its own to lose.
      if hasBegun { lost += 1 }
      return false
    }
    while !fits(item), dropOldestGroup(isClosed: item.isRandomAccess) {}
    guard fits(item) else {
      lost += UInt64(items.count) + 1
      empty()
      return false
    }
    awaitsRandomAccess = false
    hasBegun = true
    items.append(item)
    bytes += item.bytes.count
    return true
  }

  /// Takes the oldest object out.
  package mutating func take() -> PreviewItem? {
    guard !items.isEmpty else { return nil }
    let item = items.removeFirst()
    bytes -= item.bytes.count
    return item
  }

  /// Nothing that waits may be shown any more.
  /// - Returns: how many that were.
  @discardableResult
  package mutating func wipe() -> Int {
    defer { empty() }
    return items.count
  }

  private mutating func empty() {
    items = []
    bytes = 0
    awaitsRandomAccess = true
  }

  private func fits(_ item: PreviewItem) -> Bool {
    items.isEmpty || items.count < objectBound && bytes + item.bytes.count <= byteBound
  }

  /// - Parameter isClosed: the object to come begins a group, so that the last one that waits is whole.
  private mutating func dropOldestGroup(isClosed: Bool) -> Bool {
    let next = items.indices.dropFirst().first { items[$0].isRandomAccess }
    guard let end = next ?? (isClosed ? items.endIndex : nil), end > 0 else { return false }
    for item in items[..<end] { bytes -= item.bytes.count }
    items.removeFirst(end)
    lost += UInt64(end)
    return true
  }
}
