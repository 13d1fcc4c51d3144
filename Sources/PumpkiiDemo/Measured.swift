/// A figure that a run may not have measured; JSON then says `null` instead of leaving the key out.
@propertyWrapper
package struct Measured<Value: Encodable & Equatable & Sendable>: Encodable, Equatable, Sendable {
  package var wrappedValue: Value?

  package init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

  /// - Throws: what the encoder throws.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
  }
}
