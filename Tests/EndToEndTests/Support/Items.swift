import PumpkiiClient
import PumpkiiSystem
import PumpkiiWire

/// The items of a kept file as they stand there, read without the client's code.
struct Items {
  struct Item {
    let bytes: [UInt8]
    /// Of an object.
    let object: ObjectHeader?
    /// Of a key message.
    let head: KeyHead?
  }

  private(set) var all: [Item] = []

  init(path: String) throws {
    var parser = WireItemParser()
    parser.append(try DurableFile.read(path, limit: 1 << 30) ?? [])
    while let item = try parser.next() {
      switch item {
      case .object(let header, let bytes): all.append(Item(bytes: bytes, object: header, head: nil))
      case .control(let kind, let body):
        let head = kind == .keyHead ? try Signed<KeyHead>(decoding: body).body : nil
        all.append(Item(bytes: item.bytes, object: nil, head: head))
      }
    }
  }

  var objects: [(header: ObjectHeader, bytes: [UInt8])] {
    all.compactMap { item in item.object.map { ($0, item.bytes) } }
  }

  var heads: [KeyHead] { all.compactMap(\.head) }
}
