// Who else gets anything, and how all of it is kept: C12 to C20.
extension Clauses {
  static let disclosure: [Clause] = [
    Clause(
      id: "C12",
      quotes: [
        "Public information",
        """
        Therefore, we will not share your information with any third party except under any circumstances, nor \
        will we sell or rent or otherwise distribute it to others.
        """,
      ],
      summary: "Nobody else gets anything: no sale, no listing, no bulk export.",
      flags: [.discloseConsent, .discloseProvider],
      duty: "Accounts, avatars and links are never listed, searchable or indexable; there is no bulk export.",
      tests: ["PumpkiiPolicyTests.LayersTests", "EndToEndTests.BlindnessTests"],
      relayPending: "disclosure to anybody: no way to hand anything out exists yet"),
    Clause(
      id: "C12a",
      quotes: [
        "We obtain your express consent to our sharing of information"
      ],
      summary: "Except with express consent, signed for one recipient, purpose, set of fields and time.",
      flags: [.discloseConsent],
      tests: [
        "PumpkiiPolicyTests.LayersTests", "PumpkiiClientTests.DisclosureTests",
        "PumpkiiChainTests.DisclosureStatementTests",
      ],
      relayPending:
        "handing anything out: consents are signed, listed and withdrawn, and nobody gets anything on them yet"),
    Clause(
      id: "C12b",
      quotes: [
        """
        We may share your information with third party service providers affiliated with this practice for \
        necessary reasons, such as to complete payment transactions or to pay for PUMPKII products.
        """,
        """
        These service providers are authorized to use your personal information only to the extent necessary \
        to provide the service.
        """,
      ],
      summary: "Except service providers, each with an enforced list of the fields it needs.",
      flags: [.discloseProvider],
      tests: ["PumpkiiPolicyTests.LayersTests"], relayPending: "providers and their lists of fields"),
    Clause(
      id: "C12c",
      quotes: [
        """
        In order to protect the legitimate rights and interests of our or our partners, our customers, we will \
        disclose your personal information to the extent permitted by law.
        """
      ],
      summary: "Except to protect rights, within the law.",
      flags: [],
      duty: """
        A ledger entry states the basis, the fields and the notice or its lawful delay; content is ciphertext to \
        whoever discloses it.
        """,
      points: [.disclose], tests: ["EndToEndTests.BlindnessTests"], relayPending: "the entry in the relay's ledger"),
    Clause(
      id: "C12d",
      quotes: [
        """
        In order to comply with local laws and regulations, to protect the public interest of society or for \
        other legal reasons necessary to protect the rights of others, we will carefully publish your personal \
        information within the framework of the law.
        """
      ],
      summary: "Except where the law demands publication.",
      flags: [],
      duty: "As for rights, and a publication names its fields one by one; there is no \"all\".",
      points: [.disclose], tests: ["EndToEndTests.BlindnessTests"], relayPending: "the entry in the relay's ledger"),
    Clause(
      id: "C12e",
      quotes: [
        """
        In the event of a merger, acquisition or other similar transaction with us, your personal information \
        may be used as a resource for the transaction.
        """,
        """
        If this happens, we will inform you in advance of the transfer or destruction of your personal \
        information.
        """,
      ],
      summary: "Except in a merger or sale, announced before it happens.",
      flags: [],
      duty: """
        A notice that cannot be turned off goes out first, export and erase stay open until the date, then keys \
        are destroyed.
        """,
      points: [.disclose],
      place: "notices of a transfer",
      tests: ["EndToEndTests.BlindnessTests"],
      relayPending: "the announcement and the destruction of keys"),
    Clause(
      id: "C13",
      quotes: [
        """
        We use a variety of industry-standard encryption technologies (such as SSL, TLS) to protect your data \
        during transmission, storage, and sharing.
        """
      ],
      summary: "Encryption on the way, at rest and in sharing.",
      flags: [],
      duty: """
        TLS 1.3 to the relay, media sealed end to end before it leaves the device, and sealed where it is \
        stored.
        """,
      points: [.seal, .giveKey, .upload],
      tests: [
        "EndToEndTests.BlindnessTests", "PumpkiiTransportTests.PinnedCertificateTests", "VectorsTests.OwnVectorsTests",
      ],
      relayPending: "rows of profiles under a key of their account"),
    Clause(
      id: "C14",
      quotes: [
        """
        While the data on your computer depends more on the security of your device, we recommend that you \
        take the necessary measures to keep your local data safe.
        """
      ],
      summary: "Data on the device is kept safe there, and only recorded where the owner says so.",
      flags: [.recordLocal],
      duty: "What is recorded is sealed, files are for their owner only, and a weak setting is told.",
      points: [.record],
      tests: [
        "PumpkiiAgentTests.AgentHomeTests", "PumpkiiAgentTests.DoctorTests", "EndToEndTests.KeptFileTests",
        "PumpkiiAgentTests.SpoolTests", "PumpkiiAgentTests.RecorderTests", "EndToEndTests.ClipTests",
      ]),
    Clause(
      id: "C15",
      quotes: [
        """
        When you continue to use our products or services, you agree to the terms and conditions in effect at \
        the present time.
        """
      ],
      summary: "New terms count when they were accepted, not when they were published.",
      flags: [.termsAccepted],
      duty: "A new version is announced and suspends what leaves the device until it is accepted; local use goes on.",
      tests: [
        "PumpkiiPolicyTests.LayersTests", "PumpkiiPolicyTests.TextsTests",
        "PumpkiiClientTests.AccountPolicyTests", "EndToEndTests.AccountPolicyTests",
      ]),
    Clause(
      id: "C16",
      quotes: [
        """
        We recommend that you read this Privacy Policy to learn more about what information we collect, how we \
        collect it and how we process or use it.
        """,
        "The personal information we obtain includes.",
        "Other information we obtained included.",
      ],
      summary: "An inventory of what is collected, how, and what for.",
      flags: [],
      duty: "The inventory is generated from the fields themselves: purpose, place, how long, and who receives it.",
      place: "`pumpkii policy data`, `docs/data.md`", tests: ["PumpkiiPolicyTests.InventoryTests"]),
    Clause(
      id: "C17",
      quotes: [
        """
        There will be a number of specialist terms involved in this Privacy Policy which will be explained to \
        you in as concise a manner as possible so that you understand them.
        """
      ],
      summary: "Specialist words are explained.",
      flags: [],
      duty: "Every term of the policy, the flags and the errors has a sentence of explanation.",
      place: "`pumpkii explain TERM`", tests: ["PumpkiiPolicyTests.GlossaryTests"]),
    Clause(
      id: "C18",
      quotes: [
        """
        When you use our products (including our services), we may collect and use information about you to \
        improve the quality of our services,
        """,
        """
        We collect and store certain personal information about you for the purpose of creating an account \
        with PUMPKII and providing necessary support for subsequent services.
        """,
      ],
      summary: "Each flag and field serves one named purpose; another use is denied.",
      flags: [],
      duty: "Each flag and field names one of account, support, payment, improvement and security.",
      place: "every decision, and each field of the inventory",
      tests: [
        "PumpkiiPolicyTests.OutcomeTests", "PumpkiiPolicyTests.InventoryTests", "PumpkiiAgentTests.PurposeTests",
      ]),
    Clause(
      id: "C19",
      quotes: [
        """
        However, please understand that due to the limitations of Internet technology, it is not possible to \
        guarantee 100% security of the information even with all advanced security technologies, so we need \
        you to understand and acknowledge the risks involved in transmitting information to us.
        """
      ],
      summary: "The risks are shown and acknowledged before anything leaves the device.",
      flags: [.riskAcknowledged],
      tests: [
        "PumpkiiPolicyTests.LayersTests", "PumpkiiPolicyTests.TextsTests",
        "PumpkiiClientTests.AccountPolicyTests", "EndToEndTests.AccountPolicyTests",
      ]),
    Clause(
      id: "C20",
      quotes: [
        "When your data is stored on our servers, we ensure that it is secure on our servers through policy,",
        "logical, and many other means.",
      ],
      summary: "What is stored at a relay is secure there by more than its operator's word.",
      flags: [.recordCloud],
      duty: "A relay's operator sees ciphertext; what else it sees is written down.",
      tests: [
        "PumpkiiRelayTests.DurabilityTests", "EndToEndTests.BlindnessTests", "PumpkiiRelayTests.ClipTests",
      ],
      relayPending: "the operator's guide and the relay's own examination"),
  ]
}
