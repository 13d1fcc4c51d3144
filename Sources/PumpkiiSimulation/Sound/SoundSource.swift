internal import PumpkiiCapture

/// Makes a microphone's samples. Confined to the thread of one session.
protocol SoundSource: AnyObject {
  /// Interleaved samples.
  /// - Parameters:
  ///   - position: sample frames since the device's origin by the nominal rate.
  ///   - start: the device's time at the first of them, in ns.
  ///   - step: true ns from one to the next.
  /// - Throws: ``CaptureError``.
  func samples(at position: UInt64, count: Int, start: Double, step: Double) throws(CaptureError) -> [Int16]
}

/// A microphone's source, looked at when the device is made.
struct SoundPlan: Sendable {
  let format: AudioFormat
  private let source: MicrophoneProfile.Source
  private let path: String

  /// - Throws: ``SimulationError`` for a file that cannot be played, with the line that converts it.
  init(_ profile: MicrophoneProfile, of device: DeviceProfile) throws(SimulationError) {
    source = profile.source
    guard case .file(let file) = profile.source else {
      path = ""
      format = AudioFormat(sampleRate: profile.rate, channels: profile.channels)
      return
    }
    path = device.path(of: file)
    let opened = try SourceFile(path)
    let kind = FileKind(try opened.read(at: 0, count: FileKind.lookAt))
    guard kind == .wav else {
      let name = if case .foreign(let name) = kind { name } else { "a film" }
      throw SimulationError(
        .sourceForeign, "\(path) is \(name); a microphone plays .wav", advice: Conversion(path: path).sound())
    }
    format = try WAVFile(opened).format
  }

  /// Makes the source for one session.
  /// - Throws: ``CaptureError`` `unreadable` when the file is no longer what it was.
  func open(seed: UInt64) throws(CaptureError) -> any SoundSource { try open(rate: format.sampleRate, seed: seed) }

  /// Makes the source for one session at another rate than the first; a file has but one.
  /// - Throws: ``CaptureError`` `unreadable` when the file is no longer what it was.
  func open(rate: Int, seed: UInt64) throws(CaptureError) -> any SoundSource {
    let format = AudioFormat(sampleRate: rate, channels: format.channels)
    switch source {
    case .tone: return ToneSource(channels: format.channels)
    case .speech: return SpeechSource(format: format, seed: seed)
    case .silence: return SilenceSource(channels: format.channels)
    case .file:
      do throws(SimulationError) { return RecordedSource(try WAVFile(try SourceFile(path))) } catch {
        throw CaptureError(error)
      }
    }
  }
}

/// Zeros.
final class SilenceSource: SoundSource {
  private let channels: Int

  init(channels: Int) { self.channels = channels }

  func samples(at position: UInt64, count: Int, start: Double, step: Double) -> [Int16] {
    [Int16](repeating: 0, count: count * channels)
  }
}

/// A `.wav` that loops.
final class RecordedSource: SoundSource {
  private let file: WAVFile

  init(_ file: WAVFile) { self.file = file }

  func samples(at position: UInt64, count: Int, start: Double, step: Double) throws(CaptureError) -> [Int16] {
    do throws(SimulationError) { return try file.samples(at: position, count: count) } catch {
      throw CaptureError(error)
    }
  }
}
