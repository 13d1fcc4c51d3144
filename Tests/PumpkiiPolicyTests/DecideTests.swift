import Testing

@testable import PumpkiiPolicy
