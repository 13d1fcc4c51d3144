// What the device keeps and sends.
extension Inventory {
  static let agent: [Field] = [
    Field(
      name: "device identity", holder: .agent, place: "HOME/identity.key",
      contents: "The device's signing key, made at its first start.", purpose: .security,
      retention: "until the file is removed",
      receivers: "nobody; its public half goes to the relay and to paired accounts", basis: .clause("C13")),
    Field(
      name: "epoch number", holder: .agent, place: "HOME/epoch",
      contents: "The newest epoch that was begun, so that none is begun twice.", purpose: .security,
      retention: "until the folder is removed", receivers: "the relay and clients, in key messages",
      basis: .clause("C13")),
    Field(
      name: "counter beside the key", holder: .agent, place: "HOME/counter",
      contents:
        "How far policy, roster, accounts of owners and guests, ledgers and clips have come, so an older disk shows.",
      purpose: .security, retention: "until the folder is removed", receivers: "nobody", basis: .clause("C14")),
    Field(
      name: "roster", holder: .agent, place: "HOME/roster",
      contents: "Signed entries: owners, and what was shared with which account, from when until when.",
      purpose: .support, retention: "until the camera is paired anew",
      receivers: "the relay and the accounts it names", basis: .flag(.shareDevice)),
    Field(
      name: "owner's policy", holder: .agent,
      place: "HOME/policy, HOME/policy.before, HOME/policy.next, HOME/policy.pair",
      contents: "The signed document: allowed flags, schedule, pause and the sensors consented to.",
      purpose: .support, retention: "until the next version", receivers: "the relay and the owners' clients",
      basis: .clause("C6")),
    Field(
      name: "account chains", holder: .agent, place: "HOME/accounts/ACCOUNT.chain",
      contents: "The signed public chain of each account that the roster names.", purpose: .security,
      retention: "until the roster names the account no more, or the folder is removed", receivers: "nobody",
      basis: .clause("C13")),
    Field(
      name: "sealing keys of clients", holder: .agent, place: "HOME/accounts/ACCOUNT.keys",
      contents: "Public keys that the accounts' clients announced.", purpose: .security,
      retention: "with the account's chain", receivers: "nobody", basis: .clause("C13")),
    Field(
      name: "accounts' own policies", holder: .agent, place: "HOME/accounts/ACCOUNT.policy",
      contents: "The signed document of a person's own flags and accepted texts, as the relay has it.",
      purpose: .account, retention: "with the account's chain", receivers: "nobody", basis: .clause("C1")),
    Field(
      name: "relay address", holder: .agent, place: "HOME/relay",
      contents: "The relay's origin and the hash of its certificate.", purpose: .support,
      retention: "until the camera is paired anew", receivers: "nobody", basis: .clause("C13")),
    Field(
      name: "command counters", holder: .agent, place: "HOME/commands",
      contents: "The last command's number of each client, so that none is replayed.", purpose: .security,
      retention: "until the camera is paired anew", receivers: "nobody", basis: .clause("C13")),
    Field(
      name: "lock", holder: .agent, place: "HOME/lock", contents: "An empty file that keeps a second agent away.",
      purpose: .security, retention: "while the agent runs", receivers: "nobody", basis: .clause("C14")),
    Field(
      name: "denied on the board", holder: .agent, place: "HOME/board",
      contents: "Which flags were denied on the board itself, and a pause made there, since when; nobody's name.",
      purpose: .security, retention: "until the folder is removed", receivers: "nobody", basis: .clause("C6")),
    Field(
      name: "sensors consented to", holder: .agent, place: "HOME/sensors, HOME/sensors.bound",
      contents:
        "Hashes of the camera and the microphone that were opened first, signed, so that another one shows; how "
        + "many they are.",
      purpose: .security, retention: "until the folder is removed", receivers: "nobody", basis: .clause("C6")),
    Field(
      name: "clock's floor", holder: .agent, place: "HOME/clock",
      contents: "The highest time that was seen, so that a clock set back shows.", purpose: .security,
      retention: "until the folder is removed", receivers: "nobody", basis: .clause("C6")),
    Field(
      name: "board's socket", holder: .agent, place: "HOME/board.sock",
      contents: "Where commands on the board reach the running agent; nothing is kept in it.", purpose: .support,
      retention: "while the agent runs", receivers: "whoever may enter the folder", basis: .clause("C14")),
    Field(
      name: "consent ledger", holder: .agent, place: "HOME/ledgers/consent",
      contents: "Who set which flag, when, from which client, under which text; persons under a row key.",
      purpose: .account, retention: "until the folder is removed", receivers: "whoever the owner shows it to",
      basis: .clause("C1")),
    Field(
      name: "decision log", holder: .agent, place: "HOME/ledgers/decisions",
      contents: "Sensors opened and closed, accounts admitted and cut, counts of denials; never content.",
      purpose: .security, retention: "until the folder is removed", receivers: "whoever the owner shows it to",
      basis: .clause("C6")),
    Field(
      name: "row keys", holder: .agent, place: "HOME/row-keys",
      contents: "A key per account for the personal values in the ledgers; destroying it erases them.",
      purpose: .security, retention: "until the account is erased", receivers: "nobody", basis: .clause("C11")),
    Field(
      name: "configuration", holder: .agent, place: "HOME/agent.yaml, or FILE given with --config",
      contents: "Cameras, ceiling, masks, zones of motion, limits and addresses, as whoever runs the board wrote them.",
      purpose: .support, retention: "as its writer decides", receivers: "nobody", basis: .clause("C14")),
    Field(
      name: "pre-roll", holder: .agent, place: "memory",
      contents: "The last seconds of sealed pictures and sound, before an event.", purpose: .support,
      retention: "some seconds; wiped when a flag is withdrawn", receivers: "nobody, unless a recording begins",
      basis: .flag(.recordLocal)),
    Field(
      name: "local recordings", holder: .agent, place: "HOME/spool/clips",
      contents: "Sealed clips with their key messages.", purpose: .support,
      retention: "the days and bytes that the owner set", receivers: "the owners' clients",
      basis: .flag(.recordLocal)),
    Field(
      name: "clip numbers", holder: .agent,
      place: "HOME/spool/number, HOME/spool/index, HOME/spool/uploads, HOME/spool/cloud",
      contents:
        "The last clip's number, which clips are gone and why, which the relay has, and which may go to it.",
      purpose: .support,
      retention: "until the folder is removed", receivers: "nobody", basis: .flag(.recordLocal)),
    Field(
      name: "unclean end", holder: .agent, place: "HOME/running",
      contents: "An empty file that says a run has not ended as it should.", purpose: .improvement,
      retention: "while the agent runs, or until the next start", receivers: "nobody; a report says that it happened",
      basis: .flag(.diagnosticsCrashes)),
    Field(
      name: "board's own owner", holder: .agent, place: "HOME/local/identity.key, HOME/local/sealing.key",
      contents: "The keys of a board that is its own owner, without an account.", purpose: .security,
      retention: "until an owner is paired", receivers: "nobody", basis: .clause("C4")),
    Field(
      name: "live pictures", holder: .agent, place: "sent to the relay",
      contents: "Sealed video, each object signed.", purpose: .support, retention: "not kept on the device",
      receivers: "the relay as ciphertext; accounts with the share", basis: .flag(.shareVideo)),
    Field(
      name: "live sound", holder: .agent, place: "sent to the relay", contents: "Sealed sound, each object signed.",
      purpose: .support, retention: "not kept on the device",
      receivers: "the relay as ciphertext; accounts with the share", basis: .flag(.shareAudio)),
    Field(
      name: "photos", holder: .agent, place: "sent to the relay",
      contents: "Sealed single pictures, without position or camera details.", purpose: .support,
      retention: "not kept on the device", receivers: "the relay as ciphertext; accounts with the share",
      basis: .flag(.sharePhoto)),
    Field(
      name: "motion events", holder: .agent, place: "sealed objects",
      contents: "That something moved, when, and in which zone; sealed like a picture.", purpose: .support,
      retention: "with the recording it belongs to", receivers: "the relay as ciphertext; accounts with the share",
      basis: .flag(.detectMotion)),
    Field(
      name: "loudness events", holder: .agent, place: "sealed objects",
      contents: "That it was loud, when and how loud; no sound is kept for it.", purpose: .support,
      retention: "with the recording it belongs to", receivers: "the relay as ciphertext; accounts with the share",
      basis: .flag(.detectSound)),
    Field(
      name: "cloud recordings", holder: .agent, place: "sent to the relay",
      contents: "Sealed clips, with their number, epochs and times sealed or signed.", purpose: .support,
      retention: "until retention or an owner's deletion",
      receivers: "the relay as ciphertext; owners, and guests whose share includes recordings",
      basis: .flag(.recordCloud)),
    Field(
      name: "key messages", holder: .agent, place: "sent to the relay",
      contents: "Each epoch's keys, sealed to each client, and the signed head that names them.", purpose: .security,
      retention: "not kept on the device beyond the recordings they open",
      receivers: "the relay; each client opens its own entry", basis: .clause("C13")),
    Field(
      name: "beacons", holder: .agent, place: "sent to the relay",
      contents: "Signed state of the camera: live, off by policy, no sensor; positions and the time.",
      purpose: .security, retention: "not kept", receivers: "the relay and who watches", basis: .clause("C13")),
    Field(
      name: "local preview", holder: .agent, place: "loopback HTTP",
      contents: "Pictures for programs on the same machine.", purpose: .support, retention: "not kept",
      receivers: "programs on the same machine", basis: .flag(.sensorCamera)),
    Field(
      name: "agent's metrics", holder: .agent, place: "loopback HTTP",
      contents: "Counts of frames, denials and drops, and what is open; no label names a person.", purpose: .support,
      retention: "while the agent runs", receivers: "programs on the same machine", basis: .clause("C14")),
    Field(
      name: "agent's log", holder: .agent, place: "standard error",
      contents: "What happened, as codes and counts; never content, keys or names.", purpose: .support,
      retention: "as the machine's journal is set", receivers: "whoever runs the board", basis: .clause("C14")),
    Field(
      name: "unit ledger", holder: .agent, place: "FILE given with --ledger",
      contents: "For tests: that each frame ended exactly once, by position and reason.", purpose: .improvement,
      retention: "until the file is removed", receivers: "whoever asked for it", basis: .clause("C8")),
    Field(
      name: "screen notices", holder: .agent, place: "the machine's own notices",
      contents: "That something happened at a camera, in words of the program.", purpose: .support,
      retention: "as the machine keeps notices", receivers: "whoever is at that screen", basis: .flag(.notifySystem)),
  ]
}
