/// Every field that an agent, a client or a relay stores or sends: what it is for, where it lies, how long, and who
/// receives it (clause C16). What is not here is not kept; tests compare it with the files and tables in the code.
package enum Inventory {
  /// A field, or a few that always go together.
  package struct Field: Sendable, Equatable {
    /// Which program keeps or sends it.
    package enum Holder: String, Sendable, CaseIterable {
      case agent, client, relay
    }

    /// What it rests on.
    package enum Basis: Sendable, Equatable {
      /// A flag, without which there is no such field.
      case flag(Flag)
      /// A clause whose duty it serves.
      case clause(String)
    }

    /// As it is called where it stands.
    package let name: String
    package let holder: Holder
    /// A file (`HOME/roster`), a table (`table camera`), a message, or memory.
    package let place: String
    /// What it says, in a sentence.
    package let contents: String
    /// The one thing that it may be used for.
    package let purpose: Purpose
    /// How long, and what ends it.
    package let retention: String
    /// Who gets to see it.
    package let receivers: String
    /// What would have to fall for the field to be gone.
    package let basis: Basis

    /// Whether it may be used for this; anything but its own purpose is denied (clause C18).
    package func serves(_ purpose: Purpose) -> Bool { purpose == self.purpose }

    /// The flag's name, or the clause's.
    package var basisName: String {
      switch basis {
      case .flag(let flag): flag.rawValue
      case .clause(let id): id
      }
    }
  }

  /// All fields, agent first.
  package static let fields: [Field] = agent + reports + client + relay

  /// What a report of the environment may hold: a closed list (clause C7).
  package static let environment = ["language", "device_type", "os_version"]

  /// The first field of this name.
  package static func field(_ name: String) -> Field? { fields.first { $0.name == name } }
}
