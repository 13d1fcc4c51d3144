import PumpkiiAgent
import PumpkiiWire
import Testing

@Suite struct AttentionTests {
  private let second: UInt64 = 1_000_000_000

  private func inputs(_ wanted: ClassMask, camera: Bool = true, microphone: Bool = true) -> Attention.Inputs {
    var inputs = Attention.Inputs()
    inputs.wanted = wanted
    inputs.cameraAllowed = camera
    inputs.microphoneAllowed = microphone
    inputs.isConnected = true
    return inputs
  }

  @Test func nothingOpensWhileNobodyWatches() {
    var attention = Attention()
    #expect(attention.decide(inputs([]), now: 50 * second).directive == Attention.Directive())
  }

  @Test func sensorsOpenForTheFirstViewerOfTheirClass() {
    var attention = Attention()
    let video = attention.decide(inputs(ClassMask(.video)), now: 0).directive
    #expect(video.camera && !video.microphone && video.uplink)
    let photo = attention.decide(inputs(ClassMask(.photo)), now: 0).directive
    #expect(photo.camera)
  }

  @Test func aDeniedSensorIsNeverTurnedOn() {
    var attention = Attention()
    let all = ClassMask(classes: [.video, .audio])
    let directive = attention.decide(inputs(all, microphone: false), now: 0).directive
    #expect(directive.camera && !directive.microphone)
    #expect(!attention.decide(inputs(all, camera: false), now: 0).directive.camera)
  }

  @Test func sensorsLingerAfterTheLastViewerAndThenClose() {
    var attention = Attention()
    _ = attention.decide(inputs(ClassMask(.video)), now: 0)
    let left = attention.decide(inputs([]), now: second)
    #expect(left.directive.camera, "the next viewer may come at once")
    #expect(left.directive.live.isEmpty, "but nothing is sealed meanwhile")
    #expect(left.changesAt == 10 * second)
    let gone = attention.decide(inputs([]), now: 10 * second)
    #expect(!gone.directive.camera && !gone.directive.uplink && gone.changesAt == nil)
  }

  @Test func denialDoesNotLinger() {
    var attention = Attention()
    _ = attention.decide(inputs(ClassMask(.audio)), now: 0)
    #expect(!attention.decide(inputs(ClassMask(.audio), microphone: false), now: 1).directive.microphone)
  }

  @Test func nothingIsLiveBeforeTheUplinkStands() {
    var attention = Attention()
    var waiting = inputs(ClassMask(.video))
    waiting.isConnected = false
    let directive = attention.decide(waiting, now: 0).directive
    #expect(directive.live.isEmpty && directive.uplink)
    #expect(!directive.camera, "its first frames could not be used")
  }

  @Test func retiredMeansNothingOpens() {
    var attention = Attention()
    var last = inputs(ClassMask(.video))
    last.isRetired = true
    let directive = attention.decide(last, now: 0).directive
    #expect(directive.isRetired && !directive.camera && !directive.uplink)
  }
}
