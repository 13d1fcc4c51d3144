import CPumpkiiV4L2
import Glibc
import PumpkiiV4L2
import Testing

@Suite struct ControlBookTests {
  private let names = [
    "brightness", "white_balance_automatic", "power_line_frequency", "white_balance_temperature", "auto_exposure",
    "exposure_time_absolute", "privacy",
  ]

  @Test(
    "controls: names are normalised as v4l2-ctl does",
    arguments: [
      ("Brightness", "brightness"), ("White Balance Temperature, Auto", "white_balance_temperature_auto"),
      ("Exposure (Absolute)", "exposure_absolute"), ("  LED1 Mode ", "led1_mode"), ("Größe 2", "gr_e_2"), ("--", ""),
    ])
  func names(title: String, name: String) { #expect(ControlName.normalised(title) == name) }

  @Test("controls: the list has ranges, values and menus, and no headings", arguments: [0, 1, 2])
  func list(age: Int) throws {
    let kernel = ControlKernel.webcam()
    kernel.isOld = age == 1
    kernel.isVeryOld = age == 2
    let list = try kernel.book().list()
    #expect(list.map(\.name) == names)
    let temperature = try #require(list.first { $0.name == "white_balance_temperature" })
    #expect((temperature.minimum, temperature.maximum, temperature.step, temperature.value) == (2000, 6500, 10, 4000))
    #expect(temperature.isInactive && temperature.kind == .integer)
    let exposure = try #require(list.first { $0.name == "auto_exposure" })
    #expect(exposure.menu == [1: "Manual Mode", 3: "Aperture Priority Mode"] && exposure.value == 3)
    #expect(list.last?.isReadOnly == true)
  }

  @Test("controls: one that does not answer hides none behind it", arguments: [EIO, EPIPE, EPROTO])
  func silentControl(errno: Int32) throws {
    for id in [V4L2_CID_BRIGHTNESS, V4L2_CID_POWER_LINE_FREQUENCY, V4L2_CID_EXPOSURE_AUTO, V4L2_CID_PRIVACY] {
      let kernel = ControlKernel.webcam()
      kernel.change(id) { $0.errors.query = errno }
      let missing = try ControlKernel.webcam().book().list().first { $0.id == UInt32(id) }
      #expect(try kernel.book().list().map(\.name) == names.filter { $0 != missing?.name })
    }
  }

  @Test("controls: nor does one hide any whose number V4L2 has not given out")
  func silentStranger() throws {
    let kernel = ControlKernel.webcam()
    let own = ControlKernel.Control(id: V4L2_CID_BASE + 60, title: "Own", errors: (EIO, 0, 0))
    kernel.controls = (kernel.controls + [own]).sorted { $0.id < $1.id }
    #expect(try kernel.book().list().map(\.name) == names)
  }

  @Test("controls: a camera that answers nothing in time is not asked for every one")
  func silentCamera() throws {
    let kernel = ControlKernel.webcam()
    for control in kernel.controls { kernel.change(control.id) { $0.errors.query = ETIMEDOUT } }
    #expect(try kernel.book().list().isEmpty)
    #expect(kernel.asked <= 4)
  }

  @Test func aDriverWhoseNumbersDoNotGrowIsNotWalkedForEver() throws {
    let kernel = ControlKernel((0..<2000).map { .init(id: V4L2_CID_BASE + $0, title: "Knob \($0)") })
    #expect(try kernel.book().list().count == 1024)
  }

  @Test("controls: automatic modes are set before what they rule")
  func order() throws {
    let kernel = ControlKernel.webcam()
    let outcomes = try kernel.book().apply([
      "exposure_time_absolute": 100, "white_balance_temperature": 5000, "auto_exposure": 1,
      "white_balance_automatic": 0, "brightness": 12,
    ])
    #expect(
      kernel.log == [
        "white_balance_automatic=0", "auto_exposure=1", "brightness=12", "white_balance_temperature=5000",
        "exposure_time_absolute=100",
      ])
    #expect(outcomes.allSatisfy { $0.problem == nil && $0.got == $0.wanted } && outcomes.count == 5)
  }

  @Test("controls: what an automatic mode rules is not set, and the outcome says so")
  func inactive() throws {
    let kernel = ControlKernel.webcam()
    let outcome = try #require(try kernel.book().apply(["exposure_time_absolute": 100]).first)
    #expect(outcome.problem?.contains("automatic mode") == true && outcome.got == nil && kernel.log.isEmpty)
  }

