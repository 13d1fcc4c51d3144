/// The values of camera terminal and processing unit.
struct ControlBank: Sendable {
  private struct Key: Hashable {
    let entity: UInt8
    let selector: UInt8
  }

  private struct Entry {
    var current: [UInt8]
    var minimum: [UInt8]
    var maximum: [UInt8]
    var resolution: [UInt8]
    var standard: [UInt8]
    /// GET, SET, and whether it changes by itself.
    var info: UInt8 = 0b11

    init(length: Int) {
      current = [UInt8](repeating: 0, count: length)
      (minimum, maximum, resolution, standard) = (current, current, current, current)
    }
  }

  private static let exposureModes = "auto_exposure"
  private static let readOnlyAutomatic: UInt8 = 0b1001
  private var entries: [Key: Entry] = [:]
  private let controls: [WebcamControl]

  init(_ model: WebcamModel) {
    controls = model.controls
    for control in controls { add(control) }
    if model.hasShutter {
      var entry = Entry(length: 1)
      entry.maximum = [1]
      entry.resolution = [1]
      entry.info = Self.readOnlyAutomatic
      entries[Self.key(ControlTable.privacy)] = entry
    }
  }

  /// GET of anything, or SET_CUR with `data`.
  mutating func answer(_ setup: SetupPacket, _ data: [UInt8]) -> (ControlAnswer, [ControlEffect]) {
    let key = Key(entity: setup.entity, selector: setup.selector)
    guard let entry = entries[key] else { return (.stall(.invalidControl), []) }
    switch setup.request {
    case ClassRequest.setCurrent: return set(key, data)
    case ClassRequest.getCurrent:
      return (.data(entry.current), key == Self.key(ControlTable.privacy) ? [.shutterRead] : [])
    case ClassRequest.getMinimum: return (.data(entry.minimum), [])
    case ClassRequest.getMaximum: return (.data(entry.maximum), [])
    case ClassRequest.getResolution: return (.data(entry.resolution), [])
    case ClassRequest.getDefault: return (.data(entry.standard), [])
    case ClassRequest.getInfo: return (.data([entry.info]), [])
    case ClassRequest.getLength: return (.data([UInt8(entry.current.count), 0]), [])
    default: return (.stall(.invalidRequest), [])
    }
  }

  /// The shutter is moved by hand.
  mutating func setShutter(closed: Bool) { entries[Self.key(ControlTable.privacy)]?.current = [closed ? 1 : 0] }

  private mutating func set(_ key: Key, _ data: [UInt8]) -> (ControlAnswer, [ControlEffect]) {
    guard var entry = entries[key], entry.info & 2 != 0 else { return (.stall(.invalidRequest), []) }
    guard data.count == entry.current.count else { return (.stall(.outOfRange), []) }
    var effects: [ControlEffect] = []
    for (control, place) in members(of: key) {
      guard !isHeld(control) else { return (.stall(.wrongState), []) }
      let value = Self.value(data, place)
      guard accepts(value, control) else { return (.stall(.outOfRange), []) }
      effects.append(.controlSet(name: control.name, value: value))
    }
    entry.current = data
    entries[key] = entry
    return (.done, effects)
  }

  /// Controls that an automatic one moves cannot be set: cameras refuse it, and programs must turn that one off first.
  private func isHeld(_ control: WebcamControl) -> Bool {
    switch ControlTable.canonical(control.name) {
    case "exposure_time_absolute": current(Self.exposureModes).map { $0 & 0b101 == 0 } ?? false
    case "focus_absolute": current("focus_automatic_continuous") == 1
    case "white_balance_temperature": current("white_balance_automatic") == 1
    default: false
    }
  }

  private func accepts(_ value: Int, _ control: WebcamControl) -> Bool {
    if ControlTable.canonical(control.name) == Self.exposureModes {
      return [1, 2, 4, 8].contains(value) && Self.modes(of: control) & value != 0
    }
    return value >= control.minimum && value <= control.maximum
  }

  private func current(_ name: String) -> Int? {
    guard let place = ControlTable.place(name), let entry = entries[Self.key(place)] else { return nil }
    return Self.value(entry.current, place)
  }

  private func members(of key: Key) -> [(WebcamControl, ControlPlace)] {
    controls.compactMap { control in
      guard let place = ControlTable.place(control.name), Self.key(place) == key else { return nil }
      return (control, place)
    }
  }

  private mutating func add(_ control: WebcamControl) {
    guard let place = ControlTable.place(control.name) else { return }
    var entry = entries[Self.key(place)] ?? Entry(length: place.length)
    var (least, most, step, standard) = (control.minimum, control.maximum, control.step, control.standard)
    if ControlTable.canonical(control.name) == Self.exposureModes {
      // V4L2 counts the modes in a menu, UVC has a bit for each, and tells them as the resolution.
      (least, most, step, standard) = (1, 8, Self.modes(of: control), Self.mode(standard))
    }
    Self.put(least, place, &entry.minimum)
    Self.put(most, place, &entry.maximum)
    Self.put(step, place, &entry.resolution)
    Self.put(standard, place, &entry.standard)
    Self.put(standard, place, &entry.current)
    entries[Self.key(place)] = entry
  }

  /// Bits of the exposure modes a camera has.
  private static func modes(of control: WebcamControl) -> Int {
    stride(from: control.minimum, through: control.maximum, by: max(control.step, 1)).reduce(0) { $0 | mode($1) }
  }

  /// Menu entries are automatic, manual, shutter priority, aperture priority.
  private static func mode(_ entry: Int) -> Int {
    switch entry {
    case 0: 2
    case 1: 1
    case 2: 4
    default: 8
    }
  }

  private static func key(_ place: ControlPlace) -> Key { Key(entity: place.entity, selector: place.selector) }

  private static func put(_ value: Int, _ place: ControlPlace, _ bytes: inout [UInt8]) {
    for index in 0..<place.size { bytes[place.offset + index] = UInt8(truncatingIfNeeded: value >> (8 * index)) }
  }

  /// Signed where the two readings differ, by the range: brightness and hue go below zero, exposure does not.
  private static func value(_ bytes: [UInt8], _ place: ControlPlace) -> Int {
    let raw = bytes.little(at: place.offset, place.size)
    switch (place.size, place.isSigned) {
    case (2, true): return Int(Int16(truncatingIfNeeded: raw))
    case (4, true): return Int(Int32(truncatingIfNeeded: raw))
    default: return Int(raw)
    }
  }
}

extension ControlPlace {
  /// Brightness, hue, pan and tilt.
  fileprivate var isSigned: Bool {
    unit == .processing ? selector == 0x02 || selector == 0x06 : selector == 0x0D
  }
}
