internal import CPumpkiiV4L2
internal import Glibc
package import PumpkiiCapture

/// A memory-to-memory encoder at work: one picture in, one coded picture out, within a stated time. Confined to one
/// thread. Any error closes it: encoders' firmware is known to stay confused, and another encoder goes on.
package final class M2MEncoder: HardwareEncoder {
  /// `bcm2835-codec /dev/video11`.
  package var name: String { device.encoder.name }
  /// `dmabuf` or `mmap`.
  package var route: String { device.settings.route.rawValue }
  /// What the encoder answered differently from what it was asked, for people.
  package var notes: [String] { device.notes }
  /// Coded pictures so far.
  package var pictures: UInt64 { machine.pictures }
  let device: M2MDevice
  var machine: EncoderMachine
  var keeper = ParameterKeeper()
  private var isOpen = true

  /// Opens and starts an encoder for pictures of a format.
  /// - Parameters:
  ///   - encoder: as ``EncoderFinder`` found it.
  ///   - format: of raw pictures, as ``CapturedFrame`` lays them out.
  /// - Throws: ``CaptureError`` `failed` where it cannot do this, or takes too long; others as for any node.
  package init(
    _ encoder: EncoderDescription, format: VideoFormat, settings: M2MSettings, kernel: any DeviceKernel
  ) throws(CaptureError) {
    device = try M2MDevice(encoder, format, settings, kernel: kernel)
    machine = EncoderMachine(limits: settings.limits, rawBuffers: 0, codedBuffers: 0)
    do throws(M2MFailure) {
      try device.setUp()
    } catch {
      device.close()
      throw error.error(encoder.name)
    }
    machine = EncoderMachine(
      limits: settings.limits, rawBuffers: device.rawCount, codedBuffers: device.codedMemory.count)
  }

  deinit { device.close() }

  /// A machine's encoders, found by what their nodes can do.
  package static func find(kernel: any DeviceKernel, directory: any DeviceDirectory) -> [EncoderDescription] {
    EncoderFinder.find(kernel: kernel, directory: directory)
  }

  /// Encodes one picture and waits for it. When this returns, the encoder no longer looks at the frame.
  /// - Throws: ``CaptureError`` `failed`; the encoder is closed then.
  package func encode(_ frame: CapturedFrame, forceIDR: Bool) throws(CaptureError) -> EncodedPicture? {
    do throws(M2MFailure) {
      guard isOpen else { throw M2MFailure("it is closed") }
      if forceIDR, machine.pictures > 0 { try force() }
      try submit(frame)
      return try collect()
    } catch {
      close()
      throw error.error(name)
    }
  }

  /// Ends the stream and collects what the encoder still has.
  /// - Throws: ``CaptureError`` `failed`; the encoder is closed in any case.
  package func finish() throws(CaptureError) -> [EncodedPicture] {
    defer { close() }
    do throws(M2MFailure) {
      guard isOpen else { return [] }
      let result = device.handle.command(UInt32(V4L2_ENC_CMD_STOP))
      // An encoder without the command keeps nothing back.
      if result == -ENOTTY || result == -EINVAL { return [] }
      if result < 0 { throw M2MFailure(CallError("ENCODER_CMD", errno: -result)) }
      machine.drain(now: device.handle.kernel.now())
      var last: [EncodedPicture] = []
      while !machine.isDrained {
        if let picture = try step() { last.append(picture) }
      }
      return last
    } catch {
      throw error.error(name)
    }
  }

  /// Stops and releases the device; a second call does nothing.
  package func close() {
    isOpen = false
    device.close()
  }

  private func force() throws(M2MFailure) {
    if device.canForceKey {
      let result = EncoderControls.forceKey(device.handle)
      if result < 0 { throw M2MFailure(CallError("S_CTRL", errno: -result)) }
      return
    }
    try device.restart()
    machine.restart()
    for index in device.codedMemory.indices { machine.codedWentOut(index) }
  }
}