  @Test(
    "controls: a value that it does not take is refused with the range",
    arguments: [
      ("brightness", 256, "takes 0 to 255"), ("brightness", -1, "takes 0 to 255"),
      ("white_balance_temperature", 4005, "4000 or 4010"),
      ("white_balance_temperature", 9000, "2000 to 6500 in steps of 10"),
      ("power_line_frequency", 3, "0 (Disabled), 1 (50 Hz), 2 (60 Hz)"), ("auto_exposure", 2, "1 (Manual Mode)"),
      ("privacy", 1, "only be read"), ("sharpness", 1, "none of this camera's controls"),
      ("brightness", Int.max, "takes 0 to 255"), ("brightness", Int.min, "takes 0 to 255"),
    ])
  func refused(name: String, value: Int, words: String) throws {
    let kernel = ControlKernel.webcam()
    let outcomes = try kernel.book().apply([name: value, "white_balance_automatic": 0])
    let outcome = try #require(outcomes.first { $0.name == name })
    #expect(outcome.problem?.contains(words) == true, "\(outcome)")
    #expect(kernel.log == ["white_balance_automatic=0"])
  }

  @Test("controls: what the camera made of a value is read back and said")
  func clamped() throws {
    let kernel = ControlKernel.webcam()
    kernel.change(V4L2_CID_BRIGHTNESS) { $0.keeps = { min($0, 200) } }
    let outcome = try #require(try kernel.book().apply(["brightness": 240]).first)
    #expect(outcome.got == 200 && outcome.problem == "was made 200 by the camera")
    #expect(outcome.description == "control brightness was not set to 240: it was made 200 by the camera")
  }

  @Test("controls: one that fails does not stop the others", arguments: [EIO, EPIPE, EACCES, EBUSY, ERANGE, 99])
  func oneFails(errno: Int32) throws {
    let kernel = ControlKernel.webcam()
    kernel.change(V4L2_CID_BRIGHTNESS) { $0.errors.set = errno }
    let outcomes = try kernel.book().apply(["brightness": 1, "power_line_frequency": 1])
    #expect(outcomes.map { $0.problem == nil } == [false, true])
    #expect(outcomes.last?.got == 1)
  }

  @Test("controls: a held one is not touched, a disabled one is unknown")
  func flags() throws {
    let kernel = ControlKernel.webcam()
    kernel.change(V4L2_CID_BRIGHTNESS) { $0.flags = V4L2_CTRL_FLAG_GRABBED }
    kernel.change(V4L2_CID_POWER_LINE_FREQUENCY) { $0.flags = V4L2_CTRL_FLAG_DISABLED }
    let outcomes = try kernel.book().apply(["brightness": 1, "power_line_frequency": 1])
    #expect(outcomes.allSatisfy { $0.problem != nil } && kernel.log.isEmpty)
  }

  @Test("controls: after the camera went, or stopped answering, nothing more is tried", arguments: [ENODEV, ETIMEDOUT])
  func gone(errno: Int32) throws {
    let kernel = ControlKernel.webcam()
    kernel.change(V4L2_CID_BRIGHTNESS) { $0.errors.set = errno }
    let outcomes = try kernel.book().apply(["brightness": 1, "power_line_frequency": 1])
    #expect(outcomes.allSatisfy { $0.problem != nil } && kernel.log == ["brightness=1"])
  }

  @Test("controls: a configuration of another kernel's names holds")
  func renamed() throws {
    let kernel = ControlKernel.webcam()
    let outcomes = try kernel.book().apply(["exposure_auto": 1, "exposure_absolute": 99])
    #expect(kernel.log == ["auto_exposure=1", "exposure_time_absolute=99"])
    #expect(outcomes.map(\.name) == ["exposure_auto", "exposure_absolute"])
    let twice = try kernel.book().apply(["exposure_auto": 1, "auto_exposure": 3])
    #expect(twice.count { $0.problem?.contains("same as another") == true } == 1)
  }

  @Test func buttonsAreNotReadBackAndArraysAreNotSet() throws {
    let kernel = ControlKernel.webcam()
    kernel.controls.append(
      .init(
        id: V4L2_CID_PRIVACY + 1, title: "Focus Once", type: V4L2_CTRL_TYPE_BUTTON.rawValue, range: 0...0,
        errors: (0, EACCES, 0)))
    kernel.controls.append(
      .init(
        id: V4L2_CID_PRIVACY + 2, title: "Matrix", type: V4L2_CTRL_TYPE_U8.rawValue,
        flags: V4L2_CTRL_FLAG_HAS_PAYLOAD))
    let outcomes = try kernel.book().apply(["focus_once": 1, "matrix": 1])
    #expect(outcomes.map { $0.problem } == [nil, "cannot be set by a number"])
    #expect(kernel.log == ["focus_once=1"])
  }

  @Test func noWishAsksNothing() throws {
    let kernel = ControlKernel.webcam()
    #expect(try kernel.book().apply([:]).isEmpty && kernel.asked == 0)
  }
}
