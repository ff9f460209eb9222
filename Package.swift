// swift-tools-version: 6.2
import PackageDescription

/// Warnings are errors where `LINKWAY_STRICT` is set, as in CI.
let settings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + (Context.environment["LINKWAY_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)])

let package = Package(
    name: "linkway",
    products: [
        .executable(name: "linkway", targets: ["linkway"]),
        .library(name: "LinkwayCore", targets: ["Reporting", "SourceDocuments", "Referrals", "Mappings"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(name: "CLibCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CPosix"),
        .target(name: "Reporting", swiftSettings: settings),
        .target(name: "SourceDocuments", dependencies: ["Reporting", "CLibXML2"], swiftSettings: settings),
        .target(
            name: "Referrals", dependencies: ["Reporting", "SourceDocuments", "CLibCrypto"],
            swiftSettings: settings),
        .target(
            name: "Mappings",
            dependencies: ["Reporting", "SourceDocuments", "Referrals", .product(name: "Yams", package: "Yams")],
            swiftSettings: settings),
        .target(
            name: "Projections", dependencies: ["Reporting", "SourceDocuments", "Referrals"], swiftSettings: settings),
        .target(
            name: "Gateway",
            dependencies: ["Reporting", "SourceDocuments", "Referrals", "Mappings", "CPosix"],
            swiftSettings: settings),
        .target(
            name: "Workbench",
            dependencies: ["Reporting", "SourceDocuments", "Referrals", "Mappings", "Gateway"], swiftSettings: settings),
        .executableTarget(
            name: "linkway",
            dependencies: [
                "Reporting", "SourceDocuments", "Referrals", "Mappings", "Gateway", "Workbench",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),
        .target(name: "AllocationCount", path: "Benchmarks/AllocationCount"),
        .executableTarget(
            name: "linkway-bench",
            dependencies: ["Reporting", "SourceDocuments", "Referrals", "Mappings", "Gateway", "AllocationCount"],
            path: "Benchmarks/LinkwayBench", swiftSettings: settings),
        .testTarget(name: "ReportingTests", dependencies: ["Reporting"], swiftSettings: settings),
        .testTarget(
            name: "SourceDocumentsTests", dependencies: ["SourceDocuments", "CLibXML2"], swiftSettings: settings),
        .testTarget(name: "ReferralsTests", dependencies: ["Referrals"], swiftSettings: settings),
        .testTarget(
            name: "WorkbenchTests",
            dependencies: ["Workbench", "Gateway", "Mappings", "Referrals", "Reporting", "SourceDocuments"],
            swiftSettings: settings),
        .testTarget(name: "CommandTests", dependencies: ["linkway"], exclude: ["Fixtures"], swiftSettings: settings),
        .testTarget(name: "MappingsTests", dependencies: ["Mappings", "Gateway"], swiftSettings: settings),
        .testTarget(
            name: "CorpusTests",
            dependencies: ["linkway", "Gateway", "Mappings", "Referrals", "SourceDocuments", "Reporting", "Workbench"],
            swiftSettings: settings),
        .testTarget(
            name: "ProjectionsTests",
            dependencies: ["Projections", "Gateway", "Mappings", "Referrals", "Reporting", "SourceDocuments"],
            swiftSettings: settings),
        .testTarget(name: "GatewayTests", dependencies: ["Gateway", "linkway"], swiftSettings: settings),
    ]
)
