/// The texts that people accept. What somebody agreed to is named by its hash, so that no later text can stand in for
/// it.
package enum Texts {
  /// The privacy policy in `seeds/000_17c9631cf052b985.txt`.
  package static let terms = TermsFacts.Version(
    number: 1, hash: "4453510662a246215a8577ba3edcb0dc7fd6d13a5eea15553c3c03dc3edefa3f")

  /// The honest limits, shown before anything leaves the device for the first time (clause C19).
  package static let risk = """
    Before anything leaves this device, know what cannot be promised.

    1. What was received cannot be taken back: whoever may watch can keep and pass on what it saw. Revoking begins with \
    the next picture.
    2. The relay cannot open pictures, sound or photos. It does see accounts, which camera belongs to which, who watches \
    and when, network addresses, and the times and sizes of what passes.
    3. Times and sizes of traffic can show that something moved, unless the padding is constant.
    4. Whoever steals a key of yours opens what was sealed to it before, until you remove that key. The paper key opens \
    everything that was ever sealed to it: keep it elsewhere than your phone.
    5. A stolen camera can sign as itself until its owner removes it. Whoever runs the board sees what its sensors see.
    6. The parts of the encryption are standards; that they are put together well was tested, not proven.
    7. A relay can refuse service, delay messages, or withhold a revocation; your screen says "pending" until the camera \
    has confirmed it.

    No technology makes information on the internet safe beyond all doubt.
    """

  /// SHA-256 of ``risk``, in hexadecimal.
  package static let riskHash = "fa0c01f0373d216605725f75c80ec93b24b3eecdce61028c39727b3f03ca3131"
}
