import PumpkiiSimulation
import Testing

@Suite struct USBIPTests {
  /// CMD_SUBMIT of GET_DESCRIPTOR(device), as the kernel writes it.
  private let getDescriptor: [UInt8] =
    [
      0, 0, 0, 1, 0, 0, 0, 7, 0, 1, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 64, 0, 0, 0, 0, 0xFF, 0xFF,
      0xFF, 0xFF, 0, 0, 0, 0,
    ] + [0x80, 6, 0, 1, 0, 0, 64, 0]

  @Test func aControlTransferIsReadByteByByte() throws {
    var reader = USBIPReader()
    for byte in getDescriptor.dropLast() {
      reader.feed([byte])
      #expect(try reader.next() == nil)
    }
    reader.feed(getDescriptor.suffix(1))
    let expected = USBTransfer(
      sequence: 7, endpoint: 0, isIn: true, length: 64, setup: [0x80, 6, 0, 1, 0, 0, 64, 0])
    #expect(try reader.next() == .submit(expected))
    #expect(try reader.next() == nil)
    #expect(
      SetupPacket(expected.setup) == SetupPacket(requestType: 0x80, request: 6, value: 0x0100, index: 0, length: 64))
  }

  @Test func dataToTheDeviceBelongsToItsRequestAndTheNextOneFollows() throws {
    var out = getDescriptor
    out[15] = 0
    out[27] = 3
    var reader = USBIPReader()
    reader.feed((out + [1, 2, 3] + getDescriptor)[...])
    guard case .submit(let first) = try reader.next(), case .submit(let second) = try reader.next() else {
      Issue.record("no transfers")
      return
    }
    #expect(first.data == [1, 2, 3])
    #expect(!first.isIn)
    #expect(second.isIn)
    #expect(second.data.isEmpty)
  }

  @Test func isochronousPacketsFollowTheHeader() throws {
    var bytes = getDescriptor
    bytes.replaceSubrange(16..<20, with: [0, 0, 0, 4])
    bytes.replaceSubrange(32..<36, with: [0, 0, 0, 2])
    bytes += [0, 0, 0, 0, 0, 0, 0, 98, 0, 0, 0, 0, 0, 0, 0, 0]
    bytes += [0, 0, 0, 98, 0, 0, 0, 98, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xEE]
    var reader = USBIPReader()
    reader.feed(bytes[...])
    guard case .submit(let transfer) = try reader.next() else {
      Issue.record("no transfer")
      return
    }
    #expect(transfer.endpoint == 4)
    #expect(
      transfer.packets == [
        IsochronousPacket(offset: 0, length: 98), IsochronousPacket(offset: 98, length: 98, status: -18),
      ])
  }

  @Test func anUnlinkNamesItsTarget() throws {
    var reader = USBIPReader()
    reader.feed(([0, 0, 0, 2, 0, 0, 0, 9, 0, 1, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7] + zeros(24))[...])
    #expect(try reader.next() == .unlink(sequence: 9, target: 7))
  }

  @Test(arguments: [0, 3, 4, 0x1_0000])
  func aCommandThatNoHostGivesEndsTheConnection(_ command: Int) {
    var reader = USBIPReader()
    reader.feed(([0, UInt8(command >> 16), 0, UInt8(command & 0xFF)] + zeros(44))[...])
    #expect(throws: USBIPReader.Malformed.self) { try reader.next() }
  }

  @Test(arguments: [(24, [0x7F, 0xFF, 0xFF, 0xFF]), (16, [0, 0, 1, 0]), (32, [0, 1, 0, 0])])
  func aSizeThatNothingNeedsIsRefusedBeforeItIsWaitedFor(_ offset: Int, _ value: [UInt8]) {
    var bytes = getDescriptor
    bytes.replaceSubrange(offset..<(offset + 4), with: value)
    var reader = USBIPReader()
    reader.feed(bytes[...])
    #expect(throws: USBIPReader.Malformed.self) { try reader.next() }
  }

  @Test func anAnswerCarriesStatusLengthAndData() {
    let transfer = USBTransfer(sequence: 0x0102, endpoint: 0, isIn: true, length: 64)
    #expect(
      USBIPReply.submitted(transfer, data: [0xAA, 0xBB])
        == [0, 0, 0, 3, 0, 0, 1, 2] + zeros(12) + zeros(4) + [0, 0, 0, 2] + zeros(20) + [0xAA, 0xBB])
    #expect(
      USBIPReply.submitted(transfer, status: USBIPReply.stall)
        == [0, 0, 0, 3, 0, 0, 1, 2] + zeros(12) + [0xFF, 0xFF, 0xFF, 0xE0] + zeros(24))
    let sent = USBTransfer(sequence: 1, endpoint: 0, isIn: false, length: 26)
    #expect(USBIPReply.submitted(sent, sent: 26)[20..<28] == [0, 0, 0, 0, 0, 0, 0, 26])
  }

  @Test func isochronousDataGoesBackPackedWithItsPacketsAfterIt() {
    let transfer = USBTransfer(sequence: 1, endpoint: 1, isIn: true, length: 2048, startFrame: 5)
    let packets = [
      IsochronousPacket(offset: 0, length: 1024, actual: 3),
      IsochronousPacket(offset: 1024, length: 1024, actual: 0, status: -18),
    ]
    let bytes = USBIPReply.isochronous(transfer, packets: packets, data: [1, 2, 3])
    #expect(bytes.count == 48 + 3 + 32)
    #expect(Array(bytes[24..<40]) == [0, 0, 0, 3, 0, 0, 0, 5, 0, 0, 0, 2, 0, 0, 0, 1])
    #expect(Array(bytes[48..<51]) == [1, 2, 3])
    #expect(Array(bytes[51..<67]) == [0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 3, 0, 0, 0, 0])
    #expect(Array(bytes[67...]) == [0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xEE])
  }

  @Test func whatWasTakenBackIsReset() {
    #expect(
      USBIPReply.unlinked(sequence: 9, found: true)
        == [0, 0, 0, 4, 0, 0, 0, 9] + zeros(12) + [0xFF, 0xFF, 0xFF, 0x98] + zeros(24))
    #expect(USBIPReply.unlinked(sequence: 9, found: false) == [0, 0, 0, 4, 0, 0, 0, 9] + zeros(40))
  }

  private func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
}
