import Foundation
import Gateway
import Testing

/// The whole core in one simulated world after another. `LINKWAY_SEED=n` runs one and prints what happened in it,
/// `LINKWAY_SEEDS=n` runs so many, from `LINKWAY_FIRST_SEED` on.
@Suite("simulation")
struct SimulationTests {
    /// Worlds in which a promise was once broken, and what it was.
    static let remembered: [(seed: UInt64, found: String)] = [
        (2502, "a copied document's original was removed though the flush of its copy's folder had failed (ENOSPC)"),
        (2524, "the same, after EIO"),
    ]

    private static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
    }

    private static let lanes: UInt64 = 4

    @Test("every promise holds in every world", .timeLimit(.minutes(60)), arguments: 0..<lanes)
    func worlds(_ lane: UInt64) throws {
        let rules = try SimulatedGateway.rules.get()
        if let seed = Self.number("LINKWAY_SEED") {
            if lane == 0 { try Self.run(seed, rules, isTold: true) }
            return
        }
        let first = Self.number("LINKWAY_FIRST_SEED") ?? 1
        let seeds = first..<first + (Self.number("LINKWAY_SEEDS") ?? 200)
        var broken = 0
        for seed in seeds where seed % Self.lanes == lane {
            if try !Self.run(seed, rules) { broken += 1 }
            if broken == 5 { break }
        }
    }

    @Test("worlds in which a promise was once broken", arguments: remembered.map(\.seed))
    func rememberedWorlds(_ seed: UInt64) throws {
        try Self.run(seed, try SimulatedGateway.rules.get())
    }

    @Test("a broken product is found out", arguments: Defect.allCases)
    func defects(_ defect: Defect) throws {
        let rules = try SimulatedGateway.rules.get()
        let found = try (UInt64(1)...120).first { seed in
            let scenario = try Scenario(seed: seed, rules: rules, defect: defect)
            try scenario.run()
            return scenario.chronicle.isBroken
        }
        #expect(found != nil, "\(defect) was not found in 120 worlds")
    }

    /// - Returns: Whether every promise held.
    @discardableResult
    private static func run(_ seed: UInt64, _ rules: Ruleset, isTold: Bool = false) throws -> Bool {
        let scenario = try Scenario(seed: seed, rules: rules)
        try scenario.run()
        let (violations, lines) = scenario.chronicle.with { ($0.violations, $0.lines) }
        if isTold || !violations.isEmpty {
            print("seed \(seed)\n" + lines.map { "  \($0)" }.joined(separator: "\n"))
        }
        #expect(violations.isEmpty, "LINKWAY_SEED=\(seed): \(violations.joined(separator: "; "))")
        return violations.isEmpty
    }
}
