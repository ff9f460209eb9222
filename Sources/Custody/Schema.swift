internal import GRDB

/// The tables of the store, by steps that only go forward.
///
/// Times are milliseconds since 1970 UTC, except `not_before`, which is this process's steady clock. Rows that are
/// scanned are small; all bytes live in `content`, whose row ids are `message << 20 | part`, so that a message's bytes
/// lie together, are removed together, and cannot be taken for another's.
enum Schema {
    static let steps: DatabaseMigrator = {
        var steps = DatabaseMigrator()
        steps.registerMigration("1") { try $0.execute(sql: first) }
        steps.registerMigration("each-referral") { try $0.execute(sql: eachReferral) }
        steps.registerMigration("answers") { try $0.execute(sql: answers) }
        steps.registerMigration("outcomes") { try $0.execute(sql: outcomes) }
        steps.registerMigration("plans") { try $0.execute(sql: plans) }
        steps.registerMigration("first-of-each") { try $0.execute(sql: firstOfEach) }
        return steps
    }()

    private static let first = """
        CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;

        CREATE TABLE message (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            reference TEXT NOT NULL UNIQUE,
            source TEXT NOT NULL,
            received INTEGER NOT NULL,
            content BLOB NOT NULL,
            content_type TEXT,
            correlation TEXT,
            size INTEGER NOT NULL,
            state TEXT NOT NULL,
            cause TEXT,
            kind TEXT,
            format TEXT, mapping TEXT, mapping_version TEXT, configuration TEXT,
            original INTEGER,
            repeats INTEGER NOT NULL DEFAULT 0,
            repeated INTEGER,
            findings INTEGER, -- the part that holds them
            parts INTEGER NOT NULL, -- how many parts there were
            changed INTEGER NOT NULL,
            settled INTEGER,
            erased INTEGER
        ) STRICT;
        CREATE INDEX message_open ON message (state, id) WHERE state IN ('waiting', 'held', 'refused', 'dead');
        CREATE INDEX message_settled ON message (settled) WHERE settled IS NOT NULL;
        CREATE INDEX message_erased ON message (received) WHERE erased IS NOT NULL;

        CREATE TABLE content (
            id INTEGER PRIMARY KEY,
            digest BLOB NOT NULL,
            size INTEGER NOT NULL,
            file TEXT,
            bytes BLOB
        ) STRICT;
        CREATE INDEX content_file ON content (file) WHERE file IS NOT NULL;

        CREATE TABLE identity (
            kind INTEGER NOT NULL,
            key BLOB NOT NULL,
            message INTEGER NOT NULL REFERENCES message,
            PRIMARY KEY (kind, key)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX identity_message ON identity (message);

        CREATE TABLE referral (
            id INTEGER PRIMARY KEY,
            message INTEGER NOT NULL REFERENCES message,
            name TEXT NOT NULL,
            kind TEXT NOT NULL,
            status TEXT NOT NULL,
            subject BLOB,
            canonical INTEGER,
            digest BLOB NOT NULL,
            trace INTEGER,
            earlier INTEGER,
            later INTEGER
        ) STRICT;
        CREATE INDEX referral_message ON referral (message);
        CREATE INDEX referral_subject ON referral (subject, id) WHERE subject IS NOT NULL;
        CREATE UNIQUE INDEX referral_owner ON referral (name) WHERE kind = 'new' AND status <> 'held';

        CREATE TABLE referral_name (
            key BLOB NOT NULL,
            referral INTEGER NOT NULL REFERENCES referral,
            PRIMARY KEY (key, referral)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX referral_name_referral ON referral_name (referral);

        CREATE TABLE delivery (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            message INTEGER NOT NULL REFERENCES message,
            referral INTEGER NOT NULL REFERENCES referral,
            route TEXT NOT NULL,
            key TEXT NOT NULL,
            state TEXT NOT NULL,
            cause TEXT,
            subject BLOB,
            body INTEGER,
            content_type TEXT,
            since INTEGER NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            tried INTEGER NOT NULL DEFAULT 0,
            not_before INTEGER NOT NULL DEFAULT 0,
            ended INTEGER,
            receipt TEXT,
            replays INTEGER,
            generation INTEGER NOT NULL DEFAULT 0,
            follows INTEGER
        ) STRICT;
        CREATE INDEX delivery_message ON delivery (message);
        CREATE UNIQUE INDEX delivery_referral ON delivery (referral, route, generation);
        CREATE INDEX delivery_due ON delivery (route, not_before, id) WHERE state = 'waiting';
        CREATE INDEX delivery_order ON delivery (route, subject, id) WHERE state = 'waiting' AND subject IS NOT NULL;
        CREATE INDEX delivery_dead ON delivery (cause, id) WHERE state = 'dead';

        CREATE TABLE attempt (
            delivery INTEGER NOT NULL REFERENCES delivery,
            number INTEGER NOT NULL,
            at INTEGER NOT NULL,
            duration INTEGER NOT NULL,
            outcome TEXT NOT NULL,
            cause TEXT,
            answer BLOB,
            PRIMARY KEY (delivery, number)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE suspect (
            key BLOB PRIMARY KEY, count INTEGER NOT NULL, at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE pause (
            kind TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL, actor TEXT NOT NULL, reason TEXT NOT NULL,
            PRIMARY KEY (kind, name)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE mapping_version (
            version TEXT PRIMARY KEY, files BLOB NOT NULL, digest BLOB NOT NULL, pinned INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE tombstone (
            message INTEGER PRIMARY KEY, reference TEXT NOT NULL, at INTEGER NOT NULL, actor TEXT NOT NULL,
            reason TEXT NOT NULL
        ) STRICT;

        CREATE TABLE audit (
            seq INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            event TEXT NOT NULL,
            message INTEGER,
            delivery INTEGER,
            route TEXT,
            actor TEXT,
            detail TEXT,
            previous BLOB NOT NULL,
            hash BLOB NOT NULL
        ) STRICT;
        CREATE INDEX audit_message ON audit (message, seq) WHERE message IS NOT NULL;
        CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END;
        CREATE TRIGGER audit_is_never_dropped BEFORE DELETE ON audit
        WHEN OLD.seq > COALESCE((SELECT value FROM meta WHERE key = 'audit-cut'), 0)
        BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END;
        """

    /// Each referral of a document is decided by itself: its place in it, why it is held, and a digest of what it says.
    private static let eachReferral = """
        ALTER TABLE referral ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE referral ADD COLUMN cause TEXT;
        ALTER TABLE referral ADD COLUMN facts BLOB;
        DROP INDEX referral_owner;
        CREATE UNIQUE INDEX referral_owner ON referral (name)
        WHERE kind = 'new' AND status NOT IN ('held', 'duplicate');
        """

    /// What waits and what is dead, by person, those of nobody among them.
    private static let firstOfEach = """
        DROP INDEX delivery_order;
        CREATE INDEX delivery_order ON delivery (route, subject, id) WHERE state = 'waiting';
        CREATE INDEX delivery_dead_order ON delivery (route, subject, id) WHERE state = 'dead';
        """
}
