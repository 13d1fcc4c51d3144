/// What an object holds; each class has keys of its own, so a share without audio never receives the audio key.
package enum MediaClass: UInt8, Sendable, CaseIterable, Comparable {
  case video = 1
  case audio = 2
  case photo = 3
  case event = 4

  /// A switch: printing the case looks it up by reflection, and the gate asks for every frame.
  package var name: String {
    switch self {
    case .video: "video"
    case .audio: "audio"
    case .photo: "photo"
    case .event: "event"
    }
  }
  package init?(name: some StringProtocol) {
    guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = found
  }
  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// A set of media classes as one octet: bit `rawValue − 1` of each class.
package struct ClassMask: OptionSet, Sendable, Hashable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }
  package init(_ media: MediaClass) { rawValue = 1 << (media.rawValue - 1) }
  package init(classes: some Sequence<MediaClass>) {
    self.init(rawValue: 0)
    for media in classes { insert(ClassMask(media)) }
  }
  package static let all = ClassMask(classes: MediaClass.allCases)
  /// The classes in ascending order.
  package var classes: [MediaClass] { MediaClass.allCases.filter { contains(ClassMask($0)) } }
  package func contains(_ media: MediaClass) -> Bool { contains(ClassMask(media)) }
}

/// A track of a class: class × 16 + n, n in 0...15.
package struct Track: Hashable, Sendable, Comparable {
  package let rawValue: UInt8
  package init(_ media: MediaClass, _ number: UInt8 = 0) { rawValue = media.rawValue << 4 | (number & 15) }
  /// - Throws: ``WireError`` `unknownValue` when the class is none of ours.
  package init(rawValue: UInt8) throws(WireError) {
    guard MediaClass(rawValue: rawValue >> 4) != nil else { throw WireError(.unknownValue, "track") }
    self.rawValue = rawValue
  }
  /// The upper half of the byte.
  package var mediaClass: MediaClass { MediaClass(rawValue: rawValue >> 4) ?? .event }
  /// Within its class, 0 to 15.
  package var number: UInt8 { rawValue & 15 }
  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
