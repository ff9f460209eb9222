/// Which deliveries of a route may be tried now, the oldest first.
///
/// However long the queue is, it costs about the same: those never tried and those whose time came are looked for apart, each
/// along the index; and where deliveries of one person wait for each other, a bounded number of the oldest is looked through
/// and then the first of each person, so that many of few people do not make each look longer.
extension Reading {
    /// Waiting deliveries that are looked through from the oldest, before people are looked at one by one.
    private static let window = 1_000
    /// People whose first delivery is looked at. Where there are more, it begins with others each time.
    private static let people = 2_000

    func due(_ route: String, order: RouteOrder, at now: Monotonic, limit: Int) throws -> [DeliveryID] {
        guard try !connection.isPaused("route", route) else { return [] }
        let bounds: [Cell] = [.text(route), .int(now.milliseconds), .int(Int64(limit))]
        guard order != .none else { return try ids(Self.anyOrder, bounds) }
        let isHolding = order == .perSubjectHolding
        let oldest = try ids(isHolding ? Self.oldestHolding : Self.oldestInOrder, bounds)
        guard oldest.count < limit, try isBeyondWindow(bounds) else { return oldest }
        let firsts = try ids(isHolding ? Self.firstsHolding : Self.firstsInOrder, bounds + [.blob(Self.start(now))])
        return Array(Set(oldest + firsts).sorted { $0.rawValue < $1.rawValue }.prefix(limit))
    }

    private func ids(_ selection: String, _ bounds: [Cell]) throws -> [DeliveryID] {
        try connection.all(selection, bounds) { DeliveryID(rawValue: $0.int(0)) }
    }

    private func isBeyondWindow(_ bounds: [Cell]) throws -> Bool {
        try connection.all(Self.beyondWindow, Array(bounds.prefix(2))) { $0.int(0) }.first != 0
    }

    /// Where to begin among people, whose keys are spread evenly: another place each time.
    private static func start(_ now: Monotonic) -> [UInt8] {
        let place = UInt64(bitPattern: now.milliseconds) &* 0x9E37_79B9_7F4A_7C15
        return (0..<8).map { UInt8(truncatingIfNeeded: place >> (56 - 8 * $0)) }
    }

    // MARK: Conditions

    /// A change does not overtake what it changes, on any route.
    private static let follows = """
        AND (d.follows IS NULL OR NOT EXISTS (
            SELECT 1 FROM delivery e WHERE e.id = d.follows AND e.state = 'waiting'))
        """

    private static func behind(_ state: String) -> String {
        """
        AND (d.subject IS NULL OR NOT EXISTS (
            SELECT 1 FROM delivery o WHERE o.route = d.route AND o.subject = d.subject AND o.state = '\(state)'
            AND o.id < d.id))
        """
    }

    // MARK: Selections: ?1 the route, ?2 now, ?3 how many

    private static let untried = "route = ?1 AND state = 'waiting' AND not_before = 0"
    private static let retried = "route = ?1 AND state = 'waiting' AND not_before > 0 AND not_before <= ?2"

    private static let anyOrder = """
        SELECT id FROM (
            SELECT id FROM (SELECT d.id FROM delivery d WHERE \(untried) \(follows) ORDER BY d.id LIMIT ?3)
            UNION ALL
            SELECT id FROM (
                SELECT d.id FROM delivery d WHERE \(retried) \(follows) ORDER BY d.not_before, d.id LIMIT ?3)
        ) ORDER BY id LIMIT ?3
        """

    private static let oldestInOrder = oldest(follows + " " + behind("waiting"))
    private static let oldestHolding = oldest(follows + " " + behind("waiting") + " " + behind("dead"))

    /// Of the oldest that wait, those that may go.
    private static func oldest(_ condition: String) -> String {
        """
        SELECT d.id FROM (
            SELECT * FROM (SELECT * FROM delivery WHERE \(untried) ORDER BY id LIMIT \(window))
            UNION ALL
            SELECT * FROM (SELECT * FROM delivery WHERE \(retried) ORDER BY not_before, id LIMIT \(window))
        ) d WHERE TRUE \(condition) ORDER BY d.id LIMIT ?3
        """
    }

    private static let beyondWindow = """
        SELECT EXISTS (SELECT 1 FROM delivery WHERE \(untried) ORDER BY id LIMIT 1 OFFSET \(window))
        OR EXISTS (SELECT 1 FROM delivery WHERE \(retried) ORDER BY not_before, id LIMIT 1 OFFSET \(window))
        """

    private static let firstsInOrder = firsts(follows)
    private static let firstsHolding = firsts(follows + " " + behind("dead"))

    /// The first delivery of each person and all of nobody, those of them that may go; ?4: where to begin among people.
    private static func firsts(_ condition: String) -> String {
        """
        WITH RECURSIVE later (subject, id) AS (\(walk("?4", "later"))), all_of_them (subject, id) AS (\(walk("x''", "all_of_them")))
        SELECT d.id FROM delivery d WHERE d.id IN (SELECT id FROM later UNION SELECT id FROM all_of_them)
        AND d.not_before <= ?2 \(condition)
        UNION ALL
        SELECT id FROM (
            SELECT d.id FROM delivery d INDEXED BY delivery_order
            WHERE d.route = ?1 AND d.state = 'waiting' AND d.subject IS NULL
            AND d.not_before <= ?2 \(follows) ORDER BY d.id LIMIT ?3)
        """
    }

    /// From person to person along the index.
    private static func walk(_ start: String, _ name: String) -> String {
        let next = """
            FROM delivery INDEXED BY delivery_order WHERE route = ?1 AND state = 'waiting' AND subject >
            """
        return """
            SELECT * FROM (SELECT subject, id \(next) \(start) ORDER BY subject, id LIMIT 1)
            UNION ALL
            SELECT d.subject, d.id FROM \(name) w JOIN delivery d ON d.id = (
                SELECT id \(next) w.subject ORDER BY subject, id LIMIT 1)
            LIMIT \(people)
            """
    }
}
