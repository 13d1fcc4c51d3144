import PumpkiiVault
import PumpkiiWire
import Testing

struct PairingTests {
  private let secret: PairingSecret
  private let device: SigningIdentity
  private let client: SigningIdentity
  init() throws {
    secret = try PairingSecret(bytes: Array(0..<16))
    device = try SigningIdentity(seed: Array(repeating: 1, count: 32))
    client = try SigningIdentity(seed: Array(repeating: 2, count: 32))
  }

  @Test func codesSurviveBeingTyped() throws {
    let code = secret.code
    #expect(code.filter { $0 != "-" }.count == 27)
    let sloppy = code.lowercased().replacing("-", with: " ").replacing("0", with: "o").replacing("1", with: "l")
    #expect(try PairingSecret(code: sloppy).mailbox == secret.mailbox)
    #expect(PairingSecret().mailbox != PairingSecret().mailbox)
  }

  @Test func oneWrongSymbolOrSwapIsFound() throws {
    let symbols = Array(secret.code.filter { $0 != "-" })
    for place in symbols.indices {
      for other in "0123456789ABCDEFGHJKMNPQRSTVWXYZ" where other != symbols[place] {
        var changed = symbols
        changed[place] = other
        #expect(throws: VaultError(.badCode, "")) { try PairingSecret(code: String(changed)) }
      }
      if place > 0, symbols[place] != symbols[place - 1] {
        var swapped = symbols
        swapped.swapAt(place, place - 1)
        #expect(throws: VaultError(.badCode, "")) { try PairingSecret(code: String(swapped)) }
      }
    }
    #expect(throws: VaultError(.badCode, "")) { try PairingSecret(code: "") }
    #expect(throws: VaultError(.badCode, "")) { try PairingSecret(code: secret.code + "0") }
    #expect(throws: VaultError(.badCode, "")) { try PairingSecret(bytes: [1]) }
  }

  private func transcript() throws -> PairingSecret.Transcript {
    PairingSecret.Transcript(
      deviceKey: device.publicKey, clientKey: client.publicKey, account: try AccountID(Array(repeating: 3, count: 32)),
      accountHead: .zero, deviceNonce: try Nonce(Array(repeating: 4, count: 16)),
      clientNonce: try Nonce(Array(repeating: 5, count: 16)))
  }

  @Test func macsProveTheWholeTranscript() throws {
    let transcript = try transcript()
    let mac = secret.mac(.client, transcript)
    try secret.check(mac, .client, transcript)
    let refusal = VaultError(.badMAC, "")
    #expect(throws: refusal) { try secret.check(mac, .device, transcript) }
    #expect(throws: refusal) { try PairingSecret().check(mac, .client, transcript) }
    var changes: [PairingSecret.Transcript] = []
    for change in 0..<6 {
      var changed = transcript
      switch change {
      case 0: changed.deviceKey = client.publicKey
      case 1: changed.clientKey = device.publicKey
      case 2: changed.account = try AccountID(Array(repeating: 9, count: 32))
      case 3: changed.accountHead = try Digest(Array(repeating: 9, count: 32))
      case 4: changed.deviceNonce = transcript.clientNonce
      default: changed.clientNonce = transcript.deviceNonce
      }
      changes.append(changed)
    }
    for changed in changes { #expect(throws: refusal) { try secret.check(mac, .client, changed) } }
  }

  @Test(arguments: ["https://relay.example:8443", "http://127.0.0.1:80", "https://[::1]:9", "https://x/a&b=c%+é"])
  func linksSurviveTheQRCode(_ origin: String) throws {
    for pin in [nil, try Digest(Array(repeating: 6, count: 32))] {
      let link = PairingLink(origin: origin, pin: pin, secret: secret, deviceKey: device.publicKey)
      let read = try PairingLink(link.text)
      #expect(read.origin == origin)
      #expect(read.pin == pin)
      #expect(read.secret.mailbox == secret.mailbox)
      try read.check(deviceKey: device.publicKey)
      #expect(throws: VaultError(.wrongDevice, "")) { try read.check(deviceKey: client.publicKey) }
    }
  }

  @Test func brokenLinksAreRefused() {
    let link = PairingLink(origin: "https://r:1", pin: .zero, secret: secret, deviceKey: device.publicKey)
    let good = link.text
    for text in [
      "", "https://r:1", "pumpkii:pair?", good + "&x=1", good + "&", good + "&r=https://s:1",
      good.replacing("&s=", with: "&t="), good.replacing("&d=", with: "&d=0"), good.replacing("p=0", with: "p=z"),
      "pumpkii:pair?r=&s=\(secret.code)&d=\(link.deviceKeyDigest.hex)",
      "pumpkii:pair?r=%zz&s=\(secret.code)&d=\(link.deviceKeyDigest.hex)",
      good + String(repeating: "a", count: 1024),
    ] {
      #expect(throws: VaultError(.badCode, "")) { try PairingLink(text) }
    }
  }

  @Test func recoveryTextFindsEverySingleMistake() throws {
    let seed = try RecoverySeed(bytes: Array(0..<32))
    let symbols = Array(seed.text.filter { $0 != "-" })
    #expect(symbols.count == 56)
    #expect(try RecoverySeed(text: seed.text.lowercased()).recovery == seed.recovery)
    for place in symbols.indices {
      var changed = symbols
      changed[place] = changed[place] == "7" ? "8" : "7"
      #expect(throws: VaultError(.badCode, "")) { try RecoverySeed(text: String(changed)) }
    }
    #expect(throws: VaultError(.badCode, "")) { try RecoverySeed(text: "") }
    #expect(RecoverySeed().recovery != RecoverySeed().recovery)
  }
}
