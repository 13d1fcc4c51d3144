// swift-tools-version: 6.2
// Pumpkii: a camera agent its owner can trust. The rooms and why they are what they are: CONTRIBUTING.md.
import PackageDescription

/// What every Swift target is compiled with; warnings are errors where PUMPKII_CI is set, so that a newer compiler does
/// not break users.
let settings: [SwiftSetting] =
  [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .strictMemorySafety(),
  ] + (Context.environment["PUMPKII_CI"] == nil ? [] : [.treatAllWarnings(as: .error)])

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nio: [Target.Dependency] = [
  .product(name: "NIOCore", package: "swift-nio"),
  .product(name: "NIOHTTP1", package: "swift-nio"),
  .product(name: "NIOPosix", package: "swift-nio"),
  .product(name: "NIOSSL", package: "swift-nio-ssl"),
  .product(name: "NIOTLS", package: "swift-nio"),
]
let certificates: [Target.Dependency] = [
  .product(name: "SwiftASN1", package: "swift-asn1"),
  .product(name: "X509", package: "swift-certificates"),
]
let hummingbird: [Target.Dependency] = [
  .product(name: "HTTPTypes", package: "swift-http-types"),
  .product(name: "Hummingbird", package: "hummingbird"),
  .product(name: "HummingbirdCore", package: "hummingbird"),
  .product(name: "HummingbirdHTTP2", package: "hummingbird"),
  .product(name: "HummingbirdTLS", package: "hummingbird"),
]

/// C libraries from the distribution. Only their flags come from here; the two C targets below include them.
let systemLibraries: [Target] = [
  library("CLibCrypto", pkgConfig: "libcrypto", apt: "libssl-dev"),
  library("CLibTurboJPEG", pkgConfig: "libturbojpeg", apt: "libturbojpeg0-dev"),
  library("CLibYUV", pkgConfig: nil, apt: "libyuv-dev"),
  library("CLibOpenH264", pkgConfig: "openh264", apt: "libopenh264-dev"),
  library("CLibOpus", pkgConfig: "opus", apt: "libopus-dev"),
  library("CLibSpeexDSP", pkgConfig: "speexdsp", apt: "libspeexdsp-dev"),
  .systemLibrary(name: "CLibTimex", path: "Sources/System/CLibTimex"),
  .systemLibrary(name: "CLibGPIO", path: "Sources/System/CLibGPIO"),
  .systemLibrary(name: "CLibEvdev", path: "Sources/System/CLibEvdev"),
  .systemLibrary(name: "CLibSpawn", path: "Sources/System/CLibSpawn"),
  library("CLibQREncode", pkgConfig: "libqrencode", apt: "libqrencode-dev"),
  .systemLibrary(name: "CPumpkiiV4L2", pkgConfig: "libv4lconvert", providers: [.apt(["libv4l-dev"])]),
  .systemLibrary(name: "CPumpkiiALSA", pkgConfig: "alsa", providers: [.apt(["libasound2-dev"])]),
]

