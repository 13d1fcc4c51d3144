package import PumpkiiCapture
package import PumpkiiSystem

/// Finds cameras and microphones among the descriptors of this process, however they were opened.
package struct SensorScan: Sendable {
  /// Numbers of the kernel's devices.txt.
  private static let video: UInt32 = 81
  private static let sound: UInt32 = 116

  private let devices: OpenDevices

  package init(_ devices: OpenDevices = OpenDevices()) { self.devices = devices }

  /// The kinds that are open.
  /// - Throws: ``SystemError`` when the kernel's list cannot be read.
  package func kinds() throws(SystemError) -> Set<SensorIdentity.Kind> {
    Set(try devices.list(majors: [Self.video, Self.sound]).compactMap(Self.kind))
  }

  /// A device whose name the kernel does not say counts: the doubt is on the side of the light.
  private static func kind(_ device: OpenDevices.Device) -> SensorIdentity.Kind? {
    let name = device.name
    if device.major == video { return name.isEmpty || name.hasPrefix("video") ? .camera : nil }
    guard !name.isEmpty else { return .microphone }
    return name.hasPrefix("snd/pcm") && name.hasSuffix("c") ? .microphone : nil
  }
}
