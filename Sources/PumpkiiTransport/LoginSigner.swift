package import PumpkiiVault
package import PumpkiiWire

/// Who signs in at a relay: a device by its key alone, or a client as a member of an account.
package struct LoginSigner: Sendable {
  /// As what somebody signs in.
  package enum Kind: Sendable, Equatable {
    case device
    case client(AccountID)
  }

  /// As what.
  package let kind: Kind
  /// The key that is proven.
  package let identity: SigningIdentity

  /// A signer of this kind.
  package init(kind: Kind, identity: SigningIdentity) {
    self.kind = kind
    self.identity = identity
  }

  /// A device, by its key alone.
  package static func device(_ identity: SigningIdentity) -> LoginSigner {
    LoginSigner(kind: .device, identity: identity)
  }

  /// A client, as a member of `account`.
  package static func client(_ identity: SigningIdentity, account: AccountID) -> LoginSigner {
    LoginSigner(kind: .client(account), identity: identity)
  }

  var kindName: String { kind == .device ? "device" : "client" }

  var account: AccountID? {
    if case .client(let account) = kind { account } else { nil }
  }
}
