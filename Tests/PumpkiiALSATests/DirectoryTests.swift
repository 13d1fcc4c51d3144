import Foundation
import PumpkiiALSA
import PumpkiiCapture
import Testing

/// A made-up `/sys`, `/dev` and `/proc`.
private struct MadeUpMachine {
  let root: String

  init() throws {
    root = FileManager.default.temporaryDirectory.appending(path: "pumpkii-cards-\(UUID().uuidString)").path
    for folder in [
      "sys/class/sound", "sys/devices", "dev/snd", "proc", "sys/bus/usb", "sys/bus/pci", "sys/bus/platform",
    ] {
      try FileManager.default.createDirectory(atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
    }
  }

  func remove() { try? FileManager.default.removeItem(atPath: root) }

  func write(_ text: String, to path: String) throws {
    let whole = "\(root)/\(path)"
    let folder = (whole as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try (text + "\n").write(toFile: whole, atomically: true, encoding: .utf8)
  }

  func link(_ path: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: "\(root)/\(path)", withDestinationPath: target)
  }

  /// A card below `device`, which is a folder of `sys/devices`.
  func card(_ number: Int, id: String, device: String, captures: [Int] = [0]) throws {
    let card = "sys/devices/\(device)/sound/card\(number)"
    try write(id, to: "\(card)/id")
    if !FileManager.default.fileExists(atPath: "\(root)/\(card)/device") {
      try link("\(card)/device", to: "\(root)/sys/devices/\(device)")
    }
    try link("sys/class/sound/card\(number)", to: "\(root)/\(card)")
    for capture in captures {
      try write("", to: "sys/devices/\(device)/sound/card\(number)/pcmC\(number)D\(capture)c/uevent")
      try link("sys/class/sound/pcmC\(number)D\(capture)c", to: "\(root)/\(card)/pcmC\(number)D\(capture)c")
      try write("", to: "dev/snd/pcmC\(number)D\(capture)c")
    }
  }

  /// A USB device with interface 1.2 that is a sound card.
  func usb(controller: String, bus: String, ports: String, serial: String?) throws -> String {
    let device = "\(controller)/usb1/1-\(ports)"
    try write("046d", to: "sys/devices/\(device)/idVendor")
    try write("082d", to: "sys/devices/\(device)/idProduct")
    if let serial { try write(serial, to: "sys/devices/\(device)/serial") }
    let interface = "\(device)/1-\(ports):1.2"
    try FileManager.default.createDirectory(
      atPath: "\(root)/sys/devices/\(interface)", withIntermediateDirectories: true)
    for folder in [interface, device, "\(controller)/usb1"] {
      try? link("sys/devices/\(folder)/subsystem", to: "\(root)/sys/bus/usb")
    }
    try? link("sys/devices/\(controller)/subsystem", to: "\(root)/sys/bus/\(bus)")
    return interface
  }
}

private struct FakeCards: CardInterface {
  var names: [Int: String] = [:]
  func name(ofCard card: Int) -> String? { names[card] }
  func capabilities(of pcm: String) -> PCMCapabilities? {
    names.isEmpty ? nil : PCMCapabilities(rates: [16_000, 48_000], channels: [1], formats: [.s16])
  }
}

@Suite struct DirectoryTests {
  @Test("checklist 49: a USB microphone is named by what it is and where it is plugged in, never by its number")
  func usbIdentity() throws {
    let machine = try MadeUpMachine()
    defer { machine.remove() }
    let virtual = try machine.usb(controller: "platform/vhci_hcd.0", bus: "platform", ports: "1", serial: "AB C/1")
    try machine.card(3, id: "webcam", device: virtual)
    let onBoard = try machine.usb(
      controller: "pci0000:00/0000:00:14.0", bus: "pci", ports: "1.2", serial: nil)
    try machine.card(0, id: "webcam_1", device: onBoard, captures: [0, 2])
    let found = ALSADirectory(root: machine.root, cards: FakeCards(names: [3: "HD Pro Webcam", 0: "Other"])).list()
    #expect(
      found.map(\.identity.id) == [
        "usb-046d-082d-none-pci-0000:00:14.0-usb-0:1.2", "usb-046d-082d-none-pci-0000:00:14.0-usb-0:1.2#2",
        "usb-046d-082d-AB_C_1-platform-vhci_hcd.0-usb-0:1",
      ])
    #expect(found.map(\.pcm) == ["hw:CARD=webcam_1,DEV=0", "hw:CARD=webcam_1,DEV=2", "hw:CARD=webcam,DEV=0"])
    #expect(found.map(\.identity.name) == ["Other", "Other", "HD Pro Webcam"])
    #expect(found[2].rates == [16_000, 48_000] && found[2].channels == [1] && found[2].formats == ["S16_LE"])
    #expect(found[2].identity.capabilities == "card webcam\nrates 16000,48000\nchannels 1\nformats S16_LE\n")
    #expect(found.allSatisfy { $0.identity.kind == .microphone })
  }

