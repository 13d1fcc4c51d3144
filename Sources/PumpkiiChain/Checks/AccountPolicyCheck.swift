package import PumpkiiWire

/// A person's policy document, before anything in it counts.
package enum AccountPolicyCheck {
  /// Verifies a signed ``AccountPolicyDocument`` of an account. What was accepted before need only have been signed by
  /// a client that stood once; any other must be above it, and by a program that stands now.
  /// - Parameter accepted: the bytes that were accepted last, nil before the first.
  /// - Throws: ``ChainError``: `malformed`, `wrongAccount`, `rolledBack`, `notMember`, `notAllowed` for a page, or a
  ///   signature's code.
  package static func verify(
    _ bytes: [UInt8], chain: AccountChain, accepted: [UInt8]?
  ) throws(ChainError) -> Signed<AccountPolicyDocument> {
    let signed = try Decoding.signed(AccountPolicyDocument.self, bytes)
    let document = signed.body
    guard document.account == chain.id else { throw ChainError(.wrongAccount, "account policy") }
    let isKnown = bytes == accepted
    if let accepted, !isKnown {
      let last = try Decoding.signed(AccountPolicyDocument.self, accepted).body
      guard document.version > last.version else { throw ChainError(.rolledBack, "account policy") }
    }
    let standing = chain.clients[document.client]
    guard let client = isKnown ? chain.everClient(document.client) : standing else {
      throw ChainError(.notMember, "account policy")
    }
    guard client.kind == .program else { throw ChainError(.notAllowed, "a page does not set the policy") }
    try SignatureCheck.verify(signed.signature, label: .policy, body: signed.bodyBytes, key: client.key)
    return signed
  }
}