/// The rooms, lowest first: an import points only up this list (RulesTests).
let rooms: [Target] = [
  .target(name: "CPumpkiiOpenSSL", dependencies: ["CLibCrypto"]),
  .target(
    name: "CPumpkiiCodecs",
    dependencies: ["CLibTurboJPEG", "CLibYUV", "CLibOpenH264", "CLibOpus", "CLibSpeexDSP"],
    linkerSettings: [.linkedLibrary("yuv")]),

  .target(name: "PumpkiiPolicy"),
  .target(name: "PumpkiiWire"),
  .target(name: "PumpkiiCapture"),
  .target(name: "PumpkiiSystem", dependencies: ["CLibEvdev", "CLibGPIO", "CLibSpawn"]),
  .target(name: "PumpkiiDocument", dependencies: ["Yams"]),

  .target(name: "PumpkiiService", dependencies: ["PumpkiiSystem", lifecycle, logging]),
  .target(name: "PumpkiiChain", dependencies: ["PumpkiiWire", crypto]),
  .target(name: "PumpkiiMedia", dependencies: ["CPumpkiiCodecs", "PumpkiiCapture", "PumpkiiSystem"]),
  .target(name: "PumpkiiV4L2", dependencies: ["CPumpkiiV4L2", "PumpkiiCapture", "PumpkiiSystem"]),
  .target(name: "PumpkiiALSA", dependencies: ["CPumpkiiALSA", "PumpkiiCapture", "PumpkiiSystem"]),
  .target(
    name: "PumpkiiVault",
    dependencies: ["CPumpkiiOpenSSL", "PumpkiiChain", "PumpkiiSystem", "PumpkiiWire", crypto]),

  .target(
    name: "PumpkiiTransport",
    dependencies: ["PumpkiiChain", "PumpkiiSystem", "PumpkiiVault", "PumpkiiWire", asyncHTTPClient] + nio),
  .target(
    name: "PumpkiiRelay",
    dependencies: [
      "PumpkiiChain", "PumpkiiDocument", "PumpkiiService", "PumpkiiSystem", "PumpkiiWire", configuration, crypto,
      lifecycle, logging, .product(name: "GRDB", package: "GRDB.swift"),
    ] + nio + certificates + hummingbird),
  .target(
    name: "PumpkiiClient",
    dependencies: [
      "PumpkiiChain", "PumpkiiMedia", "PumpkiiPolicy", "PumpkiiSystem", "PumpkiiTransport", "PumpkiiVault",
      "PumpkiiWire", crypto,
    ]),
  .target(
    name: "PumpkiiAgent",
    dependencies: [
      "CLibTimex", "CPumpkiiV4L2", "PumpkiiALSA", "PumpkiiCapture", "PumpkiiChain", "PumpkiiDocument", "PumpkiiMedia",
      "PumpkiiPolicy", "PumpkiiService", "PumpkiiSystem", "PumpkiiTransport", "PumpkiiV4L2", "PumpkiiVault",
      "PumpkiiWire", lifecycle, logging,
    ] + nio + hummingbird),
  .target(
    name: "PumpkiiSimulation",
    dependencies: [
      "PumpkiiAgent", "PumpkiiCapture", "PumpkiiChain", "PumpkiiDocument", "PumpkiiMedia", "PumpkiiSystem",
      "PumpkiiTransport", "PumpkiiVault", "PumpkiiWire", logging,
    ]),
  .target(name: "PumpkiiDemo", dependencies: ["PumpkiiSystem"]),

  .executableTarget(
    name: "pumpkii",
    dependencies: [
      "CLibQREncode", "PumpkiiALSA", "PumpkiiAgent", "PumpkiiCapture", "PumpkiiChain", "PumpkiiClient", "PumpkiiDemo",
      "PumpkiiDocument", "PumpkiiMedia", "PumpkiiPolicy", "PumpkiiSimulation", "PumpkiiSystem", "PumpkiiTransport",
      "PumpkiiV4L2", "PumpkiiVault", "PumpkiiWire", argumentParser, configuration, lifecycle, logging, unixSignals,
    ]),
  .executableTarget(
    name: "pumpkii-relay",
    dependencies: [
      "PumpkiiDocument", "PumpkiiRelay", "PumpkiiSystem", argumentParser, configuration, lifecycle, logging,
      unixSignals,
    ]),
  .executableTarget(
    name: "pumpkii-bench",
    dependencies: ["CPumpkiiOpenSSL", "PumpkiiSystem", "PumpkiiVault", "PumpkiiWire", crypto],
    path: "Benchmarks/SealBench"),
  .executableTarget(
    name: "pumpkii-revoke",
    dependencies: [
      "PumpkiiAgent", "PumpkiiCapture", "PumpkiiClient", "PumpkiiDemo", "PumpkiiPolicy", "PumpkiiRelay",
      "PumpkiiSimulation", "PumpkiiSystem", "PumpkiiTransport", lifecycle, logging,
    ],
    path: "Benchmarks/RevokeBench"),
]

