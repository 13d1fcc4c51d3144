/// The numbers a decoder checks before it allocates (`docs/protocol.md`, limits).
package enum WireLimits {
  /// The whole object, header to signature: 16 MiB.
  package static let objectBytes = 16 << 20
  /// Objects in one segment: 2^24, so one AES key never seals more.
  package static let objectsPerSegment: UInt32 = 1 << 24
  /// Any control item (head, entry, notice): 256 KiB.
  package static let controlBytes = 256 << 10
  /// Recipients of one key message.
  package static let entries = 256
  /// Clients of one account.
  package static let clientsPerAccount = 8
  /// Owners of one device.
  package static let owners = 8
  /// Accounts that a device's counter holds, its owners first: what a u8 counts.
  package static let countedAccounts = 255
  /// One account chain or roster entry.
  package static let chainEntryBytes = 8 << 10
  /// Entries of one chain that a relay or a device accepts in one request.
  package static let chainEntries = 4096
  /// New chain entries that a relay takes in one request; a longer chain comes in slices.
  package static let entriesPerOffer = 64
  /// Epochs of one clip.
  package static let clipEpochs = 256
  /// Tracks of one clip, counted in each of its epochs.
  package static let clipRanges = 4096
  /// Tracks that a beacon tells the position of.
  package static let beaconTracks = 8
  /// Hashes of a nonce's path: a room would need 2^16 viewers for more.
  package static let pathHashes = 16
  /// Flags in one policy document.
  package static let flags = 128
  /// Rows of one ledger entry about denials.
  package static let denialRows = 64
  /// Policy versions are below this, so that nobody can set a last one.
  package static let policyVersions: UInt64 = 1 << 63
  /// Capture times in µs are below this, so that readers may add durations to them.
  package static let captureTimes: UInt64 = 1 << 62
}
