import Reporting

/// Reads a table of comma-separated values (RFC 4180) into the positioned tree: a list of rows, each an object whose
/// members are named by the first line.
///
/// A row stands alone: one that has more or fewer values than there are columns is left out with a finding that names it,
/// since its values may stand under the wrong names. Rows in which nothing stands are passed over. What hides where a row
/// ends (a quotation mark out of place) or which column is meant (two of one name) refuses the whole table.
struct CSVReader {
    private let limits: Limits
    private var cells: [Cell] = []
    private var columns: [Symbol] = []
    private var at = 0
    /// What is odd about rows that were left out; severity quarantine.
    private(set) var notes: [ReadProblem] = []

    init(limits: Limits) { self.limits = limits }

    /// One value as it lies in the source, or, with doubled quotation marks, in the side buffer.
    private struct Cell {
        var place: Range<Int>
        var value: TextRange
    }

    /// Reads the source of a document into its nodes. On failure the nodes are those read so far.
    mutating func read(into document: inout SourceDocument) throws(ReadProblem) {
        at = 0
        notes.removeAll()
        let source = document.source
        document.beginTree(end: source.count)
        document.nodes.append(
            SourceNode(.array, name: SymbolTable.none, start: 0, end: UInt32(source.count), parent: 0))
        try record(source, &document)
        try header(source, &document)
        var row = 1
        while at < source.count {
            let start = at
            row += 1
            try record(source, &document)
            if !isBlank { try append(row: row, from: start, &document) }
        }
        document.nodes[1].next = NodeID(document.nodes.count)
        document.nodes[0].next = NodeID(document.nodes.count)
    }

    // MARK: Rows

    private var isBlank: Bool { cells.allSatisfy { $0.value.count == 0 } }

    /// The names of the columns. Empty ones at the end are those that a spreadsheet keeps beyond its table.
    private mutating func header(_ source: [UInt8], _ document: inout SourceDocument) throws(ReadProblem) {
        columns.removeAll()
        while let last = cells.last, last.value.count == 0 { cells.removeLast() }
        for cell in cells {
            guard let symbol = Self.name(in: cell.value, &document) else {
                throw ReadProblem("csv-header", at: cell.place.lowerBound, "a column has no name in the first line")
            }
            guard !columns.contains(symbol) else {
                throw ReadProblem("csv-header", at: cell.place.lowerBound, "two columns have the same name")
            }
            columns.append(symbol)
        }
    }

    /// The name in a cell without the spaces around it; `nil` when there is none.
    private static func name(in value: TextRange, _ document: inout SourceDocument) -> Symbol? {
        let bytes = value.isAside ? document.side : document.source
        let range = CSVText.trimmed(value.start..<value.end, of: bytes.span)
        return range.isEmpty ? nil : document.symbols.intern(bytes.span.extracting(range))
    }

    private mutating func append(row: Int, from start: Int, _ document: inout SourceDocument) throws(ReadProblem) {
        while cells.count > columns.count, cells.last?.value.count == 0 { cells.removeLast() }
        guard cells.count == columns.count else {
            notes.append(
                ReadProblem(
                    "csv-row-ragged", at: start,
                    "row \(row) has \(cells.count) values for \(columns.count) columns, and was left out"))
            return
        }
        guard document.nodes.count + cells.count <= limits.nodes else {
            throw ReadProblem("limit-nodes", at: start, "the document has more than \(limits.nodes) values")
        }
        let parent = NodeID(document.nodes.count)
        let end = cells.last?.place.upperBound ?? start
        // An object has no value of its own; the place of one holds the number of the row.
        document.nodes.append(
            SourceNode(
                .object, name: SymbolTable.none, start: UInt32(start), end: UInt32(end), valueStart: UInt32(row),
                next: parent + 1 + NodeID(cells.count), parent: 1))
        for (column, cell) in cells.enumerated() {
            document.nodes.append(
                SourceNode(
                    .string, flags: cell.value.isAside ? [.hasValue, .valueAside] : .hasValue, name: columns[column],
                    start: UInt32(cell.place.lowerBound), end: UInt32(cell.place.upperBound),
                    valueStart: UInt32(cell.value.start), valueEnd: UInt32(cell.value.end),
                    next: NodeID(document.nodes.count) + 1, parent: parent))
        }
    }

    // MARK: Values

    /// Reads the values of one record and passes the end of its line.
    private mutating func record(_ source: [UInt8], _ document: inout SourceDocument) throws(ReadProblem) {
        cells.removeAll(keepingCapacity: true)
        while true {
            try cell(source, &document)
            guard at < source.count, source[at] == CSVText.comma else { break }
            at += 1
        }
        if at < source.count { at += source[at] == 0x0D && at + 1 < source.count && source[at + 1] == 0x0A ? 2 : 1 }
    }

    private mutating func cell(_ source: [UInt8], _ document: inout SourceDocument) throws(ReadProblem) {
        let start = at
        if at < source.count, source[at] == CSVText.quote { return try quoted(source, &document) }
        while at < source.count, source[at] != CSVText.comma, !CSVText.endsLine(source[at]) {
            guard source[at] != CSVText.quote else {
                throw ReadProblem(
                    "csv-malformed", at: at, "a quotation mark stands within a value that does not begin with one")
            }
            at += 1
        }
        try append(Cell(place: start..<at, value: TextRange(start: start, end: at, isAside: false)))
    }

    private mutating func quoted(_ source: [UInt8], _ document: inout SourceDocument) throws(ReadProblem) {
        let start = at
        let aside = document.side.count
        var hasMarks = false
        at += 1
        while true {
            guard at < source.count else {
                throw ReadProblem("csv-malformed", at: start, "the quotation mark that opens here is never closed")
            }
            if source[at] == CSVText.quote {
                guard at + 1 < source.count, source[at + 1] == CSVText.quote else { break }
                hasMarks = true
                at += 1
            }
            document.side.append(source[at])
            at += 1
        }
        let inner = TextRange(start: start + 1, end: at, isAside: false)
        let value = hasMarks ? TextRange(start: aside, end: document.side.count, isAside: true) : inner
        if !hasMarks { document.side.removeLast(document.side.count - aside) }
        at += 1
        guard at == source.count || source[at] == CSVText.comma || CSVText.endsLine(source[at]) else {
            throw ReadProblem("csv-malformed", at: at, "something follows a closing quotation mark")
        }
        try append(Cell(place: start..<at, value: value))
    }

    private mutating func append(_ cell: Cell) throws(ReadProblem) {
        guard cell.value.count <= limits.textBytes else {
            throw ReadProblem(
                "limit-text", at: cell.place.lowerBound, "one value is longer than \(limits.textBytes) bytes")
        }
        cells.append(cell)
    }
}
