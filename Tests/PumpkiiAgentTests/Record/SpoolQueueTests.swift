import PumpkiiAgent
import PumpkiiWire
import Testing

@Suite struct SpoolQueueTests {
  private func offer(_ queue: SpoolQueue, _ objects: [RecordedObject]) {
    for object in objects {
      queue.offer(.object(object, isBoundary: object.header.flags.contains(.randomAccess)))
    }
  }

  private func indices(_ steps: [SpoolStep]) -> [UInt32] {
    steps.compactMap { if case .object(let object, _) = $0 { object.header.index } else { nil } }
  }

  @Test func afterALossNothingGoesOnBeforeTheNextBoundary() throws {
    var tape = Tape()
    let objects = try tape.segment(frames: 30, group: 10, bytes: 100)
    let queue = SpoolQueue(bytes: objects[0].byteCount + objects[1].byteCount * 5, items: 1000)
    offer(queue, Array(objects[0...8]))
    #expect(indices(queue.take() ?? []) == [0, 1, 2, 3, 4, 5])
    #expect(queue.lost == 3)
    offer(queue, Array(objects[9...12]))
    #expect(indices(queue.take() ?? []) == [11, 12])
    #expect(queue.lost == 5)
  }

  @Test func initAndEndAreNeverLost() throws {
    var tape = Tape()
    let objects = try tape.segment(frames: 10)
    let queue = SpoolQueue(bytes: 0, items: 1)
    offer(queue, objects)
    #expect(indices(queue.take() ?? []) == [0, 11])
    #expect(queue.lost == 10)
  }

  @Test func theBoundOfItemsHolds() throws {
    var tape = Tape()
    let queue = SpoolQueue(bytes: 1 << 20, items: 4)
    offer(queue, try tape.segment(frames: 20))
    #expect(indices(queue.take() ?? []) == [0, 1, 2, 3, 21])
  }

  @Test func droppingTakesTheOpenClipAndNothingBefore() throws {
    var tape = Tape()
    let objects = try tape.segment(frames: 10)
    let queue = SpoolQueue(bytes: 1 << 20, items: 1000)
    queue.offer(.begin(mayLeave: true))
    offer(queue, Array(objects[0...3]))
    queue.offer(.end)
    queue.offer(.begin(mayLeave: true))
    offer(queue, Array(objects[4...8]))
    let (hadBegun, bytes) = queue.drop()
    #expect(hadBegun)
    #expect(bytes == objects[4...8].reduce(0) { $0 + $1.byteCount })
    #expect(queue.lost == 5)
    #expect(indices(queue.take() ?? []) == [0, 1, 2, 3])
  }

  @Test func whatWasBegunBeforeIsToBeDiscarded() throws {
    var tape = Tape()
    let queue = SpoolQueue(bytes: 1 << 20, items: 1000)
    queue.offer(.begin(mayLeave: true))
    _ = queue.take()
    offer(queue, try tape.segment(frames: 3))
    #expect(!queue.drop().hadBegun)
    queue.finish()
    #expect(queue.take() == nil)
  }

  @Test func aDiskThatHangsGathersNoSweeps() {
    let queue = SpoolQueue(bytes: 1 << 20, items: 1000)
    for _ in 0..<1000 { queue.offer(.sweep) }
    #expect(queue.take()?.count == 1)
    queue.offer(.sweep)
    #expect(queue.take()?.count == 1, "the next one is taken again")
  }
}
