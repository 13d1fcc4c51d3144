package import PumpkiiVault
package import PumpkiiWire

/// Who signs in at a relay: a device by its key alone, or a client as a member of an account.
package struct LoginSigner: Sendable {
  package enum Kind: Sendable, Equatable {
    case device
    case client(AccountID)
  }

  package let kind: Kind
  package let identity: SigningIdentity

  package init(kind: Kind, identity: SigningIdentity) {
    self.kind = kind
    self.identity = identity
  }

  package static func device(_ identity: SigningIdentity) -> LoginSigner {
    LoginSigner(kind: .device, identity: identity)
  }

  package static func client(_ identity: SigningIdentity, account: AccountID) -> LoginSigner {
    LoginSigner(kind: .client(account), identity: identity)
  }

  var kindName: String { kind == .device ? "device" : "client" }

  var account: AccountID? {
    if case .client(let account) = kind { account } else { nil }
  }
}
