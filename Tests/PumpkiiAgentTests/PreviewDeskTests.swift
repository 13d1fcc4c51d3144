import PumpkiiAgent
import PumpkiiMedia
import PumpkiiPolicy
import PumpkiiSystem
import Testing

@Suite struct PreviewDeskTests {
  private let denied = Published(false)

  private func desk(_ limits: PreviewDesk.Limits = PreviewDesk.Limits(), rate: Double = 10) -> PreviewDesk {
    PreviewDesk(rate: rate, limits: limits) { [denied] in denied.value ? PreviewDenial.byPolicy : nil }
  }

  @Test func `the camera is wanted while somebody looks, by what they take`() throws {
    let desk = desk()
    #expect(desk.wants.value.isEmpty && !desk.takesPicture(now: 1))
    let mjpeg = try #require(desk.join(.mjpeg))
    #expect(desk.wants.value.wantsPictures && !desk.wants.value.wantsFilm && !desk.needsRandomAccess)
    let film = try #require(desk.join(.film))
    #expect(desk.wants.value.wantsFilm && desk.needsRandomAccess)
    desk.leave(film)
    desk.leave(film)
    desk.leave(mjpeg)
    #expect(desk.wants.value.isEmpty)
  }

  @Test func `places are bounded and a refusal is counted`() {
    var limits = PreviewDesk.Limits()
    limits.consumers = 2
    let desk = desk(limits)
    let seats = (0..<3).map { _ in desk.join(.film) }
    #expect(seats.filter { $0 == nil }.count == 1 && desk.counts.refused == 1)
  }

  @Test func `JPEGs are asked for at the rate and no faster`() throws {
    let desk = desk()
    let seat = try #require(desk.join(.mjpeg))
    var taken = 0
    for frame in 0..<300 where desk.takesPicture(now: 1_000_000_000 + UInt64(frame) * 33_333_333) { taken += 1 }
    #expect((95...105).contains(taken))
    desk.leave(seat)
  }

  @Test func `each object is asked about when it is offered and when it is taken`() throws {
    let desk = desk()
    let seat = try #require(desk.join(.mjpeg))
    desk.offer(jpeg: [1])
    denied.set(true)
    // It was allowed when it was offered; that helps it no more.
    guard case .denied = desk.next(seat) else { throw Unexpected() }
    desk.offer(jpeg: [2])
    denied.set(false)
    guard case .nothing = desk.next(seat) else { throw Unexpected() }
    #expect(desk.counts.denied == 2 && desk.counts.shown == 0)
    desk.offer(jpeg: [3])
    guard case .item(let item) = desk.next(seat) else { throw Unexpected() }
    #expect(item.bytes == [3] && desk.counts.shown == 1)
    desk.leave(seat)
  }

  @Test func `what waits is gone when a refresh returns`() throws {
    let desk = desk()
    let seat = try #require(desk.join(.mjpeg))
    desk.offer(jpeg: [1])
    #expect(desk.waiting == 1)
    denied.set(true)
    desk.refresh()
    #expect(desk.waiting == 0 && desk.counts.denied == 1 && !desk.takesPicture(now: 5_000_000_000))
    desk.leave(seat)
  }

  @Test func `a film's consumer gets chunks, the others JPEGs, and losses are counted`() throws {
    var limits = PreviewDesk.Limits()
    limits.objects = 3
    let desk = desk(limits)
    let (film, mjpeg) = (try #require(desk.join(.film)), try #require(desk.join(.mjpeg)))
    for number in 0..<9 {
      desk.offer(
        chunk: EncodedChunk(bytes: [UInt8(number)], randomAccess: number % 3 == 0, duration: 40_000),
        initialization: [9])
    }
    desk.offer(jpeg: [77])
    guard case .item(let chunk) = desk.next(film), case .item(let jpeg) = desk.next(mjpeg) else { throw Unexpected() }
    #expect(chunk.bytes == [6] && chunk.initialization == [9] && jpeg.bytes == [77])
    #expect(desk.counts.lost == 6)
    desk.leave(film)
    #expect(desk.counts.lost == 6)
    desk.leave(mjpeg)
  }

  @Test func `each object that is denied is told, and each look once`() throws {
    let (isDenied, told) = (Published(true), Trace())
    let desk = PreviewDesk(
      denied: { told.add($0.point.rawValue) }, denial: { isDenied.value ? PreviewDenial.byPolicy : nil })
    let seat = try #require(desk.join(.mjpeg))
    for _ in 0..<3 { _ = desk.next(seat) }
    #expect(told.all == ["E12"])
    desk.offer(jpeg: [1])
    #expect(told.all.count == 2)
    isDenied.set(false)
    _ = desk.next(seat)
    isDenied.set(true)
    _ = desk.next(seat)
    #expect(told.all.count == 3)
  }
}

struct Unexpected: Error {}

enum PreviewDenial {
  /// Nobody allowed anything.
  static var byPolicy: Decision {
    decide(Request(point: .showLocally, flag: .sensorCamera), facts: Facts(), now: 0)
  }
}
