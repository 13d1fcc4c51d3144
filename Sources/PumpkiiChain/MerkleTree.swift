package import PumpkiiWire

/// The Merkle tree of RFC 9162 §2.1 over SHA-256: leaves are hashed behind 0x00 and pairs behind 0x01, so that no pair
/// passes for a leaf.
package struct MerkleTree: Sendable {
  /// The tree's rows, from the leaves' hashes up to the root. A hash without a sibling moves up as it is.
  private let rows: [[Digest]]

  /// The tree over some entries, in their order.
  package init(_ entries: [[UInt8]]) {
    var rows = [entries.map(Self.leaf)]
    while let row = rows.last, row.count > 1 {
      rows.append(
        stride(from: 0, to: row.count, by: 2).map { place in
          place + 1 < row.count ? Self.node(row[place], row[place + 1]) : row[place]
        })
    }
    self.rows = rows
  }

  /// The root: SHA-256 of nothing when there are no entries.
  package var root: Digest { rows.last?.first ?? Self.emptyRoot }

  /// The root over no entries.
  package static var emptyRoot: Digest { Hashes.sha256([]) }

  /// The siblings from the entry at `index` up to the root; nil when there is no such entry.
  package func path(_ index: Int) -> [Digest]? {
    guard let leaves = rows.first, leaves.indices.contains(index) else { return nil }
    var (place, path) = (index, [Digest]())
    for row in rows.dropLast() {
      let sibling = place ^ 1
      if sibling < row.count { path.append(row[sibling]) }
      place /= 2
    }
    return path
  }

  /// Verifies an inclusion proof by the steps of RFC 9162 §2.1.3.2.
  /// - Returns: whether `path` leads from `entry` at `index` in a tree of `size` entries to exactly `root`.
  package static func verify(
    _ entry: [UInt8], index: UInt64, size: UInt64, path: [Digest], root: Digest
  ) -> Bool {
    guard index < size else { return false }
    var (place, last, hash) = (index, size - 1, leaf(entry))
    for sibling in path {
      guard last != 0 else { return false }
      if place & 1 == 1 || place == last {
        hash = node(sibling, hash)
        while place & 1 == 0, place != 0 {
          place >>= 1
          last >>= 1
        }
      } else {
        hash = node(hash, sibling)
      }
      place >>= 1
      last >>= 1
    }
    return last == 0 && hash == root
  }

  private static func leaf(_ entry: [UInt8]) -> Digest { Hashes.sha256([0], entry) }
  private static func node(_ left: Digest, _ right: Digest) -> Digest { Hashes.sha256([1], left.bytes, right.bytes) }
}
