import PumpkiiAgent
import Testing

@Suite struct PreviewQueueTests {
  private func item(_ number: UInt8, key: Bool = false, bytes: Int = 10) -> PreviewItem {
    PreviewItem(bytes: [UInt8](repeating: number, count: bytes), isRandomAccess: key)
  }

  private func put(_ queue: inout PreviewQueue, _ item: PreviewItem) -> Bool { queue.put(item) }

  private func drain(_ queue: inout PreviewQueue) -> [UInt8] {
    var found: [UInt8] = []
    while let next = queue.take() { found.append(next.bytes[0]) }
    return found
  }

  @Test func `a consumer begins at a picture that stands alone, and what passed before is no loss`() {
    var queue = PreviewQueue(objectBound: 10, byteBound: 1000)
    #expect(!put(&queue, item(1)) && !put(&queue, item(2)) && queue.awaitsRandomAccess)
    #expect(put(&queue, item(3, key: true)) && put(&queue, item(4)))
    #expect(drain(&queue) == [3, 4] && queue.lost == 0)
  }

  @Test func `what does not fit pushes out the oldest whole group`() {
    var queue = PreviewQueue(objectBound: 5, byteBound: 1000)
    for number: UInt8 in [10, 11, 12, 20, 21] { queue.put(item(number, key: number % 10 == 0)) }
    #expect(put(&queue, item(22)))
    #expect(queue.lost == 3 && drain(&queue) == [20, 21, 22])
  }

  @Test func `where only its own group is left, that is lost up to the next picture that stands alone`() {
    var queue = PreviewQueue(objectBound: 3, byteBound: 1000)
    for number: UInt8 in [10, 11, 12] { queue.put(item(number, key: number == 10)) }
    #expect(!put(&queue, item(13)) && queue.lost == 4 && queue.isEmpty)
    #expect(!put(&queue, item(14)) && queue.lost == 5)
    #expect(put(&queue, item(20, key: true)) && drain(&queue) == [20])
  }

  @Test func `the bound in bytes holds, but one object alone always fits`() {
    var queue = PreviewQueue(objectBound: 100, byteBound: 100)
    #expect(put(&queue, item(10, key: true, bytes: 500)))
    #expect(!put(&queue, item(11)) && queue.lost == 2)
    for number: UInt8 in 20..<40 { queue.put(item(number, key: true)) }
    #expect(queue.count == 10 && drain(&queue) == Array(30..<40))
  }

  @Test func `after a wipe nothing of the same group goes out`() {
    var queue = PreviewQueue(objectBound: 10, byteBound: 1000)
    for number: UInt8 in [10, 11] { queue.put(item(number, key: number == 10)) }
    let wiped = queue.wipe()
    #expect(wiped == 2 && queue.isEmpty)
    #expect(!put(&queue, item(12)))
    #expect(put(&queue, item(20, key: true)) && drain(&queue) == [20])
  }

  @Test func `whatever comes, the bounds hold and what goes out can be decoded`() {
    var dice = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      var queue = PreviewQueue(objectBound: 7, byteBound: 200)
      var (offered, last) = (0, -1)
      for number in 0..<300 {
        let key = UInt8.random(in: 0..<8, using: &dice) == 0
        let bytes =
          [UInt8(number & 255), UInt8(number >> 8)] + [UInt8](repeating: 0, count: .random(in: 0..<60, using: &dice))
        queue.put(PreviewItem(bytes: bytes, isRandomAccess: key))
        offered += 1
        #expect(queue.count <= 7)
        while Bool.random(using: &dice), let next = queue.take() {
          let found = Int(next.bytes[0]) | Int(next.bytes[1]) << 8
          #expect(found == last + 1 && last >= 0 || next.isRandomAccess)
          last = found
        }
      }
    }
  }
}
