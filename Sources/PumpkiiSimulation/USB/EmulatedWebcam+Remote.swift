internal import Glibc
internal import PumpkiiSystem

/// Offers the webcam to hosts of this machine's own network address, for `usbip attach -r 127.0.0.1 -b 1-1`.
extension EmulatedWebcam {
  /// Listens and serves one host after the other, until ``detach()``. Blocks; give it a thread of its own.
  /// - Parameters:
  ///   - port: USB/IP's own is 3240; 0 takes any.
  ///   - ready: told the port when hosts may come.
  /// - Throws: ``SimulationError`` when the port is taken.
  public func export(port: Int = 3240, ready: (Int) -> Void = { _ in }) throws(SimulationError) {
    let listener = try RemoteListener(port: port)
    let sensors = makeSensors()
    ready(listener.port)
    while true {
      guard let host = listener.accept(waker: inbox.waker.descriptor) else {
        for order in inbox.take() { if case .detach = order { return } }
        continue
      }
      guard greet(host) else {
        close(host)
        continue
      }
      log.add(.imported)
      let end = WebcamSession(sensors, WebcamConnection(owned: host), inbox: inbox).run()
      if case .unplugged = end { log.add(.unplugged) } else { log.add(.detached) }
      if end == .asked { return }
    }
  }

  /// As ``export(port:ready:)``, on a thread of its own; a cancelled task ends it.
  /// - Throws: ``SimulationError`` when the port is taken.
  public func offer(port: Int = 3240, ready: @escaping @Sendable (Int) -> Void = { _ in }) async throws(SimulationError)
  {
    let failure = await withTaskCancellationHandler {
      await DeviceThread.run(named: "usb-export") { () -> SimulationError? in
        do throws(SimulationError) { try self.export(port: port, ready: ready) } catch { return error }
        return nil
      }
    } onCancel: {
      detach()
    }
    if let failure { throw failure }
  }

  /// Answers what comes before transfers.
  /// - Returns: whether the host took the device.
  private func greet(_ host: Int32) -> Bool {
    var bytes: [UInt8] = []
    while bytes.count <= RemoteHandshake.headLength + RemoteHandshake.nameLength {
      do throws(USBIPReader.Malformed) {
        switch try RemoteHandshake.read(bytes) {
        case .list:
          send(RemoteHandshake.list(model), to: host)
          return false
        case .take(let name):
          send(RemoteHandshake.taken(name, model), to: host)
          return name == RemoteHandshake.name
        case nil: break
        }
      } catch { return false }
      var byte: UInt8 = 0
      guard unsafe read(host, &byte, 1) == 1 else { return false }
      bytes.append(byte)
    }
    return false
  }

  /// A few hundred bytes: a socket's buffer holds them.
  private func send(_ bytes: [UInt8], to host: Int32) {
    unsafe _ = bytes.withUnsafeBytes { unsafe Glibc.send(host, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
  }
}
