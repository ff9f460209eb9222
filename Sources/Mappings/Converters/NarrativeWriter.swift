/// What an element of narrative does to the text, in XHTML and CDA alike.
enum NarrativeElement: UInt8 {
    case inline, block, lineBreak, list, item, table, row, cell, link, picture, media, deleted, preformatted, void,
        hidden

    /// Elements that have no end tag in HTML.
    var isVoid: Bool { self == .lineBreak || self == .picture || self == .void }

    init(_ name: Span<UInt8>) {
        let start = Self.start(of: name)
        for index in Self.starts.indices where Self.starts[index] == start {
            let (word, element) = Self.known[index]
            guard word.utf8CodeUnitCount == name.count, name.hasPrefix(word) else { continue }
            self = element
            return
        }
        self = .inline
    }

    /// The first eight bytes of a name in lower case, as one number.
    private static func start(of name: Span<UInt8>) -> UInt64 {
        var result: UInt64 = 0
        for index in 0..<min(name.count, 8) { result = result << 8 | UInt64(name[index].asciiLowercased) }
        return result
    }

    private static let starts = known.map { word, _ in
        let bytes = Array("\(word)".utf8)
        return start(of: bytes.span)
    }

    private static let known: [(StaticString, NarrativeElement)] = [
        ("p", .block), ("div", .block), ("paragraph", .block), ("td", .cell), ("th", .cell), ("tr", .row),
        ("br", .lineBreak), ("li", .item), ("item", .item), ("ul", .list), ("ol", .list), ("list", .list),
        ("table", .table), ("a", .link), ("linkhtml", .link), ("text", .block), ("title", .block), ("caption", .block),
        ("h1", .block), ("h2", .block), ("h3", .block), ("h4", .block), ("h5", .block), ("h6", .block),
        ("thead", .block), ("tbody", .block), ("tfoot", .block), ("dl", .block), ("dt", .block), ("dd", .block),
        ("section", .block), ("article", .block), ("header", .block), ("footer", .block), ("main", .block),
        ("address", .block), ("blockquote", .block), ("figure", .block), ("figcaption", .block), ("center", .block),
        ("html", .block), ("head", .block), ("body", .block), ("form", .block), ("fieldset", .block), ("nav", .block),
        ("footnote", .block), ("hr", .lineBreak), ("pre", .preformatted), ("img", .picture),
        ("rendermultimedia", .media), ("del", .deleted), ("s", .deleted), ("strike", .deleted), ("wbr", .void),
        ("col", .void), ("meta", .void), ("input", .void), ("link", .void), ("base", .void), ("area", .void),
        ("script", .hidden), ("style", .hidden),
    ]
}

/// Writes running text: collapses white space, breaks lines at blocks, joins the cells of a row.
///
/// Breaks and spaces are kept back until a character follows, so that none stands at the start or the end.
struct NarrativeWriter {
    private var breaks = 0
    private var hasSpace = false
    private var cells = 0
    private var cellsInRow = 0
    private var cellDepth = 0
    private var listDepth = 0
    private var preformattedDepth = 0
    private var isItemStart = false

    // MARK: Elements

    mutating func open(_ element: NarrativeElement, into bytes: inout [UInt8]) {
        switch element {
        case .inline, .link, .picture, .media, .void, .hidden: break
        case .block, .table: breakLine()
        case .lineBreak: breakLineAgain()
        case .preformatted:
            breakLine()
            preformattedDepth += 1
        case .deleted: writeWords("[deleted: ", into: &bytes)
        case .list:
            breakLine()
            listDepth += 1
        case .item:
            breakLine()
            isItemStart = true
        case .row: openRow()
        case .cell: openCell()
        }
    }

    mutating func close(_ element: NarrativeElement, into bytes: inout [UInt8]) {
        switch element {
        case .inline, .link, .picture, .media, .void, .hidden, .lineBreak: break
        case .block, .table, .row: breakLine()
        case .preformatted:
            breakLine()
            preformattedDepth -= 1
        case .deleted: closeDeleted(into: &bytes)
        case .list:
            breakLine()
            listDepth -= 1
        case .item:
            breakLine()
            isItemStart = false
        case .cell: closeCell()
        }
    }

    /// In a cell every break is a space: a row is one line.
    private mutating func breakLine() {
        hasSpace = true
        if cellDepth == 0 { breaks = max(breaks, 1) }
    }

    /// Two line breaks in a row leave one empty line, more leave no more.
    private mutating func breakLineAgain() {
        hasSpace = true
        if cellDepth == 0 { breaks = min(breaks + 1, 2) }
    }

