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
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(name: "CLibCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CPosix"),
        .target(name: "Digests", dependencies: ["CLibCrypto"], swiftSettings: settings),
        .target(name: "Reporting", swiftSettings: settings),
        .target(name: "DurableFiles", dependencies: ["Reporting", "CPosix"], swiftSettings: settings),
        .target(name: "SourceDocuments", dependencies: ["Reporting", "CLibXML2"], swiftSettings: settings),
        .target(
            name: "Referrals", dependencies: ["Reporting", "SourceDocuments", "Digests"],
            swiftSettings: settings),
        .target(
            name: "Mappings",
            dependencies: [
                "Reporting", "SourceDocuments", "Referrals", "Digests", .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: settings),
        .target(
            name: "Custody",
            dependencies: [
                "DurableFiles", "Digests", "CLibCrypto", "CPosix", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: settings),
        .target(
            name: "Intake",
            dependencies: ["Reporting", "DurableFiles", "Digests", "SourceDocuments", "Custody", "CZlib", "CPosix"],
            swiftSettings: settings),
        .target(
            name: "Delivery", dependencies: ["Reporting", "DurableFiles", "Digests", "Custody"],
            swiftSettings: settings),
        .target(
            name: "Projections", dependencies: ["Reporting", "SourceDocuments", "Referrals"], swiftSettings: settings),
        .target(
            name: "Gateway",
            dependencies: [
                "Reporting", "DurableFiles", "Digests", "SourceDocuments", "Referrals", "Mappings", "Projections",
                "Custody",
                "Intake", "Delivery",
            ],
            swiftSettings: settings),
        .target(
            name: "Workbench",
            dependencies: ["Reporting", "DurableFiles", "SourceDocuments", "Referrals", "Mappings", "Gateway"],
            swiftSettings: settings),
        .executableTarget(
            name: "linkway",
            dependencies: [
                "Reporting", "DurableFiles", "SourceDocuments", "Referrals", "Mappings", "Custody", "Gateway",
                "Workbench",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),
        .target(name: "AllocationCount", path: "Benchmarks/AllocationCount"),
        .executableTarget(
            name: "linkway-bench",
            dependencies: [
                "Reporting", "DurableFiles", "SourceDocuments", "Referrals", "Mappings", "Gateway", "AllocationCount",
            ],
            path: "Benchmarks/LinkwayBench", swiftSettings: settings),
        .executableTarget(
            name: "custody-bench", dependencies: ["Custody", "Digests"], path: "Benchmarks/CustodyBench",
            swiftSettings: settings),
        .target(
            name: "Simulation", dependencies: ["DurableFiles", "Custody"], path: "Tests/Simulation",
            swiftSettings: settings),
        .testTarget(name: "ReportingTests", dependencies: ["Reporting"], swiftSettings: settings),
        .testTarget(
            name: "SourceDocumentsTests", dependencies: ["SourceDocuments", "CLibXML2"], swiftSettings: settings),
        .testTarget(name: "ReferralsTests", dependencies: ["Referrals", "Digests"], swiftSettings: settings),
        .testTarget(
            name: "WorkbenchTests",
            dependencies: [
                "Workbench", "Gateway", "DurableFiles", "Mappings", "Referrals", "Reporting", "SourceDocuments",
            ],
            swiftSettings: settings),
        .testTarget(name: "CommandTests", dependencies: ["linkway"], exclude: ["Fixtures"], swiftSettings: settings),
        .testTarget(
            name: "MappingsTests", dependencies: ["Mappings", "Gateway", "DurableFiles"], swiftSettings: settings),
        .testTarget(
            name: "CorpusTests",
            dependencies: [
                "linkway", "Gateway", "DurableFiles", "Mappings", "Referrals", "SourceDocuments", "Reporting",
                "Workbench",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "CustodyTests",
            dependencies: [
                "Custody", "custody-bench", "DurableFiles", "Digests", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "IntakeTests",
            dependencies: ["Intake", "Custody", "DurableFiles", "Digests", "Reporting", "Simulation"],
            swiftSettings: settings),
        .testTarget(
            name: "DeliveryTests",
            dependencies: ["Delivery", "Custody", "DurableFiles", "Digests", "Simulation"], swiftSettings: settings),
        .testTarget(
            name: "GatewayTests", dependencies: ["Gateway", "DurableFiles", "Digests", "Simulation", "linkway"],
            swiftSettings: settings),
        .testTarget(
            name: "ProjectionsTests",
            dependencies: [
                "Projections", "Gateway", "DurableFiles", "Mappings", "Referrals", "Reporting", "SourceDocuments",
            ],
            swiftSettings: settings),
    ]
)
