internal import GRDB

/// Whether the wall clock is believed where things are removed for their age.
///
/// A clock that leaps ahead would make everything old at once, and what is removed does not come back when the clock is put
/// right. So a time is believed that lies at most ``leap`` further than the last believed one and the time that ran since;
/// any later one must first hold for ``patience`` of running.
package struct ClockBelief: Sendable, Hashable {
    /// Milliseconds a gateway may have been off, or its clock been put on, without a question.
    package static let leap: Int64 = 3 * 86_400_000
    /// Milliseconds of running for which a clock that leapt further must hold.
    package static let patience: Int64 = 86_400_000

    /// The last time that was believed, and while the clock is doubted what has run since.
    package private(set) var believed: Instant
    /// How long a clock has held that is doubted, in milliseconds of running.
    package private(set) var held: Int64

    package init(believed: Instant, held: Int64 = 0) {
        self.believed = believed
        self.held = held
    }

    /// Judges what the clock says now.
    ///
    /// - Parameter passed: Milliseconds that ran by the steady clock since it was judged last; 0 at a start.
    /// - Returns: Whether it is believed.
    package mutating func judge(_ wall: Instant, passed: Int64) -> Bool {
        let expected = believed.milliseconds &+ passed
        let isNear = wall.milliseconds <= expected &+ Self.leap
        held = isNear ? 0 : held &+ passed
        if isNear || held >= Self.patience {
            (believed, held) = (wall, 0)
            return true
        }
        believed = Instant(milliseconds: expected)
        return false
    }
}

extension SQLiteCustody {
    /// What was believed of the clock when it was last written down; `nil` in a store that never kept it.
    package func clockBelief() throws(CustodyError) -> ClockBelief? {
        try ledger.read { reading in
            func value(_ key: String) throws -> Int64? {
                try reading.connection.first("SELECT value FROM meta WHERE key = ?", .text(key)) { $0.int(0) }
            }
            guard let believed = try value("clock-believed") else { return nil }
            return ClockBelief(believed: Instant(milliseconds: believed), held: try value("clock-held") ?? 0)
        }
    }

    /// Writes down what is believed of the clock, so that a restart does not forget a doubt.
    package func keep(_ belief: ClockBelief) throws(CustodyError) {
        try CustodyError.translating { () throws in
            try transact { transaction, _ in
                for (key, value) in [("clock-believed", belief.believed.milliseconds), ("clock-held", belief.held)] {
                    try transaction.connection.run(
                        "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", .text(key), .int(value))
                }
            }
        }
    }
}
