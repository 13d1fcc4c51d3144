/// Kernel modules: loading one makes its devices, removing it takes them and every state an injected error left.
enum KernelModule {
  /// - Throws: ``Lab/Obstacle`` with what modprobe said.
  static func load(_ name: String, _ options: String = "") async throws {
    let outcome = await Shell.outcome("modprobe \(name) \(options)")
    guard outcome.status == 0 else { throw Lab.Obstacle("this kernel has no \(name): \(outcome.text)") }
  }

  /// Removes it; a device whose last descriptor closes just now makes this wait, so it is tried for half a minute.
  static func unload(_ name: String) async throws {
    try await Shell.run("for i in $(seq 300); do rmmod \(name) 2>/dev/null && exit 0; sleep 0.1; done; rmmod \(name)")
  }

  /// Loads it, runs `body`, and removes it, whatever happens.
  static func with(_ name: String, _ options: String = "", _ body: () async throws -> Void) async throws {
    try await load(name, options)
    do {
      try await body()
    } catch {
      try? await unload(name)
      throw error
    }
    try await unload(name)
  }
}
