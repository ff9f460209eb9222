/// What those who watch a gateway ask of its store.
extension Ledger {
    /// When each route's delivery that waits longest was owed; routes on which nothing waits are left out.
    package func waitingLongest() throws(CustodyError) -> [(route: String, oldest: Instant)] {
        try read { reading in
            try reading.connection.all(
                "SELECT route, min(since) FROM delivery WHERE state = 'waiting' GROUP BY route ORDER BY route"
            ) { ($0.text(0), Instant(milliseconds: $0.int(1))) }
        }
    }

    /// When the latest documents of each source came, the newest first. Looks at the latest so many of all sources together.
    package func arrivals(limit: Int) throws(CustodyError) -> [String: [Instant]] {
        let arrivals = try read { reading in
            try reading.connection.all(
                "SELECT source, received FROM message ORDER BY id DESC LIMIT ?", .int(Int64(limit))
            ) {
                (source: $0.text(0), at: Instant(milliseconds: $0.int(1)))
            }
        }
        return Dictionary(grouping: arrivals, by: \.source).mapValues { $0.map(\.at) }
    }

    /// When a backup last went well by the lines of the trail after a number, when the first of these lines was written,
    /// and the number of the last. Whoever asks again gives that number, so that no line is read twice.
    package func lastBackup(
        after number: Int64
    ) throws(CustodyError) -> (backup: Instant?, beginning: Instant?, last: Int64) {
        try read { reading in
            let connection = reading.connection
            let backup = try connection.first(
                "SELECT at FROM audit WHERE seq > ? AND event = 'backed-up' ORDER BY seq DESC LIMIT 1", .int(number)
            ) { Instant(milliseconds: $0.int(0)) }
            let beginning = try connection.first(
                "SELECT at FROM audit WHERE seq > ? ORDER BY seq LIMIT 1", .int(number)
            ) {
                Instant(milliseconds: $0.int(0))
            }
            return (backup, beginning, try connection.number("SELECT coalesce(max(seq), ?) FROM audit", .int(number)))
        }
    }
}
