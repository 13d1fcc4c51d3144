import Testing

@testable import PumpkiiChain
