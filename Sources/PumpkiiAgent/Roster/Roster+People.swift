internal import PumpkiiChain
internal import PumpkiiWire

extension Roster {
  /// Its owners, then its guests in a fixed order.
  var people: [AccountID] {
    let guests = Set(grants.values.map(\.account)).subtracting(owners)
    return owners + guests.sorted { $0.hex < $1.hex }
  }
}
