// What is said of accounts, agents, and of how a camera is.
extension Codes {
  static let states: [Code] = [
    Code("live", "What is shown happens now: the camera proved it to this viewer.", "There is nothing to do."),
    Code(
      "not-live-waiting", "Nothing was proven yet: the camera has not answered this viewer.",
      "Wait a few seconds; if it stays, the camera is off or cannot reach the relay (pumpkii cameras)."),
    Code(
      "not-live-silent", "The camera's signed word stopped coming.",
      "Look whether the board has power and a network; the picture on the screen is old."),
    Code(
      "not-live-unanswered", "The camera's word comes, but not over what this viewer asked: it may be a replayed one.",
      "Do not take the picture for the present; watch anew, and distrust the relay if it stays."),
    Code(
      "not-live-behind", "What opens here stays behind what the camera has sealed.",
      "Wait for a better network, or watch fewer classes."),
    Code("not-live-disconnected", "This viewer has no connection to the relay.", "Look at your own network."),
    Code(
      "off-by-policy", "The owner, a schedule, a pause, or whoever runs the board does not allow it.",
      "Ask which layer says so: pumpkii explain sensor.camera --camera NAME, or --board FOLDER on the board."),
    Code("no-sensor", "The camera has no such sensor, or it was unplugged.", "Plug it in; pumpkii devices lists them."),
    Code(
      "no-signal", "The source gives no signal, or a microphone nothing but zeros.",
      "Look at its cable and source."),
    Code(
      "frozen", "The sensor gives nothing any more, and the agent tries to bring it back.",
      "Wait a minute; then unplug it and plug it in."),
    Code("shutter", "The privacy shutter before the lens is closed.", "Open it on the device."),
    Code(
      "clock", "The board does not trust its clock, and what it may do depends on the time.",
      "Let it set its clock (NTP), or vouch for it: clock.trusted in agent.yaml."),
    Code("idle", "It is allowed, and nobody wants it now.", "Watch, and it begins."),
    Code(
      "unusable", "The sensor is there and cannot be used: another program has it, or rights or bandwidth are missing.",
      "Run pumpkii doctor on the board."),
    Code("starting", "The sensor is being opened.", "Wait a few seconds."),
    Code("offline", "The camera has no connection to its relay.", "Look at the board's power and network."),
    Code("revoked", "This account's right to the camera ended.", "Ask its owner to share it anew."),
  ]

  static let client: [Code] = [
    Code("client-usage", "What was given makes no sense: a mistyped id, flag or code.", "Read --help of the command."),
    Code(
      "client-no-account", "The folder holds no account.",
      "Make one with pumpkii account create, or name its folder with --home or PUMPKII_HOME."),
    Code(
      "client-account-exists", "The folder holds an account already.",
      "Use it, or name another folder with --home."),
    Code(
      "client-home", "A file of the account's folder, or one to be written, cannot be read, written or trusted.",
      "Look at its rights, its owner and the disk's room."),
    Code(
      "client-no-camera", "No camera of this name or id is known, or several are and none was named.",
      "List them with pumpkii cameras, and name one with --camera."),
    Code("client-not-owner", "Only an owner of the camera may do this.", "Ask its owner."),
    Code(
      "client-pairing", "The other side of a pairing did not prove that it saw the code, or is another camera.",
      "Begin anew with pumpkii agent pair, and type the code that the camera shows."),
    Code("client-refused", "The camera did not take the change; the message says why.", "Do what the message says."),
    Code(
      "client-rolled-back", "The relay offers something older than what this account saw before.",
      "Distrust that relay until it shows the newest state again."),
    Code(
      "client-offline", "The camera has no connection to the relay, so nothing of it can come.",
      "Look whether its agent runs and the board has power and a network; pumpkii cameras says when it was heard last."),
    Code(
      "client-cut", "This account's right to the camera ended while it was used.",
      "Ask the owner to share it anew."),
    Code(
      "client-timeout", "What was waited for did not come in time.",
      "Try again, with a longer --wait where there is one."),
    Code("client-altered", "A file holds something that does not verify.", distrust),
    Code(
      "client-media", "The pictures or sound cannot be put into one film, as when the camera's format changed.",
      "Begin a new film; what was kept with --keep is not affected."),
    Code(
      "client-reader-gone", "Whoever read what was written has closed it.",
      "Open the player again, and watch anew."),
    Code("cancelled", "It was ended before it was done.", "Run it again."),
    Code(
      "terms-not-accepted", "Something would leave the camera, and the owner has not accepted the terms and limits.",
      "Read them with pumpkii account terms, and accept them with --accept --acknowledge-risk."),
  ]

  static let agent: [Code] = [
    Code(
      "agent-home", "The agent's folder is missing, damaged, or used by another agent.",
      "Check the path; stop the agent that runs on it, or ask beside it with --board."),
    Code(
      "agent-no-permission", "This user has no right to the agent's folder.",
      "Run the command as the agent's user, as with sudo -u."),
    Code("agent-not-paired", "The camera has no owner yet.", "Pair it: pumpkii agent pair."),
    Code("agent-already-paired", "The camera has an owner already.", "Use it as it is, or begin with an empty folder."),
    Code(
      "agent-configuration", "The agent's configuration cannot be used.",
      "Find the line with pumpkii agent run --check-config."),
    Code(
      "agent-pairing", "The pairing ended without an owner: the code was wrong, or its time was over.",
      "Begin anew: pumpkii agent pair."),
    Code(
      "agent-policy", "The owner's policy does not allow it, is missing, or does not verify; then all is denied.",
      "Ask pumpkii explain FLAG --board FOLDER; the owner sets it anew with pumpkii permissions set."),
    Code(
      "agent-clone", "The relay knows an epoch that this device never began: a copy of it runs elsewhere.",
      "Find and stop the copy; pair the camera anew, so that it has a new identity."),
    Code(
      "agent-keys", "A key of the device cannot be read, written or used.",
      "Restore the file that the message names, or pair the camera anew."),
    Code(
      "agent-rollback", "The disk holds something older than the counter beside the key says: an old copy came back.",
      "Bring the newest state back, or pair the camera anew; nothing is opened until then."),
    Code(
      "agent-audit", "A ledger or its counter does not verify, or cannot be written.",
      "Look at the disk, and run pumpkii permissions verify on the board."),
    Code("agent-request", "The running agent did not understand the command.", sameVersion),
    Code("agent-record", "A clip could not be written.", "Look at the disk's room and rights."),
    Code(
      "agent-unclean-end", "The agent ended last time without closing.",
      "Look at its log and at the board's power."),
  ]
}
