internal import ArgumentParser
internal import PumpkiiSimulation

/// Plugs a webcam of a profile into this machine, for any program.
struct SimulateWebcam: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "webcam",
    abstract: "Plug a USB webcam that is none into this machine, so that its own drivers make /dev/video0 of it.",
    discussion: """
      The webcam stays until Ctrl-C. It needs the kernel's virtual USB host controller (sudo modprobe vhci-hcd) and \
      root; v4l2-ctl, ffmpeg and browsers then see a camera and a microphone like any other.

      Examples:
        sudo pumpkii simulate webcam --profile devices/webcam-720p30-mjpeg.yaml
        pumpkii simulate webcam --list
        sudo pumpkii simulate webcam --detach all
        pumpkii simulate webcam --profile devices/pattern.yaml --listen 3240
        sudo usbip attach -r 127.0.0.1 -b 1-1
      """)

  @Option(help: "A device profile, devices/NAME.yaml.")
  var profile: String?

  @Option(help: "The controller's port; the first free one when absent.")
  var port: Int?

  @Option(help: "Offer it to usbip at this TCP port of the machine's own address, instead of plugging it in; no root.")
  var listen: Int?

  @Option(help: ArgumentHelp("Pull what is plugged in at a port, or at all of them.", valueName: "port|all"))
  var detach: String?

  @Flag(help: "Show what is plugged in.")
  var list = false

  func validate() throws {
    let chosen = [profile != nil, detach != nil, list].count { $0 }
    guard chosen == 1 else { throw ValidationError("Give one of --profile, --detach and --list.") }
    if let detach, detach != "all", Int(detach) == nil { throw ValidationError("--detach takes a port or all.") }
    if port != nil || listen != nil, profile == nil {
      throw ValidationError("--port and --listen belong to --profile.")
    }
    if port != nil, listen != nil { throw ValidationError("--listen needs no --port.") }
    if let listen, !(1...65_535).contains(listen) { throw ValidationError("--listen takes 1 to 65535.") }
  }

  func run() async throws {
    try await Program.run {
      if list { return try showPorts() }
      if let detach { return try pull(detach) }
      try await plugIn(profile ?? "")
    }
  }

  private func showPorts() throws {
    for port in try VirtualHostController.ports() {
      let nodes = port.isFree ? [] : try VirtualHostController.nodes(port: port.number)
      let what = port.isFree ? "free" : ([port.device ?? "starting"] + nodes).joined(separator: " ")
      Output.line("port \(port.number): \(what)")
    }
  }

  private func pull(_ which: String) throws {
    let taken = try VirtualHostController.ports().filter { !$0.isFree }.map(\.number)
    for port in which == "all" ? taken : [Int(which) ?? 0] {
      try VirtualHostController.detach(port: port)
      Output.line("port \(port) is free")
    }
  }

  private func plugIn(_ path: String) async throws {
    let profile = try DeviceProfile.load(path: path)
    if let listen { return try await Self.offer(try EmulatedWebcam(profile), at: listen) }
    let webcam = try EmulatedWebcam(profile, port: try port ?? VirtualHostController.freePort())
    try webcam.attach()
    try await Interrupt.run {
      await withTaskGroup(of: Void.self) { group in
        group.addTask { await Self.tell(webcam) }
        await webcam.serve()
        group.cancelAll()
      }
    }
  }

  private static func offer(_ webcam: EmulatedWebcam, at port: Int) async throws {
    try await Interrupt.run {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { await tell(webcam) }
        try await webcam.offer(port: port) { Output.line("sudo usbip --tcp-port \($0) attach -r 127.0.0.1 -b 1-1") }
        group.cancelAll()
      }
    }
  }

  /// Says what happens to the webcam, until the task is cancelled.
  private static func tell(_ webcam: EmulatedWebcam) async {
    var told = 0
    while !Task.isCancelled {
      let entries = await webcam.log.next(after: told)
      for entry in entries.dropFirst(told) {
        Output.note("\(entry.event)")
        if entry.event == .configured, isPluggedIn(entries) { await showNodes(webcam.port) }
      }
      told = entries.count
    }
  }

  /// At a port of ours, rather than at one that usbip chose.
  private static func isPluggedIn(_ entries: [WebcamLog.Entry]) -> Bool {
    entries.contains { if case .attached = $0.event { true } else { false } }
  }

  /// Drivers take a moment to make their nodes, one after the other.
  private static func showNodes(_ port: Int) async {
    var before: [String] = []
    for _ in 0..<50 {
      let nodes = (try? VirtualHostController.nodes(port: port)) ?? []
      if !nodes.isEmpty, nodes == before {
        Output.line(nodes.joined(separator: " "))
        return
      }
      before = nodes
      guard (try? await Task.sleep(for: .milliseconds(200))) != nil else { return }
    }
    Output.note("No driver took it. Try: sudo modprobe -a uvcvideo snd-usb-audio; dmesg says more.")
  }
}
