import PumpkiiAgent
import PumpkiiPolicy
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
    var picture: Uses = []
    if wanted.contains(.video) { picture.insert(.live) }
    if wanted.contains(.photo) { picture.insert(.photo) }
    let sound: Uses = wanted.contains(.audio) ? .live : []
    inputs.picture = Attention.Wish(desired: picture, allowed: camera ? picture : [])
    inputs.sound = Attention.Wish(desired: sound, allowed: microphone ? sound : [])
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

  @Test func aSensorIsNotOpenForWhoMayHaveNothingOfIt() {
    var attention = Attention()
    var unshared = inputs(ClassMask(.video))
    unshared.picture.allowed = []
    #expect(!attention.decide(unshared, now: 0).directive.camera)
    // Somebody else may: a recording on the device.
    unshared.picture.desired.insert(.record)
    unshared.picture.allowed = .record
    #expect(attention.decide(unshared, now: 1).directive.camera)
  }

  @Test func whatWasTakenAwayDoesNotLinger() {
    var attention = Attention()
    _ = attention.decide(inputs(ClassMask(.video)), now: 0)
    var unshared = inputs(ClassMask(.video))
    unshared.picture.allowed = []
    let denied = attention.decide(unshared, now: 1)
    #expect(!denied.directive.camera && denied.changesAt == nil)
  }

  @Test func aWishThatWasNeverAllowedEndsNobodysLinger() {
    var attention = Attention()
    var watched = inputs(ClassMask(.video))
    watched.picture.desired.insert(.record)
    _ = attention.decide(watched, now: 0)
    var left = inputs([])
    left.picture.desired = .record
    #expect(attention.decide(left, now: second).directive.camera)
    #expect(!attention.decide(left, now: 10 * second).directive.camera)
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
