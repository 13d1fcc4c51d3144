import CPumpkiiV4L2
import Glibc
import PumpkiiCapture
import PumpkiiV4L2
import Testing

@Suite struct V4L2DirectoryTests {
  private let pci = "pci0000:00/0000:00:14.0"

  private func tree() throws -> FakeTree {
    let tree = try FakeTree()
    try tree.device("pci0000:00/0000:00:14.0", subsystem: "pci")
    return tree
  }

  /// Pictures and their metadata, as uvcvideo makes them.
  private func webcam(_ tree: FakeTree, on interface: String, name: String, first: Int, index: Int = 0) throws {
    try tree.node(first, on: interface, name: name, index: index)
    let both = UInt32(V4L2_CAP_VIDEO_CAPTURE) | UInt32(V4L2_CAP_META_CAPTURE) | UInt32(V4L2_CAP_STREAMING)
    let metadata = FakeTree.node(driver: "uvcvideo", caps: V4L2_CAP_META_CAPTURE, of: both)
    try tree.node(first + 1, on: interface, name: name, index: index + 1, metadata)
  }

  @Test("checklist 1: a webcam's metadata node is no camera, although its device captures")
  func deviceCapsDecide() throws {
    let tree = try tree()
    let interface = try tree.usb(host: pci, port: "1.2", vendor: "046d", product: "082d", serial: "9C1B2A3F")
    try webcam(tree, on: interface, name: "HD Pro Webcam C920", first: 0)
    let found = tree.directory.list()
    #expect(found.map(\.kind) == [.capture, .metadata])
    #expect(found.map(\.path) == ["\(tree.root)/dev/video0", "\(tree.root)/dev/video1"])
    #expect(found[0].identity.id == "usb-046d-082d-9C1B2A3F-pci-0000:00:14.0-usb-0:1.2")
    #expect(found[1].identity.id == "usb-046d-082d-9C1B2A3F-pci-0000:00:14.0-usb-0:1.2#1")
    #expect(found[0].identity.name == "HD Pro Webcam C920" && found[0].driver == "uvcvideo")
    tree.kernel.expectBalance()
  }

  @Test("a camera that is looked for by its identity is the only one that is opened") func findsOne() throws {
    let tree = try tree()
    for (place, port) in ["1.2", "1.3", "1.4"].enumerated() {
      let interface = try tree.usb(host: pci, port: port, vendor: "046d", product: "082d", serial: "S\(port)")
      try webcam(tree, on: interface, name: "Webcam \(port)", first: 2 * place)
    }
    let all = tree.directory.list()
    let opened = { tree.kernel.nodes.mapValues { $0.log.count { $0 == "open" } } }
    let before = opened()
    let wanted = try #require(all.first { $0.path.hasSuffix("video2") })
    #expect(tree.directory.find(wanted.identity.id)?.path == wanted.path)
    #expect(opened().filter { $0.value != before[$0.key] }.keys.map { $0 } == [wanted.path])
    #expect(tree.directory.find("usb-nobody") == nil)
    tree.kernel.expectBalance()
  }

  @Test("checklist 1: an old driver without device_caps is judged by its capabilities")
  func withoutDeviceCaps() throws {
    let tree = try tree()
    let node = try tree.node(0, on: nil, name: "old")
    node.hasDeviceCaps = false
    #expect(tree.directory.list().map(\.kind) == [.capture])
  }

  @Test("checklist 2: encoders and scalers are no cameras")
  func memoryToMemory() throws {
    let tree = try tree()
    let codec = "platform/soc/fe00b840.mailbox/bcm2835-codec"
    try tree.device(codec, subsystem: "vchiq-bus", driver: "bcm2835-codec")
    let nodes = [
      (10, "bcm2835-codec-decode", FakeTree.node(driver: "bcm2835-codec", caps: V4L2_CAP_VIDEO_M2M_MPLANE)),
      (11, "bcm2835-codec-encode", FakeTree.node(driver: "bcm2835-codec", caps: V4L2_CAP_VIDEO_M2M)),
      // Older drivers say both directions.
      (
        12, "bcm2835-codec-isp",
        FakeTree.node(driver: "bcm2835-codec", caps: V4L2_CAP_VIDEO_CAPTURE, V4L2_CAP_VIDEO_OUTPUT)
      ),
      (
        18, "bcm2835-codec-image",
        FakeTree.node(driver: "x", caps: V4L2_CAP_VIDEO_CAPTURE_MPLANE, V4L2_CAP_VIDEO_OUTPUT_MPLANE)
      ),
    ]
    for (number, name, node) in nodes { try tree.node(number, on: codec, name: name, node) }
    #expect(tree.directory.list().map(\.kind) == [.memoryToMemory, .memoryToMemory, .memoryToMemory, .memoryToMemory])
  }

