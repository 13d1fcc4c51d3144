/// Endpoint 0: all control requests of a webcam, as a state machine. It answers and says what else is to happen.
package struct ControlEndpoint: Sendable {
  private let model: WebcamModel
  private let layout: WebcamLayout
  private let descriptors: WebcamDescriptors
  private var configuration: UInt8 = 0
  private var alternates: [UInt8: UInt8] = [:]
  private var controls: ControlBank
  private var stream: StreamNegotiation?
  private var still: StillNegotiation?
  private var sound: SoundControls?
  private var lastFault = ControlFault.none

  /// The endpoint of a device that was just plugged in.
  package init(_ model: WebcamModel) {
    self.model = model
    layout = WebcamLayout(model)
    descriptors = WebcamDescriptors(model)
    controls = ControlBank(model)
    stream = model.formats.isEmpty ? nil : StreamNegotiation(model)
    still = model.formats.isEmpty ? nil : StillNegotiation(model)
    sound = model.microphone.map(SoundControls.init)
  }

  /// Whether a request belongs to the camera's own controls or its stream: what a control stall leaves unanswered.
  package func isOfCamera(_ setup: SetupPacket) -> Bool {
    setup.kind == .classwise && setup.recipient == 1
      && (setup.target == layout.videoControl || setup.target == layout.videoStreaming)
  }

  /// Answers one control transfer.
  /// - Parameter data: what the host sent after the setup packet.
  package mutating func answer(_ setup: SetupPacket, _ data: [UInt8]) -> (ControlAnswer, [ControlEffect]) {
    let (whole, effects) = dispatch(setup, data)
    let answer =
      if case .data(let bytes) = whole { ControlAnswer.data(Array(bytes.prefix(setup.length))) } else { whole }
    if isOfCamera(setup), !isFaultQuery(setup) {
      lastFault = if case .stall(let fault) = answer { fault } else { .none }
    }
    return (answer, effects)
  }

  /// The shutter is moved by hand.
  package mutating func setShutter(closed: Bool) { controls.setShutter(closed: closed) }

  /// How the microphone's samples are to be changed.
  package var soundGain: (isMuted: Bool, gain: Int16) { (sound?.isMuted ?? false, sound?.gain ?? 0) }

  private mutating func dispatch(_ setup: SetupPacket, _ data: [UInt8]) -> (ControlAnswer, [ControlEffect]) {
    switch (setup.kind, setup.recipient) {
    case (.standard, _): return standard(setup)
    case (.classwise, 1): return interface(setup, data)
    case (.classwise, 2):
      guard setup.target == 0x80 | WebcamLayout.audioEndpoint, sound != nil else { break }
      let before = sound?.rate
      let answer = sound?.answerEndpoint(setup, data) ?? .stall(.invalidRequest)
      guard let rate = sound?.rate, rate != before, isSoundOn else { return (answer, []) }
      return (answer, [.soundStopped, .soundStarted(rate: rate)])
    default: break
    }
    return (.stall(.invalidRequest), [])
  }

  private var isSoundOn: Bool { layout.audioStreaming.map { alternates[$0] == 1 } ?? false }

  private func isFaultQuery(_ setup: SetupPacket) -> Bool {
    setup.target == layout.videoControl && setup.entity == 0 && setup.selector == 2
  }

  private mutating func interface(_ setup: SetupPacket, _ data: [UInt8]) -> (ControlAnswer, [ControlEffect]) {
    switch setup.target {
    case layout.videoControl:
      if isFaultQuery(setup) {
        return (setup.request == ClassRequest.getInfo ? .data([1]) : .data([lastFault.rawValue]), [])
      }
      return controls.answer(setup, data)
    case layout.videoStreaming: return streaming(setup, data)
    case layout.audioControl: return (sound?.answerUnit(setup, data) ?? .stall(.invalidUnit), [])
    default: return (.stall(.invalidUnit), [])
    }
  }
}

// MARK: - The video stream

extension ControlEndpoint {
  private enum Stream {
    static let probe: UInt8 = 1
    static let commit: UInt8 = 2
    static let stillProbe: UInt8 = 3
    static let stillCommit: UInt8 = 4
    static let stillTrigger: UInt8 = 5
  }

  private mutating func streaming(_ setup: SetupPacket, _ data: [UInt8]) -> (ControlAnswer, [ControlEffect]) {
    switch (setup.selector, setup.request) {
    case (Stream.probe, ClassRequest.setCurrent):
      stream?.propose(data)
      return (.done, [])
    case (Stream.commit, ClassRequest.setCurrent):
      guard let choice = stream?.commit(data) else { return (.stall(.outOfRange), []) }
      // A bulk stream starts here, an isochronous one with its alternate setting.
      return (.done, model.transfer == .bulk ? [.videoStopped, .videoStarted(choice)] : [])
    case (Stream.probe, _), (Stream.commit, _):
      return (get(setup.request, length: StreamNegotiation.length, stream?.probe, stream?.limit(setup.request)), [])
    case (Stream.stillProbe...Stream.stillTrigger, _) where model.hasStillTrigger: return photo(setup, data)
    default: return (.stall(.invalidControl), [])
    }
  }