    private mutating func openRow() {
        breakLine()
        guard cellDepth == 0 else { return }
        cells = 0
        cellsInRow = 0
    }

    private mutating func openCell() {
        if cellDepth == 0 {
            if cellsInRow > 0 { cells += 1 }
            cellsInRow += 1
        }
        hasSpace = true
        cellDepth += 1
    }

    private mutating func closeCell() {
        hasSpace = true
        cellDepth -= 1
    }

    /// The bracket closes right behind the last word; a space or break that stood there comes after it.
    private mutating func closeDeleted(into bytes: inout [UInt8]) {
        let keptBack = (breaks, hasSpace)
        (breaks, hasSpace) = (0, false)
        writeWords("]", into: &bytes)
        (breaks, hasSpace) = keptBack
    }

    // MARK: Text

    /// Writes what stands at an offset, up to the next markup, reference or unusual character, and moves behind it.
    mutating func writeText(_ text: Span<UInt8>, _ at: inout Int, into bytes: inout [UInt8]) {
        let end = Self.wordsEnd(text, from: at)
        if end == at { return writeCharacter(text, &at, into: &bytes) }
        begin(into: &bytes)
        text.extracting(at..<end).withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
        at = end
    }

    /// The end of words in ASCII with single spaces between them: those come out as they stand.
    private static func wordsEnd(_ text: Span<UInt8>, from start: Int) -> Int {
        var end = start
        while end < text.count {
            let byte = text[end]
            if byte > 0x20, byte < 0x80, byte != 0x3C, byte != 0x26 {
                end += 1
                continue
            }
            let isBetweenWords = byte == 0x20 && end > start && text[end - 1] != 0x20
            guard isBetweenWords, end + 1 < text.count, text[end + 1] > 0x20, text[end + 1] < 0x80,
                text[end + 1] != 0x3C, text[end + 1] != 0x26
            else { return end }
            end += 1
        }
        return end
    }

    /// Writes the character at an offset, which may be white space, and moves behind it.
    mutating func writeCharacter(_ text: Span<UInt8>, _ at: inout Int, into bytes: inout [UInt8]) {
        let width = text.spaceWidth(at: at, end: text.count)
        if width > 0 {
            takeSpace(isLineEnd: text[at] == 0x0A)
        } else {
            begin(into: &bytes)
            bytes.append(text[at])
        }
        at += max(width, 1)
    }

    mutating func writeScalar(_ scalar: Unicode.Scalar, into bytes: inout [UInt8]) {
        if scalar.properties.isWhitespace { return takeSpace(isLineEnd: scalar == "\n") }
        begin(into: &bytes)
        if let encoded = UTF8.encode(scalar) { bytes.append(contentsOf: encoded) }
    }

    /// Writes words of our own; a space they begin or end with is one like any other.
    mutating func writeWords(_ words: StaticString, into bytes: inout [UInt8]) {
        words.withUTF8Buffer { buffer in
            for byte in buffer {
                if byte == 0x20 {
                    hasSpace = true
                } else {
                    begin(into: &bytes)
                    bytes.append(byte)
                }
            }
        }
    }

    private mutating func takeSpace(isLineEnd: Bool) {
        if isLineEnd, preformattedDepth > 0 { breakLineAgain() }
        hasSpace = true
    }

    /// Writes what was kept back before a character.
    private mutating func begin(into bytes: inout [UInt8]) {
        guard breaks > 0 || hasSpace || cells > 0 || isItemStart else { return }
        let isFirst = bytes.isEmpty
        if breaks > 0, !isFirst { for _ in 0..<breaks { bytes.append(0x0A) } }
        var isLineStart = isFirst || breaks > 0
        while cells > 0 {
            if !isLineStart { bytes.append(0x20) }
            bytes.append(0x7C)
            cells -= 1
            isLineStart = false
            hasSpace = true
        }
        if isItemStart { beginItem(&isLineStart, into: &bytes) }
        if hasSpace, !isLineStart { bytes.append(0x20) }
        (breaks, hasSpace, isItemStart) = (0, false, false)
    }

    private mutating func beginItem(_ isLineStart: inout Bool, into bytes: inout [UInt8]) {
        if isLineStart {
            for _ in 1..<max(listDepth, 1) { bytes.append(contentsOf: [0x20, 0x20]) }
        } else {
            bytes.append(0x20)
        }
        bytes.append(0x2D)
        isLineStart = false
        hasSpace = true
    }
}