let tests: [Target] = [
  .testTarget(name: "PumpkiiPolicyTests", dependencies: ["PumpkiiPolicy"]),
  .testTarget(name: "PumpkiiSystemTests", dependencies: ["PumpkiiSystem"]),
  .testTarget(name: "PumpkiiDocumentTests", dependencies: ["PumpkiiDocument"]),
  .testTarget(
    name: "PumpkiiV4L2Tests", dependencies: ["CPumpkiiV4L2", "PumpkiiCapture", "PumpkiiSystem", "PumpkiiV4L2"]),
  .testTarget(
    name: "PumpkiiALSATests",
    dependencies: ["CPumpkiiALSA", "PumpkiiALSA", "PumpkiiCapture", "PumpkiiSystem"], exclude: ["Plugin"]),
  .testTarget(name: "PumpkiiChainTests", dependencies: ["PumpkiiChain", "PumpkiiWire", crypto]),
  .testTarget(name: "PumpkiiMediaTests", dependencies: ["PumpkiiCapture", "PumpkiiMedia", "PumpkiiSystem"]),
  .testTarget(
    name: "PumpkiiVaultTests", dependencies: ["PumpkiiChain", "PumpkiiSystem", "PumpkiiVault", "PumpkiiWire", crypto]),
  .testTarget(
    name: "VectorsTests",
    dependencies: ["CPumpkiiOpenSSL", "PumpkiiChain", "PumpkiiSystem", "PumpkiiVault", "PumpkiiWire", crypto]),
  .testTarget(
    name: "PumpkiiTransportTests",
    dependencies: [
      "PumpkiiChain", "PumpkiiRelay", "PumpkiiSystem", "PumpkiiTransport", "PumpkiiVault", "PumpkiiWire", lifecycle,
      logging,
    ] + nio),
  .testTarget(
    name: "PumpkiiRelayTests",
    dependencies: [
      "PumpkiiChain", "PumpkiiRelay", "PumpkiiService", "PumpkiiSystem", "PumpkiiWire", asyncHTTPClient, crypto,
      lifecycle, logging,
    ] + nio),
  .testTarget(
    name: "PumpkiiClientTests",
    dependencies: [
      "PumpkiiChain", "PumpkiiClient", "PumpkiiPolicy", "PumpkiiRelay", "PumpkiiSystem", "PumpkiiTransport",
      "PumpkiiVault", "PumpkiiWire", lifecycle, logging,
    ]),
  .testTarget(
    name: "PumpkiiAgentTests",
    dependencies: [
      "PumpkiiALSA", "PumpkiiAgent", "PumpkiiCapture", "PumpkiiChain", "PumpkiiDocument", "PumpkiiMedia",
      "PumpkiiPolicy", "PumpkiiSystem", "PumpkiiTransport", "PumpkiiV4L2", "PumpkiiVault", "PumpkiiWire", lifecycle,
      logging,
    ]),
  .testTarget(
    name: "PumpkiiSimulationTests",
    dependencies: ["PumpkiiCapture", "PumpkiiDocument", "PumpkiiMedia", "PumpkiiSimulation", "PumpkiiSystem"]),
  .testTarget(name: "PumpkiiDemoTests", dependencies: ["PumpkiiDemo"]),
  .testTarget(
    name: "PublicSurfaceTests", dependencies: ["PumpkiiClient", "PumpkiiRelay", "PumpkiiSimulation"]),
  .testTarget(
    name: "EndToEndTests",
    dependencies: [
      "PumpkiiAgent", "PumpkiiCapture", "PumpkiiChain", "PumpkiiClient", "PumpkiiDemo", "PumpkiiMedia",
      "PumpkiiPolicy", "PumpkiiRelay", "PumpkiiSimulation", "PumpkiiSystem", "PumpkiiTransport", "PumpkiiVault",
      "PumpkiiWire", lifecycle, logging,
    ]),
  .testTarget(
    name: "LabTests",
    dependencies: [
      "CPumpkiiV4L2", "PumpkiiALSA", "PumpkiiAgent", "PumpkiiCapture", "PumpkiiChain", "PumpkiiClient", "PumpkiiMedia",
      "PumpkiiPolicy", "PumpkiiRelay", "PumpkiiSimulation", "PumpkiiSystem", "PumpkiiTransport", "PumpkiiV4L2",
      "PumpkiiVault", "PumpkiiWire", lifecycle, logging,
    ]),
  .testTarget(name: "RulesTests"),
]

let package = Package(
  name: "pumpkii",
  products: [
    .executable(name: "pumpkii", targets: ["pumpkii"]),
    .executable(name: "pumpkii-relay", targets: ["pumpkii-relay"]),
    .library(name: "PumpkiiClient", targets: ["PumpkiiClient"]),
    .library(name: "PumpkiiRelay", targets: ["PumpkiiRelay"]),
    .library(name: "PumpkiiSimulation", targets: ["PumpkiiSimulation"]),
    .library(name: "PumpkiiV4L2", targets: ["PumpkiiV4L2", "PumpkiiCapture"]),
    .library(name: "PumpkiiALSA", targets: ["PumpkiiALSA", "PumpkiiCapture"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser.git", .upToNextMinor(from: "1.8.2")),
    .package(url: "https://github.com/apple/swift-asn1.git", .upToNextMinor(from: "1.7.4")),
    .package(url: "https://github.com/apple/swift-certificates.git", .upToNextMinor(from: "1.21.1")),
    .package(url: "https://github.com/apple/swift-configuration.git", .upToNextMinor(from: "1.4.0"), traits: ["YAML"]),
    .package(url: "https://github.com/apple/swift-crypto.git", .upToNextMinor(from: "4.5.2")),
    .package(url: "https://github.com/apple/swift-http-types.git", .upToNextMinor(from: "1.8.0")),
    .package(url: "https://github.com/apple/swift-log.git", .upToNextMinor(from: "1.16.2")),
    .package(url: "https://github.com/apple/swift-nio.git", .upToNextMinor(from: "2.101.2")),
    .package(url: "https://github.com/apple/swift-nio-ssl.git", .upToNextMinor(from: "2.37.6")),
    .package(url: "https://github.com/groue/GRDB.swift.git", .upToNextMinor(from: "7.10.0")),
    .package(url: "https://github.com/hummingbird-project/hummingbird.git", .upToNextMinor(from: "2.28.1"), traits: []),
    .package(url: "https://github.com/jpsim/Yams.git", .upToNextMinor(from: "6.2.2")),
    .package(url: "https://github.com/swift-server/async-http-client.git", .upToNextMinor(from: "1.37.0")),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", .upToNextMinor(from: "2.13.0")),
  ],
  targets: systemLibraries + rooms + tests)

func library(_ name: String, pkgConfig: String?, apt: String) -> Target {
  .systemLibrary(name: name, path: "Sources/System/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

for target in rooms + tests where !target.name.hasPrefix("C") {
  target.swiftSettings = (target.swiftSettings ?? []) + settings
}
