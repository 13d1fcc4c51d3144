internal import Glibc

/// The one function of the C library that likeness needs.
enum Decibel {
  static func log10(_ value: Double) -> Double { Glibc.log10(value) }
}
