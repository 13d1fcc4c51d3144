/// One entry of a ledger, signed by the device with the label `ledger`. The hash after entry n is
/// SHA-256(hash n−1 ‖ signed entry n); hash 0 is 32 zero bytes.
package struct AuditEntry: WireBody {
  package static let fieldName = "ledger entry"

  /// Which of the two ledgers it stands in.
  package var log: AuditLog
  package var device: DeviceID
  /// From 1, without a gap.
  package var number: UInt64
  /// The hash before this entry.
  package var previous: Digest
  /// Unix µs by the device's clock.
  package var time: UInt64
  package var record: AuditRecord

  package init(
    log: AuditLog, device: DeviceID, number: UInt64, previous: Digest, time: UInt64, record: AuditRecord
  ) {
    self.log = log
    self.device = device
    self.number = number
    self.previous = previous
    self.time = time
    self.record = record
  }

  package func write(to writer: inout ByteWriter) {
    writer.write(log.rawValue)
    writer.write(device)
    writer.write(number)
    writer.write(previous)
    writer.write(time)
    record.write(to: &writer)
  }

  /// - Throws: ``WireError``; `unknownValue` for number 0 and for a ledger or record that nobody knows.
  package init(_ reader: inout ByteReader) throws(WireError) {
    log = try reader.readCase("ledger")
    device = try reader.read("device id")
    number = try reader.read("number")
    guard number > 0 else { throw WireError(.unknownValue, "number") }
    previous = try reader.read("previous hash")
    time = try reader.read("time")
    record = try AuditRecord(&reader)
  }
}