  @Test("checklist 3: a camera keeps its identity when its node moves")
  func nodesMove() throws {
    let tree = try tree()
    let interface = try tree.usb(host: pci, port: "2", vendor: "05a3", product: "9230")
    try webcam(tree, on: interface, name: "HD USB Camera", first: 0)
    let before = try #require(tree.directory.list().first)
    #expect(before.identity.id == "usb-05a3-9230-none-pci-0000:00:14.0-usb-0:2")
    // Replugged while somebody held the old one open.
    for number in [0, 1] {
      try tree.remove("/sys/devices/\(interface)/video4linux/video\(number)")
      try tree.remove("/sys/class/video4linux/video\(number)")
    }
    _ = try tree.usb(host: pci, port: "2", vendor: "05a3", product: "9230", device: 9)
    try webcam(tree, on: interface, name: "HD USB Camera", first: 1)
    let now = try #require(tree.directory.find(before.identity.id))
    #expect(now.path == "\(tree.root)/dev/video1" && now.kind == .capture)
    #expect(before.usb?.device == 4 && now.usb?.device == 9)
    #expect(now.usb?.nodePath == "\(tree.root)/dev/bus/usb/001/009")
    #expect(tree.directory.find("usb-05a3-9231-none-pci-0000:00:14.0-usb-0:2") == nil)
  }