  private mutating func photo(_ setup: SetupPacket, _ data: [UInt8]) -> (ControlAnswer, [ControlEffect]) {
    switch (setup.selector, setup.request) {
    case (Stream.stillProbe, ClassRequest.setCurrent): still?.propose(data)
    case (Stream.stillCommit, ClassRequest.setCurrent): still?.commit(data)
    case (Stream.stillTrigger, ClassRequest.setCurrent):
      return (.done, still?.trigger(data).map { [.still($0)] } ?? [])
    case (Stream.stillTrigger, _): return (get(setup.request, length: 1, [0], [0]), [])
    default: return (get(setup.request, length: StillNegotiation.length, still?.probe, still?.probe), [])
    }
    return (.done, [])
  }

  private func get(_ request: UInt8, length: Int, _ current: [UInt8]?, _ limit: [UInt8]?) -> ControlAnswer {
    switch request {
    case ClassRequest.getLength: .data([UInt8(length), 0])
    case ClassRequest.getInfo: .data([0b11])
    case ClassRequest.getCurrent: .data(current ?? [])
    case ClassRequest.getMinimum, ClassRequest.getMaximum, ClassRequest.getResolution, ClassRequest.getDefault:
      .data(limit ?? [])
    default: .stall(.invalidRequest)
    }
  }
}

// MARK: - Standard requests

extension ControlEndpoint {
  private enum Standard {
    static let getStatus: UInt8 = 0
    static let clearFeature: UInt8 = 1
    static let setFeature: UInt8 = 3
    static let getDescriptor: UInt8 = 6
    static let getConfiguration: UInt8 = 8
    static let setConfiguration: UInt8 = 9
    static let getInterface: UInt8 = 10
    static let setInterface: UInt8 = 11
  }

  private mutating func standard(_ setup: SetupPacket) -> (ControlAnswer, [ControlEffect]) {
    switch setup.request {
    case Standard.getDescriptor: return (descriptor(setup), [])
    case Standard.getStatus: return (.data([0, 0]), [])
    case Standard.getConfiguration: return (.data([configuration]), [])
    case Standard.getInterface: return (.data([alternates[setup.target] ?? 0]), [])
    case Standard.setConfiguration:
      configuration = UInt8(truncatingIfNeeded: setup.value)
      alternates = [:]
      return (.done, [.videoStopped, .soundStopped, .configured(Int(configuration))])
    case Standard.setInterface: return select(setup.target, UInt8(truncatingIfNeeded: setup.value))
    case Standard.clearFeature:
      // How the driver stops a bulk stream.
      let isVideo = setup.recipient == 2 && setup.target == 0x80 | WebcamLayout.videoEndpoint
      return (.done, isVideo && model.transfer == .bulk ? [.videoStopped] : [])
    case Standard.setFeature: return (.done, [])
    default: return (.stall(.invalidRequest), [])
    }
  }

  private func descriptor(_ setup: SetupPacket) -> ControlAnswer {
    let bytes: [UInt8]? =
      switch setup.selector {
      case WebcamDescriptors.Kind.device: descriptors.device
      case WebcamDescriptors.Kind.configuration where setup.value & 0xFF == 0: descriptors.configuration
      case WebcamDescriptors.Kind.string: descriptors.string(Int(setup.value & 0xFF))
      case WebcamDescriptors.Kind.qualifier: descriptors.qualifier
      default: nil
      }
    return bytes.map { .data($0) } ?? .stall(.invalidRequest)
  }

  private mutating func select(_ interface: UInt8, _ alternate: UInt8) -> (ControlAnswer, [ControlEffect]) {
    switch interface {
    case layout.videoStreaming where model.transfer == .isochronous:
      guard alternate <= WebcamLayout.alternates.count else { return (.stall(.invalidRequest), []) }
      alternates[interface] = alternate
      guard alternate > 0 else { return (.done, [.videoStopped]) }
      guard var choice = stream?.committed else { return (.stall(.wrongState), []) }
      choice.payload = WebcamLayout.alternates[Int(alternate) - 1].bytes
      return (.done, [.videoStopped, .videoStarted(choice)])
    case layout.audioStreaming:
      guard alternate <= 1 else { return (.stall(.invalidRequest), []) }
      alternates[interface] = alternate
      return (.done, alternate == 0 ? [.soundStopped] : [.soundStopped, .soundStarted(rate: sound?.rate ?? 48_000)])
    default: return alternate == 0 ? (.done, []) : (.stall(.invalidRequest), [])
    }
  }
}
