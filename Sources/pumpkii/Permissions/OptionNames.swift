internal import ArgumentParser

/// The parser names an option that it does not know after everything else was validated, and gives the word behind it
/// to the arguments; what is wrong with that word must not be said instead.
enum OptionNames {
  /// Whether each option on the command line is one of the command's.
  static func areKnown(to command: any ParsableCommand.Type) -> Bool {
    let known = Set(command.helpMessage().split { !($0.isLetter || $0.isNumber || $0 == "-") })
    return CommandLine.arguments.allSatisfy { word in
      !word.hasPrefix("--") || word == "--" || known.contains(word.prefix { $0 != "=" })
    }
  }
}
