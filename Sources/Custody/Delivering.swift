extension Transaction {
    /// A delivery as it stands.
    struct Owed {
        var message: MessageID
        var state: DeliveryState
        var route: String
        var tried: Int64
        var key: String
        var body: Int64?
    }

    private func standing(_ delivery: DeliveryID) throws -> Owed? {
        try connection.first(
            "SELECT message, state, route, tried, key, body FROM delivery WHERE id = ?", .int(delivery.rawValue)
        ) {
            Owed(
                message: MessageID(rawValue: $0.int(0)), state: DeliveryState(rawValue: $0.text(1)) ?? .dead,
                route: $0.text(2), tried: $0.int(3), key: $0.text(4), body: $0.optionalInt(5))
        }
    }

    // MARK: Attempts

    func record(_ attempt: Attempt) throws -> OperationResult {
        guard let delivery = try standing(attempt.delivery) else { return .refused("there is no such delivery") }
        switch (attempt.outcome, delivery.state) {
        case (_, .waiting): break
        // The store had taken it before, and the answer was lost.
        case (.delivered, .delivered), (.dead, .dead): return .done
        // It was given up while it was in hand, and the receiver has it all the same; unless it is the one who said no.
        case (.delivered, _): if try isRefusedByAnswer(attempt.delivery) { return .done }
        case (.again, _), (.dead, _): return .refused("the delivery is \(delivery.state.rawValue)")
        }
        try note(attempt, number: delivery.tried + 1)
        let state = try conclude(attempt)
        try audit.add(
            state == .waiting ? "attempted" : state == .dead ? "dead-lettered" : "delivered", at: attempt.at,
            message: delivery.message, delivery: attempt.delivery, route: delivery.route,
            detail: "key=\(delivery.key)" + (attempt.cause.map { " cause=\($0)" } ?? ""))
        if state != .waiting { try refresh(delivery.message, at: attempt.at) }
        return .done
    }

    private func note(_ attempt: Attempt, number: Int64) throws {
        let outcome =
            switch attempt.outcome {
            case .delivered: "delivered"
            case .again: "again"
            case .dead: "dead"
            }
        try connection.run(
            """
            INSERT INTO attempt (delivery, number, at, duration, outcome, cause, answer) VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            .int(attempt.delivery.rawValue), .int(number), .int(attempt.at.milliseconds),
            .int(Int64(attempt.durationMilliseconds)), .text(outcome), .optional(attempt.cause),
            attempt.answer.isEmpty ? .null : .blob(Array(attempt.answer.prefix(2048))))
    }

    private func conclude(_ attempt: Attempt) throws -> DeliveryState {
        let id = Cell.int(attempt.delivery.rawValue)
        let at = Cell.int(attempt.at.milliseconds)
        switch attempt.outcome {
        case .delivered(let receipt):
            try connection.run(
                """
                UPDATE delivery SET state = 'delivered', cause = NULL, attempts = attempts + 1, tried = tried + 1,
                ended = ?, receipt = ? WHERE id = ?
                """, at, .optional(receipt.map { String(decoding: $0.utf8.prefix(200), as: UTF8.self) }), id)
            return .delivered
        case .again(let time):
            try connection.run(
                """
                UPDATE delivery SET cause = ?, attempts = attempts + 1, tried = tried + 1, not_before = ? WHERE id = ?
                """, .optional(attempt.cause), .int(max(1, time.milliseconds)), id)
            return .waiting
        case .dead:
            try connection.run(
                """
                UPDATE delivery SET state = 'dead', cause = ?, attempts = attempts + 1, tried = tried + 1, ended = ?
                WHERE id = ?
                """, .text(attempt.cause ?? "unknown"), at, id)
            return .dead
        }
    }

    // MARK: What operators do

    func retry(_ id: DeliveryID, _ actor: String) throws -> OperationResult {
        guard let delivery = try standing(id) else { return .refused("there is no such delivery") }
        guard delivery.state == .dead else {
            return .refused("the delivery is \(delivery.state.rawValue), and only a dead one is sent out again")
        }
        guard try isKept(delivery.body) else { return .refused("its content is no longer kept") }
        try oweAgain(id, of: delivery.message)
        try audit.add("retried", at: now, message: delivery.message, delivery: id, route: delivery.route, actor: actor)
        return .done
    }

    func sendAgain(_ id: DeliveryID, _ actor: String, _ reason: String) throws -> OperationResult {
        guard let delivery = try standing(id) else { return .refused("there is no such delivery") }
        guard delivery.state == .delivered else {
            return .refused("the delivery is \(delivery.state.rawValue), and only a delivered one is sent again")
        }
        guard try isKept(delivery.body) else { return .refused("its content is no longer kept") }
        try oweAgain(id, of: delivery.message)
        try audit.add(
            "sent-again", at: now, message: delivery.message, delivery: id, route: delivery.route, actor: actor,
            detail: "key=\(delivery.key) reason=\(reason)")
        return .done
    }

    private func oweAgain(_ id: DeliveryID, of message: MessageID) throws {
        try connection.run(
            """
            UPDATE delivery SET state = 'waiting', cause = NULL, attempts = 0, not_before = 0, ended = NULL, since = ?
            WHERE id = ?
            """, .int(now.milliseconds), .int(id.rawValue))
        try refresh(message, at: now)
    }

    func replay(
        _ id: DeliveryID, _ key: String, _ body: [UInt8]?, _ actor: String, _ reason: String
    ) throws -> OperationResult {
        guard let delivery = try standing(id) else { return .refused("there is no such delivery") }
        guard delivery.state == .delivered || delivery.state == .dead else {
            return .refused("the delivery is \(delivery.state.rawValue), and only a delivered or dead one is replayed")
        }
        guard try isNewKey(key, for: delivery.message) else { return .refused("the key was used before") }
        guard try body != nil || isKept(delivery.body) else { return .refused("its content is no longer kept") }
        let content = try body.map { try add($0, to: delivery.message) } ?? delivery.body
        try connection.run(
            """
            INSERT INTO delivery (
                message, referral, route, key, state, subject, body, content_type, since, replays, generation)
            SELECT message, referral, route, ?, 'waiting', subject, ?, content_type, ?, id, (
                SELECT max(generation) + 1 FROM delivery o WHERE o.referral = d.referral AND o.route = d.route)
            FROM delivery d WHERE id = ?
            """, .text(key), .optional(content), .int(now.milliseconds), .int(id.rawValue))
        let new = DeliveryID(rawValue: connection.lastRow)
        if delivery.state == .dead { try end(id, as: .replayed, reason: nil) }
        try refresh(delivery.message, at: now)
        try audit.add(
            "replayed", at: now, message: delivery.message, delivery: new, route: delivery.route, actor: actor,
            detail: "of=\(id.rawValue) key=\(key) reason=\(reason)")
        return .done
    }

    func drop(_ id: DeliveryID, _ actor: String, _ reason: String) throws -> OperationResult {
        guard let delivery = try standing(id) else { return .refused("there is no such delivery") }
        guard delivery.state == .dead || delivery.state == .waiting else {
            return .refused("the delivery is \(delivery.state.rawValue)")
        }
        try end(id, as: .dropped, reason: "dropped")
        try refresh(delivery.message, at: now)
        try audit.add(
            "dropped", at: now, message: delivery.message, delivery: id, route: delivery.route, actor: actor,
            detail: "reason=\(reason)")
        return .done
    }

    func drop(_ message: MessageID, _ actor: String, _ reason: String) throws -> OperationResult {
        let state = try connection.first("SELECT state FROM message WHERE id = ?", .int(message.rawValue)) {
            MessageState(rawValue: $0.text(0))
        }
        guard let state else { return .refused("there is no such message") }
        guard state == .held || state == .refused || state == .dead else {
            return .refused("the message is \(state?.rawValue ?? "of an unknown state")")
        }
        try connection.run(
            "UPDATE delivery SET state = 'dropped', ended = ? WHERE message = ? AND state = 'dead'",
            .int(now.milliseconds), .int(message.rawValue))
        try set(message, .dropped, at: now)
        // Of a document held in part only that part is dropped.
        let owed = "SELECT count(*) FROM delivery WHERE message = ? AND state <> 'dropped'"
        if state == .held, try connection.number(owed, .int(message.rawValue)) > 0 { try refresh(message, at: now) }
        try audit.add("dropped", at: now, message: message, actor: actor, detail: "reason=\(reason)")
        return .done
    }

    /// Sets deliveries aside whose bytes are not what was stored.
    func setAside(_ damaged: [DeliveryID]) throws {
        for id in damaged {
            guard let delivery = try standing(id), delivery.state == .waiting else { continue }
            try end(id, as: .dead, reason: "damaged")
            try refresh(delivery.message, at: now)
            try audit.add("damaged", at: now, message: delivery.message, delivery: id, route: delivery.route)
        }
    }

    private func end(_ id: DeliveryID, as state: DeliveryState, reason: String?) throws {
        try connection.run(
            "UPDATE delivery SET state = ?, cause = coalesce(?, cause), ended = ? WHERE id = ?", .text(state.rawValue),
            .optional(reason), .int(now.milliseconds), .int(id.rawValue))
    }

    private func isKept(_ content: Int64?) throws -> Bool {
        guard let content else { return false }
        return try connection.number("SELECT count(*) FROM content WHERE id = ?", .int(content)) == 1
    }

    private func isNewKey(_ key: String, for message: MessageID) throws -> Bool {
        try connection.number(
            "SELECT count(*) FROM delivery WHERE message = ? AND key = ?", .int(message.rawValue), .text(key)) == 0
    }

    /// Keeps bytes as a further part of a message that is in custody.
    private func add(_ bytes: [UInt8], to message: MessageID) throws -> Int64 {
        var part = try connection.number("SELECT parts FROM message WHERE id = ?", .int(message.rawValue))
        let id = try store(bytes, message: message, part: &part)
        try connection.run("UPDATE message SET parts = ? WHERE id = ?", .int(part), .int(message.rawValue))
        return id
    }
}
