extension Transaction {
    /// Counts how often a process set out to read a document that an earlier one died over.
    func suspect(_ key: Key) throws -> OperationResult {
        let before = try connection.number("SELECT count FROM suspect WHERE key = ?", .blob(key.bytes))
        try connection.run(
            """
            INSERT INTO suspect (key, count, at) VALUES (?1, 1, ?2)
            ON CONFLICT (key) DO UPDATE SET count = count + 1, at = ?2
            """, .blob(key.bytes), .int(now.milliseconds))
        try audit.add("suspected", at: now, detail: "before=\(before)")
        return .suspected(Int(before))
    }

    func clear(_ key: Key) throws -> OperationResult {
        try connection.run("DELETE FROM suspect WHERE key = ?", .blob(key.bytes))
        if connection.changes > 0 { try audit.add("cleared", at: now) }
        return .done
    }

    func pause(
        _ kind: String, _ name: String, _ isPaused: Bool, _ actor: String, _ reason: String
    ) throws -> OperationResult {
        if isPaused {
            try connection.run(
                "INSERT OR REPLACE INTO pause (kind, name, at, actor, reason) VALUES (?, ?, ?, ?, ?)", .text(kind),
                .text(name), .int(now.milliseconds), .text(actor), .text(reason))
        } else {
            try connection.run("DELETE FROM pause WHERE kind = ? AND name = ?", .text(kind), .text(name))
        }
        try audit.add(
            isPaused ? "paused" : "resumed", at: now, route: kind == "route" ? name : nil, actor: actor,
            detail: "\(kind)=\(name) reason=\(reason)")
        return .done
    }

    /// Keeps a mapping's files under their digest; one that is there is left as it is.
    func pin(_ version: String, _ files: [UInt8]) throws -> OperationResult {
        let isThere = try connection.number("SELECT count(*) FROM mapping_version WHERE version = ?", .text(version))
        guard isThere == 0 else { return .done }
        try connection.run(
            "INSERT INTO mapping_version (version, files, digest, pinned) VALUES (?, ?, ?, ?)", .text(version),
            .blob(files), .blob(sha256(files)), .int(now.milliseconds))
        try audit.add("pinned", at: now, detail: "version=\(version)")
        return .done
    }

    func note(_ event: String, _ detail: String, _ actor: String) throws -> OperationResult {
        try audit.add(event, at: now, actor: actor, detail: detail)
        return .done
    }
}
