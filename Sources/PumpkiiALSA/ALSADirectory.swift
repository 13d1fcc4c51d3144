package import PumpkiiCapture

/// The microphones of this machine, looked up anew at each call.
///
/// Cards come from sysfs, which everybody may read: without the right to open a card, alsa-lib says that there is none.
public struct ALSADirectory: Sendable {
  private let tree: SoundTree
  private let cards: any CardInterface

  /// Of this machine.
  public init() { self.init(root: "/", cards: ControlInterface()) }

  /// - Parameters:
  ///   - root: the folder that holds `sys`, `dev` and `proc`.
  ///   - cards: whom the cards' names and capabilities are asked of.
  package init(root: String, cards: any CardInterface) {
    tree = SoundTree(root: root)
    self.cards = cards
  }

  /// All capture devices, in the order of the cards' numbers. Asks each what it can do, which opens it for a moment
  /// without starting it.
  public func list() -> [ALSADevice] { nodes().map(device) }

  /// The microphone with this id, wherever it is now.
  public func find(_ id: String) -> ALSADevice? {
    nodes().first { $0.id == id }.map(device)
  }

  /// The node that alsa-lib would open for `hw:` names, now.
  package func node(of pcm: String) -> CaptureNode? {
    let wanted = pcm.hasPrefix("plug") ? String(pcm.dropFirst(4)) : pcm
    return nodes().first { $0.pcm == wanted || ($0.device == 0 && $0.shortPCM == wanted) }
  }

  /// Other programs that have the node open, `arecord (pid 4711)`, as far as this account may see them.
  package func holders(of node: CaptureNode) -> [String] { tree.holders(of: node.path) }

  /// What it means that alsa-lib could not open `pcm`.
  /// - Parameter mayOpen: stands in for access(2).
  package func openingError(
    _ pcm: String, errno number: Int32, mayOpen: ((CaptureNode) -> Bool)? = nil
  ) -> CaptureError {
    let node = node(of: pcm)
    let isForbidden = node.map { !(mayOpen?($0) ?? tree.mayOpen($0.path)) } ?? false
    return PCMFailure.opening(pcm, errno: number, node: node, isForbidden: isForbidden) { holders(of: $0) }
  }

  /// All capture devices as sysfs shows them; nothing is opened.
  package func nodes() -> [CaptureNode] { tree.captureNodes() }

  private func device(_ node: CaptureNode) -> ALSADevice {
    let name = cards.name(ofCard: node.card) ?? node.cardID
    let capabilities = cards.capabilities(of: node.pcm)
    let identity = SensorIdentity(
      kind: .microphone, id: node.id, name: name, capabilities: capabilities?.text(card: node.cardID))
    return ALSADevice(
      identity: identity, pcm: node.pcm, card: node.cardID, rates: capabilities?.rates ?? [],
      channels: capabilities?.channels ?? [], formats: capabilities?.formats.map(\.rawValue) ?? [])
  }
}
