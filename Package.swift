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

/// What is there only with the trait `HTTP`.
let withHTTP = TargetDependencyCondition.when(traits: ["HTTP"])

let package = Package(
    name: "linkway",
    products: [
        .executable(name: "linkway", targets: ["linkway"]),
        .library(name: "LinkwayCore", targets: ["Reporting", "SourceDocuments", "Referrals", "Mappings"]),
    ],
    traits: [
        .trait(name: "HTTP", description: "Intake over HTTP, and destinations that are HTTP endpoints."),
        .default(enabledTraits: ["HTTP"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        // 2.100 bounds the count and size of header fields (CVE-2026-28980).
        .package(url: "https://github.com/apple/swift-nio", from: "2.100.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
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
        .target(name: "Metrics", swiftSettings: settings),
        .target(
            name: "HTTPService",
            dependencies: [
                "Delivery", "Digests", "Reporting",
                .product(name: "NIOCore", package: "swift-nio", condition: withHTTP),
                .product(name: "NIOPosix", package: "swift-nio", condition: withHTTP),
                .product(name: "NIOHTTP1", package: "swift-nio", condition: withHTTP),
                .product(name: "NIOTLS", package: "swift-nio", condition: withHTTP),
                .product(name: "NIOSSL", package: "swift-nio-ssl", condition: withHTTP),
                .product(name: "AsyncHTTPClient", package: "async-http-client", condition: withHTTP),
            ],
            swiftSettings: settings),
        .target(
            name: "Projections", dependencies: ["Reporting", "SourceDocuments", "Referrals"], swiftSettings: settings),
        .target(
            name: "Gateway",
            dependencies: [
                "Reporting", "DurableFiles", "Digests", "SourceDocuments", "Referrals", "Mappings", "Projections",
                "Custody",
                "Intake", "Delivery", "HTTPService", "Metrics", "CPosix",
            ],
            swiftSettings: settings),
        .target(
            name: "Workbench",
            dependencies: ["Reporting", "DurableFiles", "SourceDocuments", "Referrals", "Mappings", "Gateway"],
            swiftSettings: settings),
        .executableTarget(
            name: "linkway",
            dependencies: [
                "Reporting", "Digests", "DurableFiles", "SourceDocuments", "Referrals", "Mappings", "Custody",
                "Delivery",
                "Gateway",
                "Workbench", "HTTPService", "CPosix",
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
        .testTarget(name: "MetricsTests", dependencies: ["Metrics"], swiftSettings: settings),
        .testTarget(
            name: "HTTPServiceTests", dependencies: ["HTTPService", "Delivery", "Reporting"], swiftSettings: settings),
        .testTarget(
            name: "IntakeTests",
            dependencies: ["Intake", "Custody", "DurableFiles", "Digests", "Reporting", "Simulation", "CZlib"],
            swiftSettings: settings),
        .testTarget(
            name: "DeliveryTests",
            dependencies: ["Delivery", "Custody", "DurableFiles", "Digests", "Simulation"], swiftSettings: settings),
        .testTarget(
            name: "GatewayTests",
            dependencies: [
                "Gateway", "Delivery", "DurableFiles", "Digests", "HTTPService", "Metrics", "Reporting", "Simulation",
                "linkway",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "SimulationTests",
            dependencies: [
                "Gateway", "Custody", "Delivery", "DurableFiles", "Digests", "Intake", "Mappings", "Referrals",
                "Reporting",
                "Simulation",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ProjectionsTests",
            dependencies: [
                "Projections", "Gateway", "DurableFiles", "Mappings", "Referrals", "Reporting", "SourceDocuments",
            ],
            exclude: ["Golden"], swiftSettings: settings),
    ]
)
