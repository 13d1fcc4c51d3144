// Words of the flags, their layers, points and modes.
extension Glossary {
  static let flags: [Term] = [
    Term(
      "flag", also: ["flags", "permission", "permissions"],
      "A permission with a name; it is allowed or denied, and denied when nobody speaks of it."),
    Term("sensor", also: ["sensors"], "A part that perceives: the camera or the microphone."),
    Term("camera", "The sensor that makes pictures."),
    Term("microphone", "The sensor that hears."),
    Term("record", also: ["recording", "recordings"], "To keep pictures or sound, sealed, beyond the moment."),
    Term("local", also: ["local mode"], "On the device itself; in local mode it connects to nothing outside."),
    Term(
      "cloud", also: ["cloud flag", "cloud flags"],
      "What takes data off the device; it needs accepted terms and the acknowledged risk."),
    Term(
      "detect", also: ["detection"],
      "To look or listen for something on the device itself, keeping nothing but that it happened."),
    Term("motion", "Something in the picture moved, found by comparing a picture with the one before."),
    Term("sound", "What the microphone hears; to detect it means to measure how loud it is, keeping nothing of it."),
    Term("share", also: ["shares"], "To let an account open what a camera seals."),
    Term("photo", "A single picture that somebody asked for."),
    Term("video", "Pictures in a row that make a film."),
    Term("audio", "Sound in a row that belongs to a film or stands alone."),
    Term("device", "The board with its camera and microphone, and the agent that runs on it."),
    Term("notify", "To send or show a notice."),
    Term("email", "A message to a mail address; sent only where notify.email allows it."),
    Term("system", "The machine's own means, such as its screen for notices."),
    Term("diagnostics", "Reports about how the program fares, each kind with a flag of its own; never content."),
    Term("environment", "The language, the type of device and the version of its system, and nothing else."),
    Term("statistics", "Counts, such as how many frames were sealed, without saying whose."),
    Term("operations", also: ["operation"], "Which functions were used; also a signed change to a camera's roster."),
    Term("errors", also: ["error"], "What went wrong, as a code with a sentence and an advice."),
    Term("crashes", also: ["crash"], "Ends of a program that it did not intend."),
    Term(
      "disclose", also: ["disclosure"],
      "To hand data to somebody outside, which is denied unless consent or need is on record."),
    Term("consent", "Agreement as a recorded decision; use alone never counts as one."),
    Term("provider", also: ["providers"], "A company that needs named fields to do its part of the service."),
    Term(
      "terms", also: ["terms of use"],
      "The privacy policy in one version; what leaves the device needs its acceptance."),
    Term("accepted", also: ["acceptance"], "Agreed to, with version, time and the hash of the text on record."),
    Term("risk", "What cannot be promised, shown as the honest limits before anything leaves the device."),
    Term("acknowledged", also: ["acknowledge"], "Read and confirmed, with the hash of the text on record."),
    Term(
      "layer", also: ["layers"],
      "One of six judges of a request; all must allow, and the first that denies explains."),
    Term(
      "hardware",
      "The first layer: shutter, kill switch, a missing device, or another one than consent was given for."),
    Term("ceiling", "The second layer: what whoever runs the board allows at most, in its configuration file."),
    Term("owner", also: ["owners"], "An account with all rights over a camera; its signed policy is the fourth layer."),
    Term("schedule", also: ["schedules"], "The fifth layer: the owner's times and days, by the wall clock of a zone."),
    Term("grant", also: ["grants"], "The sixth layer: what one account was given, from when until when."),
    Term(
      "guest", also: ["guests"],
      "An account that an owner shares a camera with; it can neither share on nor set flags."),
    Term(
      "narrow", also: ["narrowed", "narrowing"],
      "To take a permission away, which needs less authority than to give one."),
    Term("widen", also: ["widening"], "To give a permission, which needs the owner's signature."),
    Term("pause", also: ["paused", "resume"], "To deny everything for a while; resuming restores exactly what was."),
    Term(
      "purpose", also: ["purposes"],
      "The one use that data serves: account, support, payment, improvement or security."),
    Term("support", "The purpose of making the service work for the person who uses it."),
    Term("payment", "The purpose of paying for a product or service."),
    Term("improvement", "The purpose of making the programs better."),
    Term("security", "The purpose of guarding people and their data."),
    Term("mode", also: ["modes"], "A preset over flags, in the words of HomeKit: off, detect, stream or record."),
    Term("off", "The mode in which no sensor is open and nothing is looked for, kept or shared."),
    Term("stream", also: ["streaming", "live"], "To send pictures and sound to whoever may watch, as they are made."),
    Term(
      "point", also: ["enforcement point", "points"],
      "A place in the programs, E1 to E13, that asks before it acts."),
    Term(
      "decision", also: ["decisions"],
      "The answer to a request, with flag, clause, layer, policy version and when it changes by itself."),
    Term("decision log", "A signed list of what the device did, such as opening a sensor; never content."),
    Term("HomeKit", "Apple's system for homes, whose words for a camera's modes are used here."),
    Term("preview", "Pictures shown on the device itself or on the same machine, without leaving it."),
    Term(
      "pre-roll", also: ["preroll"],
      "The last seconds before an event, sealed in memory, so that a recording begins before what caused it."),
    Term("clip", also: ["clips"], "A recording with a number, from its beginning to its end."),
    Term("kill switch", "A switch on the board that forbids the sensors in hardware or at once."),
    Term("privacy shutter", also: ["shutter"], "A cover before the lens, whose position some cameras tell."),
    Term(
      "privacy mask", also: ["mask", "masks"],
      "A part of the picture that is blackened before anything else sees it."),
    Term("indicator", "A light or signal that is on while a sensor is open, and cannot be configured away."),
    Term("upload", also: ["uploads"], "To send something to the relay to be kept or passed on."),
    Term("event", also: ["events"], "A note that motion or loud sound was noticed, and when."),
  ]
}
