package import PumpkiiPolicy
package import PumpkiiWire

/// Which sensors consent was given for, as the file `sensors` has it: signed by the device, whole or nothing.
package struct SensorBook: WireBody, Equatable {
  package static let fieldName = "sensors"
  /// Where the other bodies under the ledger's label begin with 1, 2 or 3, so that none can stand in for another.
  private static let mark: UInt8 = 4

  /// What is known of one sensor.
  package enum Entry: Sendable, Equatable {
    /// None was opened yet: the first one is the one.
    case open
    case bound(Digest)
    /// One was opened, and which is not known any more: every one is a stranger until the owner confirms it.
    case lost
  }

  package var device: DeviceID
  package var camera = Entry.open
  package var microphone = Entry.open

  package init(device: DeviceID) { self.device = device }

  /// Of a file that is damaged or gone.
  package static func lost(_ device: DeviceID) -> SensorBook {
    var book = SensorBook(device: device)
    (book.camera, book.microphone) = (.lost, .lost)
    return book
  }

  /// Reads the unsigned form of earlier versions, `camera FINGERPRINT` a line; nil when it is not whole.
  package init?(unsigned bytes: [UInt8], device: DeviceID) {
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count > 1, lines.last == "" else { return nil }
    self.init(device: device)
    for line in lines.dropLast() {
      let words = line.split(separator: " ", omittingEmptySubsequences: false)
      guard words.count == 2, let digest = try? Digest(hex: words[1]) else { return nil }
      switch words[0] {
      case "camera" where camera == .open: camera = .bound(digest)
      case "microphone" where microphone == .open: microphone = .bound(digest)
      default: return nil
      }
    }
  }

  /// By the sensor's own flag.
  package subscript(flag: Flag) -> Entry {
    get { flag == .sensorCamera ? camera : microphone }
    set { if flag == .sensorCamera { camera = newValue } else { microphone = newValue } }
  }

  /// Sensors that were opened; it never falls.
  package var count: Int { [camera, microphone].filter { $0 != .open }.count }

  package func write(to writer: inout ByteWriter) {
    writer.write(Self.mark)
    writer.write(device)
    for entry in [camera, microphone] {
      switch entry {
      case .open: writer.write(UInt8(0))
      case .lost: writer.write(UInt8(1))
      case .bound(let digest):
        writer.write(UInt8(2))
        writer.write(digest)
      }
    }
  }

  /// - Throws: ``WireError``; `unknownType` for another body, `unknownValue` for an entry that nobody knows.
  package init(_ reader: inout ByteReader) throws(WireError) {
    guard try reader.read(UInt8.self, "sensors") == Self.mark else { throw WireError(.unknownType, "sensors") }
    self.init(device: try reader.read("device id"))
    camera = try Self.entry(&reader)
    microphone = try Self.entry(&reader)
  }

  private static func entry(_ reader: inout ByteReader) throws(WireError) -> Entry {
    switch try reader.read(UInt8.self, "sensor") {
    case 0: return .open
    case 1: return .lost
    case 2: return .bound(try reader.read("fingerprint"))
    default: throw WireError(.unknownValue, "sensor")
    }
  }
}
