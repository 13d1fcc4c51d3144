import PumpkiiCapture
import PumpkiiMedia
import Synchronization

/// Stands in for an encoder of the machine: OpenH264 behind a hardware encoder's face, failing when told to.
final class FakeHardware: HardwareEncoder {
  enum Fault: Sendable { case none, fails, late, garbage, skips, noIDR }

  let name: String
  let route = "mmap"
  private let bench: FakeBench
  private let converter: PixelConverter?
  private let encoder: H264Encoder
  private var count = 0

  init(_ name: String, _ format: VideoFormat, _ bench: FakeBench) throws(CaptureError) {
    self.name = name
    self.bench = bench
    converter = try? PixelConverter(format: format)
    do throws(MediaError) {
      encoder = try H264Encoder(
        width: format.width, height: format.height, rate: format.rate.value, bitrate: 2_000_000,
        fullRange: format.fullRange, sampleAspect: .init(1))
    } catch {
      throw CaptureError(.failed, error.reason, advice: "")
    }
  }

  func encode(_ frame: CapturedFrame, forceIDR: Bool) throws(CaptureError) -> EncodedPicture? {
    defer { count += 1 }
    bench.log.withLock { $0.append("\(name) \(frame.sequence)\(forceIDR ? " idr" : "")") }
    let fault = bench.faults.withLock { $0["\(name) \(count)"] ?? .none }
    switch fault {
    case .fails: throw CaptureError(.failed, "it broke", advice: "")
    case .skips: return nil
    case .garbage: return EncodedPicture(bytes: [0, 0, 1, 0x67, 1], timestamp: frame.timestamp, isIDR: true)
    case .late: bench.clock.add(600_000_000, ordering: .relaxed)
    case .none, .noIDR: break
    }
    do throws(MediaError) {
      guard let image = try converter?.convert(frame.contents),
        case .unit(let bytes, let idr) = try encoder.encode(
          image, milliseconds: Int64(frame.timestamp / 1_000_000), forceIDR: forceIDR && fault != .noIDR)
      else { return nil }
      return EncodedPicture(bytes: bytes, timestamp: frame.timestamp, isIDR: idr)
    } catch {
      throw CaptureError(.failed, error.reason, advice: "")
    }
  }

  func close() { bench.log.withLock { $0.append("\(name) closed") } }
}

/// What fake encoders share with their test.
final class FakeBench: Sendable {
  let log = Mutex<[String]>([])
  /// By name and picture: `dmabuf 3`.
  let faults = Mutex<[String: FakeHardware.Fault]>([:])
  let clock = Atomic<UInt64>(1_000_000_000)
  /// Names that cannot be opened, or take that many ns.
  let refused = Mutex<Set<String>>([])
  let slow = Mutex<[String: UInt64]>([:])
  let formats = Mutex<[VideoFormat]>([])
  let orders = Mutex<[EncoderOrder]>([])
  let notes = Mutex<[String]>([])

  var events: [String] { log.withLock { $0 } }
  var now: UInt64 { clock.load(ordering: .relaxed) }

  func candidate(
    _ name: String, _ layouts: Set<VideoFormat.Pixels> = [.nv12, .yuv420], lent: Bool = false
  ) -> EncoderCandidate {
    EncoderCandidate(name: name, layouts: layouts, needsLentBuffers: lent) { format, order throws(CaptureError) in
      self.formats.withLock { $0.append(format) }
      self.orders.withLock { $0.append(order) }
      self.log.withLock { $0.append("\(name) opens") }
      self.clock.add(self.slow.withLock { $0[name] ?? 0 }, ordering: .relaxed)
      if self.refused.withLock({ $0.contains(name) }) { throw CaptureError(.failed, "it does not open", advice: "") }
      return try FakeHardware(name, format, self)
    }
  }

  func note(_ line: String) { notes.withLock { $0.append(line) } }
}

/// A driver's buffer in a test's memory.
final class FakeLent: LentBuffer, Sendable {
  let descriptors: [Int32] = [9]
  let bytes: [UInt8]
  let copies = Atomic<Int>(0)
  var used: [Int] { [bytes.count] }
  init(_ bytes: [UInt8]) { self.bytes = bytes }
  func copy() -> [UInt8] {
    copies.add(1, ordering: .relaxed)
    return bytes
  }
}
