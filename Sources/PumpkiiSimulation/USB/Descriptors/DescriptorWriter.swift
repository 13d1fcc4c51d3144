/// Writes descriptors one after the other; the length byte of each is counted, not typed.
struct DescriptorWriter {
  private typealias Kind = WebcamDescriptors.Kind
  private(set) var bytes: [UInt8] = []

  /// A descriptor of any type.
  mutating func add(_ type: UInt8, _ fields: Field...) { add(type, fields) }

  /// A class-specific descriptor of an interface.
  mutating func addClass(_ subtype: UInt8, _ fields: Field...) { addClass(subtype, fields) }

  mutating func addClass(_ subtype: UInt8, _ fields: [Field]) { add(Kind.classInterface, [.byte(subtype)] + fields) }

  /// A header whose total length covers itself and what follows.
  mutating func addHeader(_ subtype: UInt8, _ before: [Field], _ after: [Field], followedBy rest: DescriptorWriter) {
    let own = DescriptorWriter.length([.byte(subtype)] + before + [.word(0)] + after)
    add(Kind.classInterface, [.byte(subtype)] + before + [.word(own + rest.bytes.count)] + after)
    bytes += rest.bytes
  }

  mutating func addAssociation(first: UInt8, count: UInt8, function: UInt8, subclass: UInt8, protocolCode: UInt8 = 0) {
    add(Kind.association, .raw([first, count, function, subclass, protocolCode, 0]))
  }

  mutating func addInterface(_ number: UInt8, alternate: UInt8 = 0, endpoints: UInt8, function: UInt8, subclass: UInt8)
  {
    add(Kind.interface, .raw([number, alternate, endpoints, function, subclass, 0, 0]))
  }

  mutating func append(_ other: DescriptorWriter) { bytes += other.bytes }

  private mutating func add(_ type: UInt8, _ fields: [Field]) {
    bytes += [UInt8(Self.length(fields)), type]
    for field in fields {
      switch field {
      case .byte(let value): bytes.append(value)
      case .word(let value): bytes.putLittle(UInt16(truncatingIfNeeded: value))
      case .long(let value): bytes.putLittle(UInt32(truncatingIfNeeded: value))
      case .raw(let values): bytes += values
      }
    }
  }

  /// Length of a descriptor with these fields.
  private static func length(_ fields: [Field]) -> Int {
    fields.reduce(2) { sum, field in
      switch field {
      case .byte: sum + 1
      case .word: sum + 2
      case .long: sum + 4
      case .raw(let values): sum + values.count
      }
    }
  }

  enum Field {
    case byte(UInt8)
    case word(Int)
    case long(Int)
    case raw([UInt8])
  }
}
