package import PumpkiiVault

/// Where sealed objects go on to: the way to the relay, the recorder. It takes what the vault made and nothing else, by
/// type. Called under the sealing desk's lock, so it must not block.
package protocol SealedOutlet: AnyObject, Sendable {
  /// Takes one object, or loses it by a rule of its own.
  /// - Returns: whether it was taken.
  @discardableResult
  func accept(_ object: SealedObject) -> Bool

  /// Takes a key message, which comes before any object of its epoch.
  func accept(_ message: KeyMessage)
}
