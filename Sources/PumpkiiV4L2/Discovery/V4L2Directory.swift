internal import CPumpkiiV4L2
public import PumpkiiCapture
internal import PumpkiiSystem

/// The video nodes of this machine. Everything is asked anew each time: nodes move.
public struct V4L2Directory: DeviceDirectory {
  private let tree: SysfsTree
  private let kernel: any DeviceKernel

  /// The machine's own.
  public init() { self.init(root: "/", kernel: LinuxKernel()) }

  /// Those below a folder that holds a `sys`, a `dev` and a `proc`.
  package init(root: String, kernel: any DeviceKernel) {
    tree = SysfsTree(root: root)
    self.kernel = kernel
  }

  /// All video nodes, in the order of their numbers. Opens each for a moment; one that cannot be opened is listed with
  /// what sysfs tells.
  public func list() -> [V4L2Device] {
    named().map { device($0.facts, id: $0.id) }.sorted { left, right in
      (left.path.utf8.count, left.path) < (right.path.utf8.count, right.path)
    }
  }

  /// The node that has this identity now; nil where the camera is not there. Opens no other.
  public func find(_ id: String) -> V4L2Device? {
    named().first { $0.id == id }.map { device($0.facts, id: id) }
  }

  /// All video nodes and their identities, by what sysfs tells.
  private func named() -> [(facts: NodeFacts, id: String)] {
    let folder = tree.path("/sys/class/video4linux")
    let entries = tree.names(in: folder).filter { $0.hasPrefix("video") }.map { "\(folder)/\($0)" }
    let facts = entries.map { NodeFacts(entry: $0, in: tree) }
    return Array(zip(facts, Self.ids(of: facts)))
  }

  /// Other programs that have the node open, `ffmpeg (pid 4711)`, as far as this account may see them.
  public func holders(of path: String) -> [String] { NodeHolders(tree: tree, own: 1).names(of: path) }

  /// What the node offers; opens it for a moment.
  /// - Throws: ``CaptureError`` of the opening.
  public func formats(of device: V4L2Device) throws(CaptureError) -> [FormatOffer] {
    let handle = try V4L2Handle(path: device.path, kernel: kernel)
    defer { handle.close() }
    return handle.formats()
  }

  /// Nodes of one device share an id but for their place among them; the first one goes without.
  static func ids(of facts: [NodeFacts]) -> [String] {
    let order = facts.indices.sorted { left, right in
      let (a, b) = (facts[left], facts[right])
      return (a.interface, a.index, a.node.utf8.count, a.node) < (b.interface, b.index, b.node.utf8.count, b.node)
    }
    var ids = [String](repeating: "", count: facts.count)
    var seen: [String: Int] = [:]
    for position in order {
      let base = facts[position].baseID
      let place = seen[base, default: 0]
      ids[position] = place == 0 ? base : "\(base)#\(place)"
      seen[base] = place + 1
    }
    return ids
  }

  private func device(_ facts: NodeFacts, id: String) -> V4L2Device {
    let path = tree.path("/dev/\(facts.node)")
    var device = V4L2Device(
      identity: SensorIdentity(kind: .camera, id: id, name: facts.name), path: path, driver: facts.driver,
      card: facts.name, bus: "", usb: facts.usb, kind: NodeKind.guess(facts))
    do throws(CaptureError) {
      let handle = try V4L2Handle(path: path, kernel: kernel)
      defer { handle.close() }
      guard let said = try? handle.capabilities() else {
        device.access = .failed
        return device
      }
      device.driver = said.driver
      device.card = said.card
      device.bus = said.bus
      if !said.card.isEmpty { device.identity.name = said.card }
      let formats = facts.usb == nil ? Self.pixelFormats(of: handle, isMultiplanar: said.isMultiplanar) : []
      device.kind = NodeKind.kind(flags: said.flags, driver: said.driver, formats: formats)
      if device.isCamera { device = Self.described(device, by: handle) }
    } catch {
      device.access = Self.access(error)
    }
    return device
  }

  /// Fills in what permissions bind to. What other drivers than USB's list follows the source (HDMI) or the writer
  /// (loopback), so that it is no mark of the device; a USB camera's list stands in its descriptors.
  private static func described(_ device: V4L2Device, by handle: V4L2Handle) -> V4L2Device {
    guard device.usb != nil else { return device.withCapabilities([]) }
    let offers = handle.formats()
    // One that went meanwhile told but a part of it.
    guard !offers.isEmpty, (try? handle.capabilities()) != nil else { return device }
    return device.withCapabilities(offers)
  }

  private static func access(_ error: CaptureError) -> V4L2Device.Access {
    switch error.code {
    case .noPermission: .noPermission
    case .busy: .busy
    case .gone: .missing
    default: .failed
    }
  }

  /// The names of its formats alone; sizes would cost hundreds of calls.
  private static func pixelFormats(of handle: V4L2Handle, isMultiplanar: Bool) -> [UInt32] {
    let type = isMultiplanar ? V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE : V4L2_BUF_TYPE_VIDEO_CAPTURE
    var found: [UInt32] = []
    // A driver that never ends its list is not followed.
    while found.count < 128 {
      var question = v4l2_fmtdesc()
      question.index = UInt32(found.count)
      question.type = type.rawValue
      guard handle.call(PK_VIDIOC_ENUM_FMT, &question) >= 0 else { break }
      found.append(question.pixelformat)
    }
    return found
  }
}
