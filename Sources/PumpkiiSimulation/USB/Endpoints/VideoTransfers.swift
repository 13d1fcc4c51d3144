/// Puts frames into the host's transfers: as fast as it takes them in bulk, by microframes in isochronous mode.
struct VideoTransfers: Sendable {
  private static let microframe: UInt64 = 125_000
  /// A schedule that is further behind than this begins anew: the process was stopped.
  private static let patience: UInt64 = 250_000_000
  /// −EXDEV: a packet that was lost on the bus.
  private static let packetLost: Int32 = -18
  private static let firstOfFailing = 64
  private let transfer: WebcamModel.Transfer
  private var queue = TransferQueue()
  private var cutter: PayloadCutter?
  /// The frame in the cutter travels in a transfer that fails.
  private var fails = false
  private var due: UInt64 = 0
  /// Bytes of a payload.
  var payload = 0

  init(_ transfer: WebcamModel.Transfer) { self.transfer = transfer }

  var isBulk: Bool { transfer == .bulk }

  /// Whether a frame is on its way.
  var isBusy: Bool { cutter != nil }

  mutating func add(_ transfer: USBTransfer) -> Bool { queue.add(transfer) }

  mutating func remove(_ sequence: UInt32) -> Bool { queue.remove(sequence) }

  /// A frame goes out next.
  mutating func send(_ cutter: PayloadCutter, failing: Bool) {
    self.cutter = cutter
    fails = failing
  }

  /// What was on its way is gone.
  mutating func reset() {
    cutter = nil
    fails = false
    due = 0
  }

  /// Nothing waits any more.
  mutating func clear() {
    reset()
    queue = TransferQueue()
  }

  /// When ``answer(at:)`` has something to do without anything new: never in bulk mode.
  var nextDue: UInt64? { transfer == .isochronous && !queue.isEmpty ? due : nil }

  /// The next answer that is due, nil for none.
  mutating func answer(at now: UInt64) -> [UInt8]? {
    transfer == .bulk ? bulk() : isochronous(at: now)
  }

  private mutating func bulk() -> [UInt8]? {
    guard cutter != nil, let transfer = queue.take() else { return nil }
    if fails {
      // The rest of the frame is lost with it, as where a device runs out of memory.
      reset()
      return USBIPReply.submitted(transfer, status: USBIPReply.stall)
    }
    var data: [UInt8] = []
    _ = cutter?.append(to: &data, room: min(transfer.length, payload))
    if cutter?.isFinished == true { cutter = nil }
    return USBIPReply.submitted(transfer, data: data[...])
  }

  private mutating func isochronous(at now: UInt64) -> [UInt8]? {
    guard let first = queue.first else {
      due = 0
      return nil
    }
    let length = UInt64(max(first.packets.count, 1)) * Self.microframe
    if due == 0 || due + Self.patience < now { due = now + length }
    guard now >= due, let transfer = queue.take() else { return nil }
    due += queue.first.map { UInt64(max($0.packets.count, 1)) * Self.microframe } ?? length
    var data: [UInt8] = []
    var packets = transfer.packets
    for index in packets.indices { packets[index] = fill(packets[index], &data) }
    return USBIPReply.isochronous(transfer, packets: packets, data: data[...])
  }

  private mutating func fill(_ packet: IsochronousPacket, _ data: inout [UInt8]) -> IsochronousPacket {
    var packet = packet
    let room = min(Int(packet.length), payload)
    // Of a frame that fails the first packet arrives, so that the driver knows which frame it is that lacks the rest.
    let begins = cutter?.isUntouched ?? false
    var count = cutter?.append(to: &data, room: fails && begins ? min(room, Self.firstOfFailing) : room) ?? 0
    packet.status = 0
    if fails, count > 0, !begins {
      data.removeLast(count)
      count = 0
      packet.status = Self.packetLost
    }
    packet.actual = UInt32(count)
    if cutter?.isFinished == true {
      cutter = nil
      fails = false
    }
    return packet
  }
}
