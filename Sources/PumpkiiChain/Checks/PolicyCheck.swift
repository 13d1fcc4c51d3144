package import PumpkiiWire

/// The owner's policy document, before anything in it counts.
package enum PolicyCheck {
  /// Verifies a signed ``PolicyDocument``. One that the roster names (version and hash) need only have been signed by a
  /// client that stood once; any other must be above it, and by a program that stands now in an account that owns now.
  /// A document is in force only when the roster names it: compare with ``Roster/policy``.
  /// - Throws: ``ChainError``: `malformed`, `wrongDevice`, `rolledBack`, `notOwner`, `unknownAccount`, `notMember`,
  ///   `notAllowed` for a page, or a signature's code.
  package static func verify(
    _ bytes: [UInt8], roster: Roster, accounts: (AccountID) -> AccountChain?
  ) throws(ChainError) -> Signed<PolicyDocument> {
    let signed = try Decoding.signed(PolicyDocument.self, bytes)
    let document = signed.body
    guard document.device == roster.device else { throw ChainError(.wrongDevice, "policy") }
    let isNamed = document.version == roster.policy.version && Hashes.sha256(bytes) == roster.policy.hash
    guard isNamed || document.version > roster.policy.version else { throw ChainError(.rolledBack, "policy") }
    guard isNamed || roster.owners.contains(document.account) else { throw ChainError(.notOwner, "policy") }
    guard let chain = accounts(document.account), chain.id == document.account else {
      throw ChainError(.unknownAccount, "policy")
    }
    let standing = chain.clients[document.client]
    guard let client = isNamed ? chain.everClient(document.client) : standing else {
      throw ChainError(.notMember, "policy")
    }
    guard client.kind == .program else { throw ChainError(.notAllowed, "a page does not set the policy") }
    try SignatureCheck.verify(signed.signature, label: .policy, body: signed.bodyBytes, key: client.key)
    return signed
  }
}
