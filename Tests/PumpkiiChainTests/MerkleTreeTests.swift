import PumpkiiChain
import PumpkiiWire
import Testing

/// The published trees of the Certificate Transparency reference code, which RFC 6962 and RFC 9162 share.
@Suite struct MerkleTreeTests {
  private static let entries: [[UInt8]] = [
    [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43], Array(0x50...0x57), Array(0x60...0x6f),
  ]

  private static let roots = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ]

  @Test(arguments: 0...8) func theRootIsThePublishedOne(size: Int) {
    #expect(MerkleTree(Array(Self.entries.prefix(size))).root.hex == Self.roots[size])
  }

  @Test func thePathOfTheFirstLeafIsThePublishedOne() {
    #expect(
      MerkleTree(Self.entries).path(0)?.map(\.hex) == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
      ])
  }

  @Test func everyPathOfEveryTreeLeadsToItsRootAndToNothingElse() throws {
    for size in 1...40 {
      let entries = (0..<size).map { [UInt8($0), 1] }
      let tree = MerkleTree(entries)
      for index in 0..<size {
        let path = try #require(tree.path(index))
        let place = UInt64(index)
        let count = UInt64(size)
        #expect(MerkleTree.verify(entries[index], index: place, size: count, path: path, root: tree.root))
        #expect(!MerkleTree.verify([99], index: place, size: count, path: path, root: tree.root))
        #expect(!MerkleTree.verify(entries[index], index: place ^ 1, size: count, path: path, root: tree.root))
        #expect(!MerkleTree.verify(entries[index], index: place, size: count, path: path + [.zero], root: tree.root))
        #expect(!MerkleTree.verify(entries[index], index: place, size: count, path: path, root: .zero))
        if !path.isEmpty {
          let short = Array(path.dropLast())
          #expect(!MerkleTree.verify(entries[index], index: place, size: count, path: short, root: tree.root))
        }
      }
      #expect(tree.path(size) == nil)
    }
  }

  @Test func aPairDoesNotPassForALeaf() throws {
    let tree = MerkleTree([[1], [2]])
    let (left, right) = (MerkleTree([[1]]).root, MerkleTree([[2]]).root)
    #expect(!MerkleTree.verify(left.bytes + right.bytes, index: 0, size: 1, path: [], root: tree.root))
  }
}
