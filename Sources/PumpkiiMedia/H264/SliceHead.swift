/// The first fields of a slice: its kind, and whether it is of a field.
struct SliceHead: Equatable {
  let type: Int
  let isField: Bool

  /// B slices are coded after a picture that is shown later, or may be.
  var isBidirectional: Bool { type % 5 == 1 }

  init(unit: ArraySlice<UInt8>, sequence: (_ pictureSet: Int) -> SequenceParameters?) throws(MediaError) {
    var reader = BitReader(unit: unit, limit: 32)
    _ = try reader.unsigned()
    type = try reader.unsigned(atMost: 9)
    let picture = try reader.unsigned(atMost: 255)
    guard let parameters = sequence(picture), !parameters.framesOnly else {
      isField = false
      return
    }
    if parameters.separatePlanes { try reader.skip(2) }
    try reader.skip(parameters.frameNumberBits)
    isField = try reader.bit()
  }
}

/// Which sequence parameter set a picture parameter set belongs to.
struct PictureParameters: Equatable {
  let id: Int
  let sequence: Int

  init(unit: ArraySlice<UInt8>) throws(MediaError) {
    var reader = BitReader(unit: unit, limit: 32)
    id = try reader.unsigned(atMost: 255)
    sequence = try reader.unsigned(atMost: 31)
  }
}
