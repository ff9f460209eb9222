package import Reporting

extension CodeTable {
    /// Reads a table from the bytes of its CSV file (RFC 4180, UTF-8, header row).
    ///
    /// - Parameters:
    ///   - name: What a person knows the file by, for findings.
    ///   - findings: Gets everything found, each with line and column.
    /// - Returns: `nil` when one of the findings is an error.
    package static func parse(_ source: [UInt8], named name: String, reporting findings: inout [Finding]) -> CodeTable?
    {
        var parser = CodeTableParser(source: source, name: name)
        let table = parser.parse()
        findings += parser.findings
        return table
    }
}

/// One reading of one table: header, then rows; everything found is reported, not only the first.
private struct CodeTableParser {
    let source: [UInt8]
    let name: String
    var findings: [Finding] = []
    /// Position of each known column in a record.
    private var columns: [CodeTable.Column: Int] = [:]

    init(source: [UInt8], name: String) {
        self.source = source
        self.name = name
    }

    mutating func parse() -> CodeTable? {
        guard let start = checkEncoding() else { return nil }
        let csv = CSV(source, from: start)
        for offset in csv.badQuotes {
            report("table-quote", "a quotation mark stands where none may be", at: offset)
        }
        guard let header = csv.records.first else {
            report("table-empty", "the table has no header row", at: 0)
            return nil
        }
        readHeader(csv, header)
        guard findings.worst ?? .note < .error else { return nil }
        var rows: [CodeTable.Row] = []
        var offsets: [Int] = []
        for record in csv.records.dropFirst() {
            guard let row = readRow(csv, record, columnCount: header.fields.count) else { continue }
            rows.append(row)
            offsets.append(record.offset)
        }
        let table = CodeTable(name: name, bytes: csv.bytes, rows: rows)
        reportDuplicates(in: table, offsets: offsets)
        return findings.worst ?? .note < .error ? table : nil
    }

    /// Where the text begins, or `nil` when it is not UTF-8.
    private mutating func checkEncoding() -> Int? {
        do {
            _ = try UTF8Span(validating: source.span)
        } catch {
            report("table-encoding", "the table is not UTF-8 from here on", at: error.byteOffsets.lowerBound)
            return nil
        }
        guard source.starts(with: [0xEF, 0xBB, 0xBF]) else { return 0 }
        report("table-byte-order-mark", "the table begins with a byte order mark, which was passed over", at: 0)
        return 3
    }

    // MARK: Header

    private mutating func readHeader(_ csv: CSV, _ header: CSV.Record) {
        for (position, field) in header.fields.enumerated() {
            let title = csv.text(field)
            guard let column = CodeTable.Column(rawValue: title) else {
                reportUnknown(title, isOnly: header.fields.count == 1, at: csv.fields[field].offset)
                continue
            }
            if columns[column] != nil {
                report("table-column-duplicate", "the column `\(title)` stands twice", at: csv.fields[field].offset)
            }
            columns[column] = position
        }
        for needed in [CodeTable.Column.from, .to] where columns[needed] == nil {
            report("table-column-missing", "the column `\(needed.rawValue)` is missing", at: header.offset)
        }
    }

    private mutating func reportUnknown(_ title: String, isOnly: Bool, at offset: Int) {
        var help: String?
        if isOnly, title.contains(where: { $0 == ";" || $0 == "\t" }) {
            help = "separate the values by commas"
        } else if let nearest = Suggestion.nearest(to: title, among: CodeTable.Column.allCases.map(\.rawValue)) {
            help = "did you mean `\(nearest)`?"
        }
        report("table-column-unknown", "the column `\(title)` is not known", at: offset, help: help)
    }

    // MARK: Rows

    private mutating func readRow(_ csv: CSV, _ record: CSV.Record, columnCount: Int) -> CodeTable.Row? {
        guard record.fields.count == columnCount else {
            report(
                "table-row-ragged", "the row has \(record.fields.count) values where the first line has \(columnCount)",
                at: record.offset)
            return nil
        }
        var row = CodeTable.Row()
        row.line = record.line
        for (index, column) in CodeTable.Column.allCases.enumerated() {
            guard let position = columns[column] else { continue }
            let field = csv.fields[record.fields.lowerBound + position]
            row.values[index] = field.value
            checkSpace(csv, field, column)
        }
        guard !row.values[0].isEmpty else {
            report("table-from-empty", "the row has nothing under `from`", at: record.offset)
            return nil
        }
        return row
    }

    private mutating func checkSpace(_ csv: CSV, _ field: CSV.Field, _ column: CodeTable.Column) {
        guard column == .from || column == .to || column == .key else { return }
        let value = csv.bytes.span.extracting(field.value)
        guard value.trimmed() != 0..<value.count else { return }
        report("table-space", "the value under `\(column.rawValue)` has white space at its end", at: field.offset)
    }

    private mutating func reportDuplicates(in table: CodeTable, offsets: [Int]) {
        for (row, first) in table.duplicates() {
            let key = table.text(row, .key)
            let code = "`\(table.text(row, .from))`" + (key.isEmpty ? "" : " of `\(key)`")
            report(
                "table-from-duplicate", "the code \(code) stands in line \(table.line(first)) already",
                at: offsets[row])
        }
    }

    private mutating func report(_ code: FindingCode, _ message: String, at offset: Int, help: String? = nil) {
        let place = Finding.Location(
            document: name, span: SourceSpan(start: offset, end: offset),
            position: Lines.position(at: offset, in: source))
        findings.append(Finding(code, nil, message, at: place, why: code.entry.why, help: help ?? code.entry.help))
    }
}
