// What is collected, from whom, and what for: C1 to C11.
extension Clauses {
  static let collection: [Clause] = [
    Clause(
      id: "C1",
      quotes: [
        """
        When you use our products or services, you consent to our collection, storage and use of your \
        information subject to this policy and local laws.
        """,
        """
        When you use PUMPKII's products or services, we imply that you have given your permission and agree to \
        these terms.
        """,
      ],
      summary: "Use is consent only as a recorded decision: who accepted which version of the terms, and when.",
      flags: [.termsAccepted],
      tests: [
        "PumpkiiPolicyTests.LayersTests", "PumpkiiPolicyTests.TextsTests",
        "PumpkiiChainTests.AccountPolicyCheckTests", "EndToEndTests.AccountPolicyTests",
        "PumpkiiAgentTests.AuditLedgerTests",
      ]),
    Clause(
      id: "C2",
      quotes: [
        """
        The name, email address, mailing address, telephone number and uploaded avatar image or bank card \
        number that you fill in when you register your account or use our services.
        """,
        """
        The bank card or credit card is used to pay for the services or products of Chengdu Saigo IoT \
        Technology Co.
        """,
      ],
      summary: """
        What an account may hold: name, addresses, telephone number, avatar, and a means of payment for the \
        named payee.
        """,
      flags: [],
      duty: """
        Every field is optional but one of email and telephone; a card is a provider's token, never a number; \
        the payee is shown.
        """,
      points: [.keepField],
      tests: ["PumpkiiPolicyTests.InventoryTests"],
      relayPending: "profile fields and payment: none of them is stored anywhere yet"),
    Clause(
      id: "C3",
      quotes: [
        """
        If you do not want us to provide this information, you may not be able to register or take advantage \
        of some of the services we offer, or some features may not provide the best experience.
        """
      ],
      summary: "Whoever gives less may get less.",
      flags: [],
      duty: """
        Each answer is full, reduced and says what is worse, or unavailable and says which field would change \
        it.
        """,
      place: "every decision of `decide` and `assess`", tests: ["PumpkiiPolicyTests.OutcomeTests"]),
    Clause(
      id: "C4",
      quotes: [
        """
        Some features are also available to unregistered users and we do not collect personal information from \
        unregistered users.
        """
      ],
      summary: "Whoever has no account leaves no personal data.",
      flags: [],
      duty: """
        Local mode opens no connection to a relay; a guest by link leaves nothing beyond the rate limit's \
        window.
        """,
      points: [.serve, .keepField],
      tests: [
        "PumpkiiRelayTests.SmallPartsTests", "PumpkiiPolicyTests.InventoryTests",
        "PumpkiiAgentTests.LocalOwnerTests", "EndToEndTests.LocalOnlyTests",
      ], relayPending: "guests by link"),
    Clause(
      id: "C5",
      quotes: [
        """
        Information provided to us or others when using "device sharing" and "sharing a photo stream or \
        video".
        """
      ],
      summary: """
        Sharing a device, photos, video or sound is a choice of its own, and shows before it is made who learns \
        what.
        """,
      flags: [.sharePhoto, .shareVideo, .shareAudio, .shareDevice],
      tests: [
        "PumpkiiPolicyTests.UsesTests", "PumpkiiClientTests.SharingTests", "EndToEndTests.GateTests",
        "EndToEndTests.EnforcementTests",
      ]),
    Clause(
      id: "C6",
      quotes: [
        "The microphone and camera permissions of the mobile device you are using to interact with the Service,"
      ],
      summary: "The sensors: nothing opens a camera or a microphone without its own permission.",
      flags: [.sensorCamera, .sensorMicrophone, .detectMotion, .detectSound],
      tests: [
        "PumpkiiPolicyTests.LayersTests", "PumpkiiAgentTests.LeaseTests", "EndToEndTests.GateTests",
        "PumpkiiAgentTests.BoardTests", "PumpkiiAgentTests.KillSwitchTests",
        "PumpkiiAgentTests.SensorBindingsTests", "PumpkiiAgentTests.IndicatorTests",
        "EndToEndTests.EnforcementTests",
      ]),
    Clause(
      id: "C7",
      quotes: [
        """
        your system language, and the type of device and software or operating system version number you are \
        using.
        """,
        """
        This information helps us to get to know you better so that we can optimize our services and give you \
        a better user experience.
        """,
      ],
      summary: "Language, type of device and system version, as a closed list of fields.",
      flags: [.diagnosticsEnvironment],
      tests: [
        "PumpkiiPolicyTests.LayersTests", "PumpkiiPolicyTests.InventoryTests",
        "PumpkiiAgentTests.DiagnosticsReporterTests", "PumpkiiRelayTests.DiagnosticsTests",
        "EndToEndTests.DiagnosticsEnforcementTests",
      ]),
    Clause(
      id: "C8",
      quotes: [
        """
        Logs of your operations while using our products, including statistics, critical operation paths, \
        error logs, crash logs, etc.
        """,
        """
        Help us better understand the status of our products in order to improve the service experience and \
        deliver a better product.
        """,
      ],
      summary: "Four kinds of log, each held on the device until its own permission; \"etc.\" adds nothing.",
      flags: [.diagnosticsStatistics, .diagnosticsOperations, .diagnosticsErrors, .diagnosticsCrashes],
      tests: [
        "PumpkiiPolicyTests.LayersTests", "PumpkiiPolicyTests.InventoryTests",
        "PumpkiiAgentTests.DiagnosticsReporterTests", "PumpkiiRelayTests.DiagnosticsTests",
        "PumpkiiClientTests.ClientDiagnosticsTests", "EndToEndTests.DiagnosticsEnforcementTests",
      ]),
    Clause(
      id: "C9",
      quotes: [
        """
        You will need to create a PUMPKII account using an email address or phone number so that you can take \
        full advantage of PUMPKII's full services.
        """
      ],
      summary: "An account is named by an email address or a telephone number.",
      flags: [],
      duty: "The identifier is verified by a code sent to it and changed by a code to the old and one to the new.",
      points: [.keepField],
      tests: ["PumpkiiPolicyTests.InventoryTests"],
      relayPending: "addresses and numbers and their codes: none of them is stored anywhere yet"),
    Clause(
      id: "C10",
      quotes: [
        """
        We may send notifications via email or system like you when you do not wish to receive these messages \
        and can follow the relevant prompts within the device or application to turn off.
        """
      ],
      summary: "Notices by email or on a screen, each naming the switch that ends it.",
      flags: [.notifyEmail, .notifySystem],
      tests: [
        "PumpkiiPolicyTests.LayersTests", "PumpkiiAgentTests.NoticeTests",
      ], relayPending: "notices by email"),
    Clause(
      id: "C11",
      quotes: [
        """
        You may stop our service at any time, and after you delete data due to the operation of the computer \
        system and the continuous data backup and archiving features, the copies remaining in the server may \
        be clear for some time.
        """
      ],
      summary: "Stopping and deleting, with copies in backups named as what they are.",
      flags: [],
      duty: """
        Stop ends collection, uploads and notices at once and can be undone; erase destroys keys first and \
        states the backup horizon.
        """,
      points: [.keepSensor, .keepQueue, .upload, .notify],
      tests: [
        "PumpkiiPolicyTests.LayersTests", "EndToEndTests.RevocationTests", "PumpkiiAgentTests.RecorderTests",
        "PumpkiiAgentTests.BoardTests", "EndToEndTests.EnforcementTests",
      ],
      relayPending: "erasing at the relay and the horizon of its backups"),
  ]
}
