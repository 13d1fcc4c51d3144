internal import Glibc

/// Copies a frame out of the driver's memory.
enum FrameCopy {
  /// True where a plane has fewer bytes than the picture needs, or there is none at all.
  static func isShort(_ planes: [UnsafeRawBufferPointer], _ layout: FrameLayout) -> Bool {
    guard unsafe planes.count >= layout.needed.count, unsafe planes.first?.isEmpty == false else { return true }
    return layout.needed.indices.contains { unsafe planes[$0].count < layout.needed[$0] }
  }

  /// The bytes of a frame that is not short.
  static func bytes(_ planes: [UnsafeRawBufferPointer], _ layout: FrameLayout) -> [UInt8] {
    switch layout.way {
    case .coded: unsafe single(planes[0], count: planes[0].count)
    case .planes(let sizes):
      unsafe sizes.count == 1 ? single(planes[0], count: sizes[0]) : joined(planes, sizes, total: layout.total)
    case .rows(let shapes): unsafe rows(planes, shapes, total: layout.total)
    case .converted: []
    }
  }

  static func single(_ plane: UnsafeRawBufferPointer, count: Int) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: count) { target, written in
      if let to = target.baseAddress, let from = plane.baseAddress { unsafe memcpy(to, from, count) }
      written = count
    }
  }

  private static func joined(_ planes: [UnsafeRawBufferPointer], _ sizes: [Int], total: Int) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: total) { target, written in
      written = 0
      guard let to = target.baseAddress else { return }
      for plane in sizes.indices {
        guard let from = unsafe planes[plane].baseAddress else { continue }
        unsafe memcpy(to + written, from, sizes[plane])
        written += sizes[plane]
      }
    }
  }

  private static func rows(_ planes: [UnsafeRawBufferPointer], _ shapes: [FrameLayout.Rows], total: Int) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: total) { target, written in
      written = 0
      guard let to = target.baseAddress else { return }
      for plane in shapes.indices {
        guard let from = unsafe planes[plane].baseAddress else { continue }
        for row in 0..<shapes[plane].count {
          unsafe memcpy(to + written, from + row * shapes[plane].stride, shapes[plane].bytes)
          written += shapes[plane].bytes
        }
      }
    }
  }
}
