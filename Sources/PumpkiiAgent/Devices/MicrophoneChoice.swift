package import PumpkiiALSA
package import PumpkiiCapture

/// Which microphone somebody asked for, in words: what `--microphone` and `microphone.device` say.
package enum MicrophoneChoice: Sendable, Equatable {
  /// That of the camera where it has one, else the first on USB, else the first.
  case automatic
  /// No microphone is used, whatever is there.
  case none
  /// An id that `pumpkii devices` prints.
  case identity(String)
  /// A PCM of alsa-lib: `hw:CARD=webcam`, `dsnoop:…`, a plugin.
  case pcm(String)

  /// Reads it from text: `auto`, `none`, `hw:CARD=webcam`, an id.
  package init(_ text: String) {
    switch text {
    case "auto": self = .automatic
    case "none": self = .none
    default: self = text.hasPrefix("usb-") || text.hasPrefix("card-") ? .identity(text) : .pcm(text)
    }
  }

  /// The microphone, closed; nil where none is wanted, or `auto` finds none.
  /// - Parameter camera: of the same device where there is one.
  /// - Throws: ``CaptureError`` `gone` for an id that is not there.
  package func microphone(
    _ wish: MicrophoneWish, beside camera: SensorIdentity?, among directory: ALSADirectory = ALSADirectory()
  ) throws(CaptureError) -> (any Microphone)? {
    switch self {
    case .none: return nil
    case .pcm(let name): return ALSAMicrophone(ALSADevice(pcm: name), wish: wish)
    case .automatic:
      let all = directory.list()
      let sibling = all.first { $0.identity.id == camera?.id }
      let best = sibling ?? all.first { $0.identity.id.hasPrefix("usb-") } ?? all.first
      return best.map { ALSAMicrophone($0, wish: wish) }
    case .identity(let id):
      guard let device = directory.find(id) else {
        throw CaptureError(
          .gone, "there is no microphone \(id)",
          advice: "`pumpkii devices` lists what there is; plug it in, or choose another.")
      }
      return ALSAMicrophone(device, wish: wish)
    }
  }
}
