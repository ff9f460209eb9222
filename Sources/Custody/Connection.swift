internal import GRDB
internal import GRDBSQLite

/// A value bound to a statement.
enum Cell {
    case null
    case int(Int64)
    case text(String)
    case blob([UInt8])

    static func optional(_ text: String?) -> Cell { text.map { .text($0) } ?? .null }
    static func optional(_ number: Int64?) -> Cell { number.map { .int($0) } ?? .null }
    static func optional(_ key: Key?) -> Cell { key.map { .blob($0.bytes) } ?? .null }
}

/// A failure SQLite named. Its message holds names of tables and columns, never a value.
struct StoreFailure: Error {
    var code: Int32
    var message: String
}

/// Statements by their SQL, bound and stepped without boxes between. The only file that calls SQLite itself.
///
/// GRDB keeps the connection, its transactions and the compiled statements; a connection is good for as long as the
/// closure GRDB gave it to.
struct Connection {
    private let database: Database

    init(_ database: Database) { self.database = database }

    /// Runs a statement that gives no rows.
    func run(_ sql: String, _ cells: Cell...) throws {
        let statement = try bound(sql, cells)
        defer { sqlite3_reset(statement) }
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: continue
            case SQLITE_DONE: return
            default: throw failure()
            }
        }
    }

    /// The first row, read by `read`; `nil` when there is none.
    func first<Value>(_ sql: String, _ cells: Cell..., read: (Columns) throws -> Value) throws -> Value? {
        let statement = try bound(sql, cells)
        defer { sqlite3_reset(statement) }
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return try read(Columns(statement))
        case SQLITE_DONE: return nil
        default: throw failure()
        }
    }

    /// Every row, read by `read`, which may not run the same SQL.
    func all<Value>(_ sql: String, _ cells: Cell..., read: (Columns) throws -> Value) throws -> [Value] {
        try all(sql, cells, read: read)
    }

    /// As ``all(_:_:read:)``, with values that were gathered.
    func all<Value>(_ sql: String, _ cells: [Cell], read: (Columns) throws -> Value) throws -> [Value] {
        let statement = try bound(sql, cells)
        defer { sqlite3_reset(statement) }
        var values: [Value] = []
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: values.append(try read(Columns(statement)))
            case SQLITE_DONE: return values
            default: throw failure()
            }
        }
    }

    /// A number that a query gives; 0 when it gives none.
    func number(_ sql: String, _ cells: Cell...) throws -> Int64 {
        try all(sql, cells) { $0.int(0) }.first ?? 0
    }

    /// The rowid of the last row put in.
    var lastRow: Int64 { database.lastInsertedRowID }
    /// How many rows the last statement changed.
    var changes: Int { database.changesCount }

    private func bound(_ sql: String, _ cells: [Cell]) throws -> OpaquePointer {
        let statement = try database.cachedStatement(sql: sql).sqliteStatement
        precondition(Int(sqlite3_bind_parameter_count(statement)) == cells.count, "a statement lacks values")
        var index: Int32 = 1
        for cell in cells {
            guard bind(cell, to: statement, at: index) == SQLITE_OK else { throw failure() }
            index += 1
        }
        return statement
    }

    private func bind(_ cell: Cell, to statement: OpaquePointer, at index: Int32) -> Int32 {
        // SQLite copies what it is given before the call returns.
        let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        switch cell {
        case .null: return sqlite3_bind_null(statement, index)
        case .int(let value): return sqlite3_bind_int64(statement, index, value)
        case .text(var value):
            return value.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) {
                    sqlite3_bind_text64(
                        statement, index, $0.baseAddress, UInt64($0.count), copies, UInt8(SQLITE_UTF8))
                }
            }
        case .blob(let bytes):
            if bytes.isEmpty { return sqlite3_bind_zeroblob(statement, index, 0) }
            return bytes.withUnsafeBytes {
                sqlite3_bind_blob64(statement, index, $0.baseAddress, UInt64($0.count), copies)
            }
        }
    }

    private func failure() -> StoreFailure {
        let connection = database.sqliteConnection
        return StoreFailure(
            code: sqlite3_extended_errcode(connection), message: String(cString: sqlite3_errmsg(connection)))
    }
}

/// The columns of the row a statement stands at, by their number from 0.
struct Columns {
    private let statement: OpaquePointer

    fileprivate init(_ statement: OpaquePointer) { self.statement = statement }

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }
    func int(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }
    func text(_ column: Int32) -> String {
        sqlite3_column_text(statement, column).map { String(cString: $0) } ?? ""
    }
    func blob(_ column: Int32) -> [UInt8] {
        guard let bytes = sqlite3_column_blob(statement, column) else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(statement, column))))
    }
    func optionalBlob(_ column: Int32) -> [UInt8]? { isNull(column) ? nil : blob(column) }
    func optionalInt(_ column: Int32) -> Int64? { isNull(column) ? nil : int(column) }
    func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }
    func optionalKey(_ column: Int32) -> Key? { isNull(column) ? nil : Key(blob(column)) }
}

extension CustodyError {
    /// What a failure of SQLite, GRDB or the file layer means to the store's users; `nil` for one that lies in the
    /// operation, not in the disk.
    static func disk(_ error: any Error) -> CustodyError? {
        switch error {
        case let error as CustodyError: error
        case let error as StoreFailure: disk(code: error.code, error.message)
        case let error as DatabaseError: disk(code: error.extendedResultCode.rawValue, error.message ?? "")
        default: file(error)
        }
    }

    private static func disk(code: Int32, _ message: String) -> CustodyError? {
        switch code & 0xff {
        case SQLITE_FULL: .full
        case SQLITE_CORRUPT, SQLITE_NOTADB: .damaged("SQLite \(code): \(message)")
        case SQLITE_CONSTRAINT, SQLITE_TOOBIG, SQLITE_MISMATCH, SQLITE_RANGE: nil
        default: .input("SQLite \(code): \(message)")
        }
    }
}
