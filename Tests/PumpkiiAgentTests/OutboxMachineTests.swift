import PumpkiiAgent
import PumpkiiWire
import Testing

@Suite struct OutboxMachineTests {
  private let device: DeviceID

  init() throws { device = try DeviceID([UInt8](repeating: 7, count: 16)) }

  private func header(
    _ index: UInt32, track: Track = Track(.video), flags: ObjectHeader.Flags = []
  ) -> ObjectHeader {
    ObjectHeader(
      flags: flags, mediaClass: track.mediaClass, device: device,
      kid: SegmentKID(epoch: 1, segment: 0, track: track), index: index, length: 200)
  }

  private func machine(bytes: Int = 1000, age: UInt64 = 500, controls: Int = 8) -> OutboxMachine {
    var limits = OutboxMachine.Limits()
    limits.bytes = bytes
    limits.age = age
    limits.controls = controls
    return OutboxMachine(limits: limits)
  }

  private let payload = [UInt8](repeating: 1, count: 300)

  @Test func keepsOrder() {
    var box = machine()
    for index in 0..<3 as Range<UInt32> {
      #expect(box.offer(header(index), [UInt8(index)], now: 0) == .queued)
    }
    #expect(box.take() == [0])
    #expect(box.take() == [1])
    #expect(box.take() == [2])
    #expect(box.take() == nil)
  }

  @Test func losesWholeGroupsUpToARandomAccessPointThatFits() {
    var box = machine()
    #expect(box.offer(header(1, flags: .randomAccess), payload, now: 0) == .queued)
    #expect(box.offer(header(2), payload, now: 0) == .queued)
    #expect(box.offer(header(3), payload, now: 0) == .queued)
    #expect(box.offer(header(4), payload, now: 0) == .lost, "over 1000 bytes")
    #expect(box.needsRandomAccess(Track(.video)))
    while let _ = box.take() {}
    box.acknowledge(kid: header(3).kid.rawValue, index: 3)
    #expect(box.unacknowledged == 0)
    #expect(box.offer(header(5), payload, now: 0) == .lost, "room again, but the middle of a group")
    #expect(box.offer(header(6, flags: .randomAccess), payload, now: 0) == .queued)
    #expect(box.offer(header(7), payload, now: 0) == .queued)
    #expect(box.lost == 2)
  }

  @Test func aTrackThatFitsIsNotPunishedForAnother() {
    var box = machine()
    let audio = Track(.audio)
    for index in 0..<3 as Range<UInt32> { _ = box.offer(header(index, flags: .randomAccess), payload, now: 0) }
    #expect(box.offer(header(3), payload, now: 0) == .lost)
    #expect(box.offer(header(0, track: audio, flags: .randomAccess), [1, 2], now: 0) == .queued)
    #expect(!box.needsRandomAccess(audio))
  }

  @Test func initAndEndObjectsAreNeverLost() {
    var box = machine()
    for index in 0..<4 as Range<UInt32> { _ = box.offer(header(index), payload, now: 0) }
    #expect(box.needsRandomAccess(Track(.video)))
    #expect(box.offer(header(5, flags: .endOfSegment), payload, now: 0) == .queued)
    #expect(box.offer(header(0, flags: .initialization), payload, now: 0) == .queued)
    #expect(box.needsRandomAccess(Track(.video)), "an init alone is no picture")
  }

  @Test func whatIsTooOldCountsAsFull() {
    var box = machine(age: 500)
    #expect(box.offer(header(0, flags: .randomAccess), [1], now: 0) == .queued)
    #expect(box.offer(header(1), [1], now: 500) == .queued)
    #expect(box.offer(header(2), [1], now: 501) == .lost)
  }

  @Test func inFlightCountsUntilItIsAcknowledged() {
    var box = machine()
    for index in 0..<3 as Range<UInt32> { _ = box.offer(header(index), payload, now: 0) }
    while let _ = box.take() {}
    #expect(box.unacknowledged == 900)
    box.acknowledge(kid: header(1).kid.rawValue, index: 1)
    #expect(box.unacknowledged == 300, "the connection keeps order, so 0 is taken as well")
    box.acknowledge(kid: 99, index: 1)
    #expect(box.unacknowledged == 300)
  }

  @Test func keyMessagesAreNeverLostAndNotCountedOnceWritten() {
    var box = machine()
    for index in 0..<3 as Range<UInt32> { _ = box.offer(header(index), payload, now: 0) }
    #expect(box.offerControl(payload, now: 0) == .queued)
    #expect(box.unacknowledged == 1200)
    while let _ = box.take() {}
    #expect(box.unacknowledged == 900)
  }

  @Test func essentialsAreBoundedToo() {
    var box = machine(controls: 4)
    for index in 0..<4 as Range<UInt32> {
      #expect(box.offer(header(index, flags: .endOfSegment), [1], now: 0) == .queued)
    }
    #expect(box.offer(header(4, flags: .endOfSegment), [1], now: 0) == .overflow)
  }

  @Test func whatABrokenConnectionLosesIsNamed() {
    var box = machine()
    for index in 0..<3 as Range<UInt32> { _ = box.offer(header(index), [1], now: 0) }
    _ = box.take()
    _ = box.take()
    box.acknowledge(kid: header(0).kid.rawValue, index: 0)
    #expect(box.unfinished.map(\.index) == [1, 2])
  }

  @Test func anObjectLargerThanTheBoundGoesWhenItIsAlone() {
    var box = machine()
    let large = [UInt8](repeating: 1, count: 5000)
    #expect(box.offer(header(0, flags: .randomAccess), large, now: 0) == .queued)
    #expect(box.offer(header(1), [1], now: 0) == .lost)
    _ = box.take()
    box.acknowledge(kid: header(0).kid.rawValue, index: 0)
    #expect(box.offer(header(2, flags: .randomAccess), large, now: 0) == .queued)
  }

  @Test func theNewestBeaconGoesBeforeMediaAndBehindAKeyMessage() {
    var box = machine()
    _ = box.offerControl([1], now: 0)
    _ = box.offerControl([2], now: 0)
    _ = box.offer(header(0, flags: .randomAccess), [3], now: 0)
    _ = box.offerBeacon([9])
    _ = box.offerBeacon([10])
    #expect((0..<4).map { _ in box.take() } == [[1], [2], [10], [3]])
    #expect(!box.hasWaiting)
    _ = box.offerBeacon([11])
    #expect(box.hasWaiting)
    #expect(box.take() == [11])
  }

  @Test func aFullWayLosesNoBeacon() {
    var box = machine()
    for index in 0..<9 as Range<UInt32> { _ = box.offer(header(index, flags: .randomAccess), payload, now: 0) }
    #expect(box.offerBeacon([9]) == .queued)
    #expect(box.take() == [9])
  }
}