  @Test("checklist 3: two cameras of one kind without serial numbers are told apart by their ports")
  func twins() throws {
    let tree = try tree()
    for (port, first) in [("1.1", 0), ("1.4", 2)] {
      let interface = try tree.usb(host: pci, port: port, vendor: "05a3", product: "9230", device: 5 + first)
      try webcam(tree, on: interface, name: "HD USB Camera", first: first)
    }
    let cameras = tree.directory.list().filter(\.isCamera)
    #expect(
      cameras.map(\.identity.id) == [
        "usb-05a3-9230-none-pci-0000:00:14.0-usb-0:1.1", "usb-05a3-9230-none-pci-0000:00:14.0-usb-0:1.4",
      ])
    #expect(cameras.map(\.usb?.portPath) == ["1-1.1", "1-1.4"])
  }

  @Test("checklist 3: the order in which buses were found is no part of an identity")
  func busNumbers() throws {
    let ids = try [1, 3].map { bus in
      let tree = try tree()
      let interface = try tree.usb(host: pci, port: "1", vendor: "046d", product: "082d", serial: "A", bus: bus)
      try tree.node(0, on: interface, name: "cam")
      return tree.directory.list().map(\.identity.id)
    }
    #expect(ids[0] == ids[1])
  }

  @Test("checklist 3: several capture nodes of one device are numbered among themselves")
  func severalNodes() throws {
    let tree = try tree()
    let colour = try tree.usb(host: pci, port: "1", vendor: "8086", product: "0b07", serial: "7", interface: 3)
    let depth = try tree.usb(host: pci, port: "1", vendor: "8086", product: "0b07", serial: "7", interface: 0)
    try webcam(tree, on: colour, name: "Colour", first: 0)
    try webcam(tree, on: depth, name: "Depth", first: 2)
    try webcam(tree, on: depth, name: "Depth", first: 4, index: 2)
    let found = tree.directory.list().filter(\.isCamera)
    let base = "usb-8086-0b07-7-pci-0000:00:14.0-usb-0:1"
    #expect(found.map(\.identity.name) == ["Colour", "Depth", "Depth"])
    #expect(found.map(\.identity.id) == ["\(base)#4", base, "\(base)#2"])
  }

  @Test(
    "checklist 3: a chain of bridges and the emulated bus are named as udev names them",
    arguments: [
      (
        [
          ("platform/scb", "platform"), ("platform/scb/fd500000.pcie", "platform"),
          ("platform/scb/fd500000.pcie/pci0000:00/0000:00:00.0", "pci"),
          ("platform/scb/fd500000.pcie/pci0000:00/0000:00:00.0/0000:01:00.0", "pci"),
        ], "1.3", "platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.3"
      ),
      ([("platform/vhci_hcd.0", "platform")], "1", "platform-vhci_hcd.0-usb-0:1"),
    ])
  func paths(devices: [(String, String)], port: String, place: String) throws {
    let tree = try tree()
    for (path, subsystem) in devices { try tree.device(path, subsystem: subsystem) }
    let host = try #require(devices.last).0
    let interface = try tree.usb(host: host, port: port, vendor: "534d", product: "2109", serial: "20 21/0")
    try tree.node(0, on: interface, name: "USB Video")
    #expect(tree.directory.list().map(\.identity.id) == ["usb-534d-2109-20_21_0-\(place)"])
  }

  @Test(
    "checklist 15: a raw sensor is no camera, and the advice names the route that works",
    arguments: [
      ("unicam", V4L2_CAP_META_CAPTURE, "RG10"), ("rp1-cfe", Int32(0x2000_0000), "YUYV"),
      ("rkcif", V4L2_CAP_IO_MC, ""), ("some-new-receiver", 0, "pgAA"),
    ])
  func rawSensors(driver: String, flag: Int32, format: String) throws {
    let tree = try tree()
    try tree.device("platform/axi/1f00128000.csi", subsystem: "platform", driver: driver)
    let formats = format.isEmpty ? [] : [ScriptedFormat.of(fourcc(format), [.init(1456, 1088)])]
    let node = FakeTree.node(driver: driver, caps: V4L2_CAP_VIDEO_CAPTURE, flag, formats: formats)
    try tree.node(0, on: "platform/axi/1f00128000.csi", name: "\(driver)-image", node)
    let found = try #require(tree.directory.list().first)
    guard case .rawSensor(let advice) = found.kind else { return #expect(Bool(false), "\(found.kind)") }
    #expect(advice.contains("--camera rpicam") && advice.contains("rpicam-apps"))
    #expect(found.identity.id == "platform-1f00128000.csi-\(driver)-image" && !found.isCamera)
  }

  @Test("checklist 15: an HDMI bridge behind a sensor's receiver gives pictures, and a USB camera always does")
  func bridges() throws {
    let tree = try tree()
    try tree.device("platform/fe801000.csi", subsystem: "platform", driver: "unicam")
    let bridge = FakeTree.node(
      driver: "unicam", caps: V4L2_CAP_VIDEO_CAPTURE, formats: [.of(fourcc("UYVY"), [.init(1920, 1080)])])
    try tree.node(0, on: "platform/fe801000.csi", name: "unicam", bridge)
    let bayer = ScriptedNode([.of(fourcc("BA81"), [.init(640, 480)])])
    let interface = try tree.usb(host: pci, port: "1", vendor: "2560", product: "c120")
    try tree.node(1, on: interface, name: "See3CAM", bayer)
    #expect(tree.directory.list().map(\.kind) == [.capture, .capture])
  }

  @Test func virtualDevicesAndOutputsHaveNamesToo() throws {
    let tree = try tree()
    try tree.device("platform/vivid.0", subsystem: "platform", driver: "vivid")
    try tree.node(0, on: "platform/vivid.0", name: "vivid-000-vid-cap", FakeTree.node(driver: "vivid", caps: 1))
    let output = FakeTree.node(driver: "vivid", caps: V4L2_CAP_VIDEO_OUTPUT)
    try tree.node(1, on: "platform/vivid.0", name: "vivid-000-vid-out", output)
    try tree.node(2, on: nil, name: "Dummy video (0)", FakeTree.node(driver: "v4l2 loopback", caps: 1))
    try tree.node(10, on: nil, name: "Dummy video (0)", FakeTree.node(driver: "v4l2 loopback", caps: 1))
    let found = tree.directory.list()
    #expect(
      found.map(\.identity.id) == [
        "platform-vivid.0-vivid-000-vid-cap", "platform-vivid.0-vivid-000-vid-out", "virtual-Dummy_video__0_",
        "virtual-Dummy_video__0_#1",
      ])
    #expect(found.map(\.kind) == [.capture, .output, .capture, .capture])
  }

  @Test func aNodeThatCannotBeOpenedIsListedWithWhatSysfsTells() throws {
    let tree = try tree()
    let interface = try tree.usb(host: pci, port: "1", vendor: "046d", product: "082d", serial: "A")
    try webcam(tree, on: interface, name: "C920", first: 0)
    try tree.device("platform/fe801000.csi", subsystem: "platform", driver: "unicam")
    try tree.node(2, on: "platform/fe801000.csi", name: "unicam-image")
    tree.kernel.openErrors["\(tree.root)/dev/video0"] = EACCES
    tree.kernel.openErrors["\(tree.root)/dev/video1"] = ENOENT
    tree.kernel.openErrors["\(tree.root)/dev/video2"] = EBUSY
    let found = tree.directory.list()
    #expect(found.map(\.access) == [.noPermission, .missing, .busy])
    #expect(found[0].kind == .capture && found[1].kind == .metadata)
    #expect(found[0].identity.name == "C920" && found[0].driver == "uvcvideo" && found[0].usb?.speed == 480)
    if case .rawSensor = found[2].kind {} else { Issue.record("\(found[2].kind)") }
    tree.kernel.expectBalance()
  }

  @Test func aCameraThatGoesWhileItIsAskedIsListedAsFailed() throws {
    let tree = try tree()
    try tree.node(0, on: nil, name: "going").refusals[PK_VIDIOC_QUERYCAP] = ENODEV
    #expect(tree.directory.list().map(\.access) == [.failed])
    tree.kernel.expectBalance()
  }

  @Test func radiosAndTeletextAreNotListed() throws {
    let tree = try tree()
    for name in ["vbi0", "radio0", "v4l-touch0"] { try tree.folder("/sys/class/video4linux/\(name)") }
    #expect(tree.directory.list().isEmpty)
  }

  @Test("checklist 3: what a USB camera can do is part of what it is")
  func capabilities() throws {
    let tree = try tree()
    let interface = try tree.usb(host: pci, port: "1", vendor: "05a3", product: "9230")
    let node = try tree.node(0, on: interface, name: "HD USB Camera")
    let before = try #require(tree.directory.list().first)
    #expect(
      before.identity.capabilities == "card HD USB Camera\ndriver uvcvideo\nformat MJPG 1280x720 30/1\n")
    // Another one of the same kind, without a serial number, in the same port.
    node.formats = [.mjpeg([.init(640, 480)])]
    let stranger = try #require(tree.directory.find(before.identity.id))
    #expect(stranger.identity.capabilities != before.identity.capabilities)
    // One that goes while it tells.
    node.failures[PK_VIDIOC_QUERYCAP] = [0, 0, ENODEV]
    #expect(try #require(tree.directory.list().first).identity.capabilities == nil)
    tree.kernel.expectBalance()
  }

  @Test func whatFollowsASourceIsNoMarkOfADevice() throws {
    let tree = try tree()
    try tree.node(0, on: nil, name: "loop")
    #expect(tree.directory.list().map(\.identity.capabilities) == ["card loop\ndriver uvcvideo\n"])
  }

  @Test func theFormatsAreAskedByOpeningForAMoment() throws {
    let tree = try tree()
    try tree.node(0, on: nil, name: "cam")
    let device = try #require(tree.directory.list().first)
    #expect(try tree.directory.formats(of: device).map(\.name) == ["MJPG"])
    tree.kernel.expectBalance()
  }
}

/// Four characters as V4L2 packs them.
func fourcc(_ name: String) -> UInt32 {
  name.utf8.reversed().reduce(0) { $0 << 8 | UInt32($1) }
}
