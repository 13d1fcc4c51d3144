// Devices, and files that are written by hand.
extension Codes {
  static let devices: [Code] = [
    Code("device-busy", "Another program has the device open.", "Close it; pumpkii devices says which."),
    Code("device-no-permission", "This user may not open the device.", "Add the user to the group video or audio."),
    Code(
      "device-no-bandwidth", "The USB bus has no room for this format.",
      "Choose MJPEG or a smaller picture, or another port."),
    Code("device-no-signal", "The source gives no signal.", "Look at the cable and at what is before it."),
    Code("device-frozen", "The device gives nothing, and everything was tried.", "Unplug it, and plug it in."),
    Code("device-gone", "The device is not there, or no longer.", "Plug it in; pumpkii devices lists them."),
    Code("device-not-capture", "This node gives no pictures.", "Choose another of pumpkii devices."),
    Code("device-unsupported-format", "Nothing that the device offers can be used.", "Use another camera."),
    Code(
      "device-unreadable-source", "A file that stands in for a device cannot be read.",
      "Check its path and rights."),
    Code("device-failed", "The driver gave an error.", "Unplug it and plug it in; the system's log says more."),
    Code(
      "device-stranger", "Another camera or microphone sits where the chosen one was.",
      "Plug the chosen one in, or confirm this one: pumpkii permissions confirm."),
    Code(
      "device-source-failed", "The program that gives the pictures ended or cannot be started.",
      "Install or look at rpicam-vid."),
    Code("media-unsupported", "Sizes, rates or layouts that cannot be used.", "Choose another format in agent.yaml."),
    Code(
      "media-bad-picture", "A picture is cut short or damaged.",
      "It was left out; look at the cable if there are many."),
    Code("media-reordered", "H.264 whose frames are not in the order of showing.", "Switch the camera's B-frames off."),
    Code("media-interlaced", "H.264 made of half pictures.", "Choose a progressive format."),
    Code("media-codec-failed", "A codec refused to work.", "Choose another size or encoder."),
    Code("media-bad-boxes", "A film's parts are not of the form that is written here.", distrust),
    Code("media-changed", "The picture's size or coding changed within a film.", "Begin a new film."),
    Code("media-no-picture", "There is no picture to make a photo of yet.", "Try again in a second."),
    Code(
      "media-mask-impossible", "The privacy masks cannot be put over this format, so nothing of it is used.",
      "Choose another format."),
    Code(
      "host-controller-missing", "The kernel has no virtual USB host.",
      "Load the module vhci-hcd, or use a profile."),
    Code("host-controller-refused", "The virtual USB host does not allow it.", "Run it as root."),
  ]

  static let files: [Code] = [
    Code("profile-unreadable", "The profile is not there or cannot be read.", "Check its path."),
    Code("profile-invalid", "The profile has an unknown key or a wrong value.", "Find it: pumpkii devices check FILE."),
    Code("source-unreadable", "A picture, film or sound is not there or cannot be read.", "Check its path."),
    Code(
      "source-foreign-format", "The file is in a format that is not played here.",
      "Convert it as the message says."),
    Code("source-unsupported", "The file's content is not played here.", "Convert it as the message says."),
    Code("source-damaged", "The file is damaged or empty.", "Make it anew."),
    Code("document-syntax", "The file is no YAML.", "Look at the line that the message names."),
    Code("document-too-large", "The file is larger than it may be.", "Shorten it."),
    Code("document-unreadable", "The file cannot be read.", "Check its path and rights."),
    Code("document-unknown-key", "The file has a key that nobody knows.", "Correct its spelling, or take it away."),
    Code("document-duplicate-key", "A key is there twice.", "Take one away."),
    Code("document-missing-key", "A key that must be there is not.", "Add it."),
    Code("document-wrong-type", "A value is of the wrong kind.", "Write the kind that the message names."),
    Code("document-out-of-range", "A number is out of its range.", "Write one within it."),
    Code("document-not-allowed", "A value is none of those that are allowed.", "Write one of those."),
  ]
}
