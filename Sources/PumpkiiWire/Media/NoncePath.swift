/// How a viewer's nonce leads to the challenge of the beacon before it: an inclusion proof by RFC 9162 §2.1.3.
package struct NoncePath: WireBody {
  package static let fieldName = "nonce path"

  /// The viewer's own.
  package var nonce: Nonce
  /// Leaves of the tree.
  package var treeSize: UInt32
  /// The nonce's place among them, from 0.
  package var leafIndex: UInt32
  /// The siblings, from the leaf up.
  package var hashes: [Digest]

  package init(nonce: Nonce, treeSize: UInt32, leafIndex: UInt32, hashes: [Digest]) {
    self.nonce = nonce
    self.treeSize = treeSize
    self.leafIndex = leafIndex
    self.hashes = hashes
  }

  package func write(to writer: inout ByteWriter) {
    writer.write(nonce)
    writer.write(treeSize)
    writer.write(leafIndex)
    writer.write(UInt8(clamping: hashes.count))
    for hash in hashes { writer.write(hash) }
  }

  /// - Throws: ``WireError``; `unknownValue` for a leaf outside the tree, `overLimit` for a path that is too long.
  package init(_ reader: inout ByteReader) throws(WireError) {
    nonce = try reader.read("nonce")
    treeSize = try reader.read("tree size")
    leafIndex = try reader.read("leaf index")
    guard leafIndex < treeSize else { throw WireError(.unknownValue, "leaf index") }
    let count = try Int(reader.read(UInt8.self, "path"))
    guard count <= WireLimits.pathHashes else { throw WireError(.overLimit, "path") }
    hashes = []
    for _ in 0..<count { hashes.append(try reader.read("hash")) }
  }
}