  @Test("other cards are named by their id; a card that only plays is no microphone")
  func otherCards() throws {
    let machine = try MadeUpMachine()
    defer { machine.remove() }
    try machine.card(0, id: "PCH", device: "pci0000:00/0000:00:1f.3")
    try machine.card(1, id: "HDMI", device: "pci0000:00/0000:00:03.0", captures: [])
    let directory = ALSADirectory(root: machine.root, cards: FakeCards())
    #expect(directory.list().map(\.identity.id) == ["card-PCH"])
    #expect(directory.list().map(\.identity.name) == ["PCH"])
    #expect(directory.find("card-PCH")?.pcm == "hw:CARD=PCH,DEV=0")
    #expect(directory.find("card-HDMI") == nil)
    #expect(ALSADirectory(root: "/no/such/folder", cards: FakeCards()).list().isEmpty)
  }

  @Test("checklist 49: a replugged microphone is found under its new number and its new card id")
  func renumbered() throws {
    let machine = try MadeUpMachine()
    defer { machine.remove() }
    let device = try machine.usb(controller: "platform/vhci_hcd.0", bus: "platform", ports: "1", serial: "1")
    try machine.card(0, id: "webcam", device: device)
    let directory = ALSADirectory(root: machine.root, cards: FakeCards())
    let id = try #require(directory.list().first?.identity.id)
    for path in ["sys/class/sound/card0", "sys/class/sound/pcmC0D0c"] {
      try FileManager.default.removeItem(atPath: "\(machine.root)/\(path)")
    }
    #expect(directory.find(id) == nil)
    try machine.card(4, id: "webcam_1", device: device)
    #expect(directory.find(id)?.pcm == "hw:CARD=webcam_1,DEV=0")
  }

  @Test("checklist 48: a microphone that was unplugged is absent, with what to do")
  func absent() throws {
    let machine = try MadeUpMachine()
    defer { machine.remove() }
    try machine.card(0, id: "PCH", device: "platform/sound")
    let directory = ALSADirectory(root: machine.root, cards: FakeCards())
    let device = try #require(directory.list().first)
    try FileManager.default.removeItem(atPath: "\(machine.root)/sys/class/sound/card0")
    #expect(throws: CaptureError(.gone, "", advice: "")) {
      _ = try ALSAMicrophone(device, wish: MicrophoneWish(), directory: directory).open()
    }
  }

  @Test("checklist 48: a busy card names its holder, without what it may not show")
  func holders() throws {
    let machine = try MadeUpMachine()
    defer { machine.remove() }
    try machine.card(1, id: "webcam", device: "platform/sound")
    try machine.write("arec\u{1B}ord", to: "proc/4711/comm")
    try FileManager.default.createDirectory(
      atPath: "\(machine.root)/proc/4711/fd", withIntermediateDirectories: true)
    try machine.link("proc/4711/fd/5", to: "/dev/snd/pcmC1D0c")
    try machine.write("other", to: "proc/12/comm")
    try FileManager.default.createDirectory(atPath: "\(machine.root)/proc/12/fd", withIntermediateDirectories: true)
    try machine.link("proc/12/fd/5", to: "/dev/snd/pcmC1D0p")
    let directory = ALSADirectory(root: machine.root, cards: FakeCards())
    let node = try #require(directory.nodes().first)
    #expect(directory.holders(of: node) == ["arecord (pid 4711)"])
    let busy = directory.openingError("hw:CARD=webcam,DEV=0", errno: EBUSY)
    #expect(busy.advice.hasSuffix("dsnoop:CARD=webcam,DEV=0"))
    #expect(busy.code == .busy && busy.reason.contains("arecord (pid 4711)"))
    for (server, pcm) in [("pipewire-pulse", "pipewire"), ("pulseaudio", "pulse")] {
      try machine.write(server, to: "proc/4711/comm")
      let error = directory.openingError("hw:CARD=webcam,DEV=0", errno: EBUSY)
      #expect(error.advice.hasSuffix("microphone.device: \(pcm)"), "a sound server shares its card itself: \(error)")
    }
    try machine.write("arecord", to: "proc/4711/comm")
    #expect(directory.openingError("plughw:CARD=webcam", errno: EBUSY).reason.contains("arecord (pid 4711)"))
    #expect(directory.openingError("hw:CARD=other", errno: EBUSY).reason.hasPrefix("another program"))
  }

  @Test("checklist 48: without the right to open a card alsa-lib finds none: that is no permission, with the group")
  func forbidden() throws {
    let machine = try MadeUpMachine()
    defer { machine.remove() }
    try machine.card(1, id: "webcam", device: "platform/sound")
    let directory = ALSADirectory(root: machine.root, cards: FakeCards())
    #expect(directory.openingError("hw:CARD=webcam,DEV=0", errno: ENOENT).code == .gone)
    #expect(directory.openingError("hw:CARD=webcam,DEV=0", errno: EACCES).advice.contains("audio"))
    // What access(2) says cannot be tried as root, who may open everything.
    let refused = directory.openingError("hw:CARD=webcam,DEV=0", errno: ENOENT, mayOpen: { _ in false })
    #expect(refused.code == .noPermission && refused.advice.contains("group audio"))
    #expect(directory.openingError("hw:CARD=nobody", errno: ENOENT, mayOpen: { _ in false }).code == .gone)
  }
}
