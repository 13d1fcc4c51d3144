import Foundation
import PumpkiiClient
import Testing

@Suite struct ClipListTests {
  private func list(_ held: [UInt64], gone: [UInt64] = []) throws -> ClipList {
    let clips = held.map { #"{"number":\#($0),"bytes":1,"stored_us":1,"classes":["video"]}"# }.joined(separator: ",")
    let past = gone.map { #"{"number":\#($0),"reason":"deleted"}"# }.joined(separator: ",")
    return try JSONDecoder().decode(ClipList.self, from: Data(#"{"clips":[\#(clips)],"gone":[\#(past)]}"#.utf8))
  }

  @Test func aHoleInTheNumbersIsMissing() throws {
    #expect(try list([1, 2, 5]).missing(upTo: 5) == [3...4])
    #expect(try list([3]).missing(upTo: 3) == [1...2])
  }

  @Test func whatTheCameraMadeLaterThanAnythingHeldIsMissing() throws {
    #expect(try list([1]).missing(upTo: 4) == [2...4])
    #expect(try list([]).missing(upTo: 2) == [1...2])
  }

  @Test func whatIsExplainedIsNot() throws {
    #expect(try list([1, 4], gone: [3, 2]).missing(upTo: 4) == [])
    #expect(try list([]).missing(upTo: 0) == [])
  }

  @Test func aCameraThatSaysLessThanTheRelayHoldsIsBehindAndNothingIsMissing() throws {
    #expect(try list([1, 2, 3]).missing(upTo: 1) == [])
  }
}
