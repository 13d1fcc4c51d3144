/// The kernel's random bytes (getrandom(2)).
package enum SystemRandom {
  /// `count` unpredictable bytes. Traps when the kernel has none, which it never does once it has booted.
  package static func bytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
  }
}
