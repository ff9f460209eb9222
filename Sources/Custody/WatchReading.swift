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

    /// When a source's latest documents came, the newest first. Looks at the latest 20,000 of all sources at most.
    package func arrivals(source: String, limit: Int) throws(CustodyError) -> [Instant] {
        try read { reading in
            try reading.connection.all(
                """
                SELECT received FROM (SELECT id, source, received FROM message ORDER BY id DESC LIMIT 20000)
                WHERE source = ? ORDER BY id DESC LIMIT ?
                """, .text(source), .int(Int64(limit))
            ) { Instant(milliseconds: $0.int(0)) }
        }
    }

    /// When a backup last went well, and when the trail begins. Looks no further back than a backup that is known.
    package func lastBackup(
        after known: Instant?
    ) throws(CustodyError) -> (backup: Instant?, beginning: Instant?) {
        try read { reading in
            let connection = reading.connection
            let backup = try connection.first(
                "SELECT at FROM audit WHERE event = 'backed-up' AND at > ? ORDER BY seq DESC LIMIT 1",
                .int(known?.milliseconds ?? 0)
            ) { Instant(milliseconds: $0.int(0)) }
            let beginning = try connection.first("SELECT at FROM audit ORDER BY seq LIMIT 1") {
                Instant(milliseconds: $0.int(0))
            }
            return (backup, beginning)
        }
    }
}
