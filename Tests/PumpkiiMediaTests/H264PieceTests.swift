import PumpkiiCapture
import PumpkiiMedia
import Testing

/// Cameras that do not put one access unit into each buffer.
@Suite struct H264PieceTests {
  private func units(_ frames: Int = 20, _ options: String = "-g 5") throws -> [[UInt8]] {
    AnnexBAccessUnits.all(
      of: try Tool.ffmpeg(
        "-f lavfi -i testsrc2=s=160x120:r=25 -frames:v \(frames) -pix_fmt yuv420p -c:v libx264 -preset ultrafast "
          + "-bf 0 \(options) -f h264 -"))
  }

  private func processor() throws -> VideoProcessor {
    try VideoProcessor(format: Material.format(.h264, 160, 120), settings: VideoSettings())
  }

  private func decoded(_ units: [[UInt8]]) throws -> [[UInt8]] {
    try Material.decoded(Array(units.joined()), width: 160, height: 120)
  }

  @Test func `two pictures in one buffer are two samples of one chunk`() throws {
    let units = try units()
    let buffers = stride(from: 0, to: 20, by: 2).map { units[$0] + units[$0 + 1] }
    let processor = try processor()
    let (film, results) = try Material.film(processor, buffers)
    #expect(results.allSatisfy { $0.drop == nil } && processor.dropped.isEmpty)
    #expect(try Material.decoded(film, width: 160, height: 120) == decoded(units))
    let packets = try Tool.ffprobe("-show_packets", input: film)
    #expect(packets.count == 20)
    let times = packets.compactMap { $0["dts_time"].flatMap(Double.init) }
    #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test func `an IDR behind another picture begins the next chunk, so that a viewer can begin there`() throws {
    let units = try units()
    // P and IDR together, from the second unit on: 4+5, 9+10, 14+15.
    var buffers = [units[0]]
    for number in stride(from: 1, to: 19, by: 1) where (number - 1) % 5 != 4 {
      buffers.append(number % 5 == 4 ? units[number] + units[number + 1] : units[number])
    }
    buffers.append(units[19])
    let processor = try processor()
    let (film, results) = try Material.film(processor, buffers)
    #expect(try Material.decoded(film, width: 160, height: 120) == decoded(units))
    #expect(results.count { $0.chunk?.randomAccess == true } == 4)
    #expect(results.allSatisfy { $0.drop == nil })
  }

  @Test func `pictures that all stand alone never pile up, however many a buffer holds`() throws {
    let units = try units(20, "-g 1")
    let processor = try processor()
    let (film, results) = try Material.film(
      processor, stride(from: 0, to: 20, by: 2).map { units[$0] + units[$0 + 1] })
    #expect(results.allSatisfy { $0.chunk?.randomAccess == true })
    #expect(try Material.decoded(film, width: 160, height: 120).count == 20)
  }

  @Test func `parameter sets in a buffer of their own wait for their picture`() throws {
    let units = try units()
    let buffers = units.flatMap { unit -> [[UInt8]] in
      let slice = AnnexB.units(unit).first { AnnexB.isSlice(AnnexB.type(of: unit[$0.lowerBound])) }
      guard let slice, slice.lowerBound > 8 else { return [unit] }
      let cut = slice.lowerBound - 3
      return [Array(unit[..<cut]), Array(unit[cut...])]
    }
    #expect(buffers.count == 24)
    let processor = try processor()
    let (film, results) = try Material.film(processor, buffers)
    #expect(processor.dropped == [.joined: 4] && results.count { $0.chunk != nil } == 20)
    #expect(try Material.decoded(film, width: 160, height: 120) == decoded(units))
  }

  @Test(arguments: [true, false])
  func `a picture cut into two buffers is put together, from the next IDR on`(betweenUnits: Bool) throws {
    let units = try units(20, betweenUnits ? "-g 5 -x264-params sliced-threads=0:slices=2" : "-g 5")
    let buffers = units.flatMap { unit -> [[UInt8]] in
      let last = AnnexB.units(unit).last?.lowerBound ?? 4
      let cut = betweenUnits ? last - 3 : unit.count / 2
      return [Array(unit[..<cut]), Array(unit[cut...])]
    }
    let processor = try processor()
    let (_, results) = try Material.film(processor, buffers)
    // Noticed at the second rest; whole again from the IDR of picture 5, one buffer late; the last one never ends.
    let chunks = results.compactMap { $0.chunk }
    let whole = Array(chunks.suffix(14))
    #expect(whole.first?.randomAccess == true && chunks.count <= 16)
    let back = try Material.decoded(
      required(processor.initialization) + whole.flatMap(\.bytes), width: 160, height: 120)
    #expect(try back == Array(decoded(units)[5..<19]))
    // Each has the time of its first buffer.
    #expect(try whole.map { try MP4.baseDecodeTime(of: $0.bytes).time } == (5..<19).map { UInt64($0) * 2 * 3600 })
    #expect(processor.dropped[.joined, default: 0] >= 19)
  }

  @Test func `one damaged beginning does not make a camera one that cuts pictures`() throws {
    let units = try units()
    var buffers = units
    buffers[3] = [1, 2, 3, 4, 5, 6, 7, 8] + units[3]
    buffers[13] = Array(units[13].dropFirst(9))
    let processor = try processor()
    let (_, results) = try Material.film(processor, buffers)
    #expect(results.indices.filter { results[$0].drop != nil } == [3, 13] && processor.dropped == [.decode: 2])
  }

  @Test func `two fields in one buffer are refused as before, and so are B frames`() throws {
    for (options, code) in [
      ("-flags +ildct+ilme -x264-params tff=1", MediaError.Code.interlaced), ("-preset veryfast -bf 2", .reordered),
    ] {
      let units = try units(10, options)
      let buffers = stride(from: 0, to: 10, by: 2).map { units[$0] + units[$0 + 1] }
      let error = #expect(throws: MediaError.self) { _ = try Material.film(processor(), buffers) }
      #expect(error?.code == code)
    }
  }

  @Test func `pieces of any kind never crash`() throws {
    let stream = Array(try units().joined())
    var dice = Dice(state: 9)
    for _ in 0..<60 {
      let processor = try processor()
      var at = 0
      var number = 0
      while at < stream.count {
        let count = min(Int.random(in: 0...3000, using: &dice), stream.count - at)
        let frame = Material.frame(Array(stream[at..<at + count]), number)
        _ = try? processor.process(frame, at: UInt64(number) * 40_000_000, randomAccess: false)
        _ = try? processor.still(frame)
        at += count
        number += 1
      }
    }
  }
}
