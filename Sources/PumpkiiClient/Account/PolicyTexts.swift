internal import PumpkiiPolicy

/// The texts that a person is asked to accept before anything leaves a device, and their hashes. What is accepted is
/// the hash: a text that changes is another text, and is asked for anew.
public enum PolicyTexts {
  /// The privacy policy, as `seeds/000_17c9631cf052b985.txt` has it.
  public static let terms = AcceptedText(kind: .terms, version: Texts.terms.number, sha256: Texts.terms.hash)

  /// The honest limits, ``limits``.
  public static let risk = AcceptedText(kind: .risk, version: 1, sha256: Texts.riskHash)

  /// The text of ``terms``, byte by byte as its hash names it.
  public static let termsText = Texts.policy

  /// What cannot be promised, as it is shown: the text of ``risk``.
  public static let limits = Texts.risk
}
