// Words of the privacy policy itself.
extension Glossary {
  static let policy: [Term] = [
    Term(
      "PUMPKII", also: ["Pumpkii"],
      "The product that the policy speaks of; here the agent on the camera's board, the clients and the relay."),
    Term("SSL", also: ["Secure Sockets Layer"], "The old name and forerunner of TLS; no version of it is used here."),
    Term(
      "TLS", also: ["Transport Layer Security"],
      "Encryption of a connection on its way through the network; version 1.3 is used to the relay."),
    Term("IoT", also: ["Internet of Things"], "Everyday things, such as cameras, that are connected to a network."),
    Term("encryption", also: ["encrypted"], "Turning data into something that only the holder of a key can read."),
    Term(
      "account", also: ["account ID"],
      "A person, known to cameras and relays by a chain of signed entries rather than by a name."),
    Term("avatar", "A small picture that stands for a person in an account; it is optional."),
    Term(
      "bank card", also: ["credit card"],
      "A means of payment; only a provider's token for it may ever be kept, never its number."),
    Term("token", "A value that stands for something else and is of no use to anybody but who issued it."),
    Term("payee", "Who receives a payment."),
    Term(
      "register", also: ["registered", "unregistered", "registration"],
      "To make an account; whoever has not done so leaves no personal data."),
    Term(
      "device sharing", also: ["sharing"],
      "Letting another account watch a camera, or control it, until a time and in the classes that were chosen."),
    Term("photo stream", "Photos that are shared one after the other as they are made."),
    Term("system language", also: ["language"], "The language that a device's system is set to, such as \"en\"."),
    Term(
      "operating system", also: ["os", "os_version"],
      "The software that a device runs everything else on, such as Linux."),
    Term(
      "logs", also: ["log"],
      "Lines in which a program writes down what it did; none of them contains pictures, sound or names."),
    Term("critical operation paths", "Which of the program's main steps were used, such as pairing or sharing."),
    Term("error logs", "What went wrong, as a code and a time."),
    Term("crash logs", "Where in the program a crash happened, without what it was working on."),
    Term(
      "notification", also: ["notifications", "notice", "notices"],
      "A short message to a person that something happened, with the switch that ends it."),
    Term("archiving", also: ["archive", "archiving features"], "Keeping old copies for a long time."),
    Term(
      "backup", also: ["data backup", "backups"],
      "A copy kept against loss, in which deleted data can live on until it is overwritten."),
    Term("server", also: ["servers"], "A computer that others connect to; the relay runs on one."),
    Term("third party", also: ["third parties"], "Anybody but you and whoever runs the service."),
    Term(
      "service provider", also: ["service providers"],
      "A company that does a part of the work, such as sending mail or taking payments."),
    Term("express consent", "Agreement that somebody gave on purpose, for one recipient, purpose and time."),
    Term(
      "personal information", also: ["personal data"],
      "Anything that tells something about a person who can be recognised."),
    Term("merger", also: ["acquisition"], "Two companies becoming one, by agreement or by purchase."),
    Term(
      "privacy policy", also: ["policy"],
      """
      The text that says what is collected, what for, and who gets it; also the owner's signed document of allowed \
      flags.
      """),
    Term(
      "clause", also: ["clauses"],
      "One thing that the privacy policy says, as a row with its flags, duties, points and tests."),
    Term("local laws", "The law of the place where the service is used."),
    Term("storage", also: ["store"], "Where data stays when it is not on its way."),
    Term("transmission", "Data being on its way from one machine to another."),
  ]
}
