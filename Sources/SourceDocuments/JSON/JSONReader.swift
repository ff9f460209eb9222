import Reporting

/// Reads JSON as RFC 8259 writes it, strictly, into the positioned tree.
///
/// Guarantees: bounds-checked throughout; no recursion; every fault names its exact byte; numbers stay as written;
/// an object never holds one key twice, however it is spelt. The text is valid UTF-8 when it arrives.
struct JSONReader {
    private let limits: Limits
    private let refusesRepeatedKeys: Bool
    private var at = 0
    /// The open object or array; 0 outside all.
    private var current: NodeID = 0
    private var inObject = false
    private var depth = 0
    /// The key of the value that comes next.
    private var name = SymbolTable.none
    private var keys = KeyMarks()
    /// The key read last, wherever it stood.
    private var previousKey = SymbolTable.none
    /// A key with its escapes undone.
    private var keyText: [UInt8] = []

    private static let trueWord = Array("true".utf8)
    private static let falseWord = Array("false".utf8)
    private static let nullWord = Array("null".utf8)

    private static let eightSpaces: UInt64 = 0x2020_2020_2020_2020

    /// - Parameter refusesRepeatedKeys: Whether one key twice in an object is a fault. RFC 8259 leaves it open; here it
    ///   always is one, since which value would be the patient's? Only a test of the grammar alone turns it off.
    init(limits: Limits, refusesRepeatedKeys: Bool = true) {
        self.limits = limits
        self.refusesRepeatedKeys = refusesRepeatedKeys
    }

    /// Reads the source of a document into its nodes. On failure the nodes are those read so far.
    mutating func read(into document: inout SourceDocument) throws(ReadProblem) {
        let source = document.source
        let text = source.span
        begin(text, &document)
        while true {
            if inObject { try key(text, &document) }
            guard try value(text, &document) else { continue }
            if try afterValue(text, &document) { break }
        }
        document.nodes[0].next = NodeID(document.nodes.count)
    }

    private mutating func begin(_ text: Span<UInt8>, _ document: inout SourceDocument) {
        at = 0
        current = 0
        depth = 0
        inObject = false
        name = SymbolTable.none
        previousKey = SymbolTable.none
        document.nodes.reserveCapacity(min(text.count / 24, limits.nodes))
        document.beginTree(end: text.count)
    }

    // MARK: Structure

    /// Reads one value; of an object or array that is not empty only its beginning. Returns whether it is complete.
    @inline(__always)
    private mutating func value(_ text: Span<UInt8>, _ document: inout SourceDocument) throws(ReadProblem) -> Bool {
        skipSpace(text)
        guard at < text.count else { throw truncated(text) }
        switch text[at] {
        case UInt8(ascii: "\""): try string(text, &document)
        case UInt8(ascii: "{"): return try open(.object, end: UInt8(ascii: "}"), text, &document)
        case UInt8(ascii: "["): return try open(.array, end: UInt8(ascii: "]"), text, &document)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number(text, &document)
        case UInt8(ascii: "t"): try literal(Self.trueWord, .boolean, text, &document)
        case UInt8(ascii: "f"): try literal(Self.falseWord, .boolean, text, &document)
        case UInt8(ascii: "n"): try literal(Self.nullWord, .null, text, &document)
        default: throw unexpected(text)
        }
        return true
    }

    /// Goes on after a value: closes what ends here, passes the comma. True at the end of the document.
    @inline(__always)
    private mutating func afterValue(_ text: Span<UInt8>, _ document: inout SourceDocument) throws(ReadProblem) -> Bool
    {
        while true {
            skipSpace(text)
            if current == 0 {
                guard at == text.count else {
                    throw ReadProblem("json-malformed", at: at, "something follows the end of the document")
                }
                return true
            }
            guard at < text.count else { throw truncated(text) }
            switch text[at] {
            case UInt8(ascii: ","):
                at += 1
                if !inObject { try refuseTrailingComma(text) }
                return false
            case UInt8(ascii: "}") where inObject, UInt8(ascii: "]") where !inObject:
                try close(text, &document)
            default:
                throw ReadProblem(
                    "json-malformed", at: at,
                    inObject ? "a comma or `}` is expected here" : "a comma or `]` is expected here")
            }
        }
    }

    /// Opens an object or array. Returns whether it also ends at once.
    private mutating func open(
        _ kind: SourceNode.Kind, end: UInt8, _ text: Span<UInt8>, _ document: inout SourceDocument
    ) throws(ReadProblem) -> Bool {
        guard depth < limits.depth else {
            throw ReadProblem("limit-depth", at: at, "objects and arrays are nested deeper than \(limits.depth) levels")
        }
        depth += 1
        let node = NodeID(document.nodes.count)
        try append(SourceNode(kind, name: name, start: UInt32(at), parent: current), &document)
        current = node
        inObject = kind == .object
        name = SymbolTable.none
        at += 1
        skipSpace(text)
        guard at < text.count, text[at] == end else { return false }
        try close(text, &document)
        return true
    }

    private mutating func close(_ text: Span<UInt8>, _ document: inout SourceDocument) throws(ReadProblem) {
        at += 1
        let node = current
        let parent = document.nodes[Int(node)].close(end: at, next: document.nodes.count)
        if inObject, refusesRepeatedKeys, let second = keys.repeated(in: node, of: document) {
            throw ReadProblem(
                "json-duplicate-key", at: Self.keyStart(before: Int(second), text),
                "one object holds the same key twice")
        }
        current = parent
        inObject = document.nodes[Int(current)].kind == .object
        depth -= 1
        name = SymbolTable.none
    }

    @inline(__always)
    private mutating func append(_ node: SourceNode, _ document: inout SourceDocument) throws(ReadProblem) {
        guard document.nodes.count <= limits.nodes else { throw Self.tooMany(limits.nodes, at: at) }
        document.nodes.append(node)
    }

    private static func tooMany(_ limit: Int, at place: Int) -> ReadProblem {
        ReadProblem("limit-nodes", at: place, "the document has more than \(limit) values")
    }

    // MARK: Values

    @inline(__always)
    private mutating func key(_ text: Span<UInt8>, _ document: inout SourceDocument) throws(ReadProblem) {
        skipSpace(text)
        guard at < text.count else { throw truncated(text) }
        guard text[at] == UInt8(ascii: "\"") else {
            throw ReadProblem("json-malformed", at: at, "a key in double quotes is expected here")
        }
        let token = try JSONString.scan(text, at: at, limit: limits.textBytes)
        if token.hasEscapes {
            keyText.removeAll(keepingCapacity: true)
            try JSONString.decode(text, token, into: &keyText)
            name = document.symbols.intern(keyText.span)
        } else {
            name = document.symbols.intern(text.extracting(token.start..<token.end), after: previousKey)
        }
        previousKey = name
        at = token.end + 1
        skipSpace(text)
        guard at < text.count else { throw truncated(text) }
        guard text[at] == UInt8(ascii: ":") else {
            throw ReadProblem("json-malformed", at: at, "a colon is expected after the key")
        }
        at += 1
    }

    @inline(__always)
    private mutating func string(_ text: Span<UInt8>, _ document: inout SourceDocument) throws(ReadProblem) {
        let token = try JSONString.scan(text, at: at, limit: limits.textBytes)
        var range = TextRange(start: token.start, end: token.end, isAside: false)
        if token.hasEscapes {
            range = TextRange(start: document.side.count, end: 0, isAside: true)
            try JSONString.decode(text, token, into: &document.side)
            range.end = document.side.count
        }
        try scalar(.string, range, end: token.end + 1, &document)
    }

    private mutating func number(_ text: Span<UInt8>, _ document: inout SourceDocument) throws(ReadProblem) {
        let end = try JSONNumber.end(text, at: at)
        try scalar(.number, TextRange(start: at, end: end, isAside: false), end: end, &document)
    }

    private mutating func literal(
        _ word: [UInt8], _ kind: SourceNode.Kind, _ text: Span<UInt8>, _ document: inout SourceDocument
    ) throws(ReadProblem) {
        for index in 0..<word.count {
            guard at + index < text.count else { throw truncated(text) }
            guard text[at + index] == word[index] else { throw unexpected(text) }
        }
        let end = at + word.count
        try scalar(kind, TextRange(start: at, end: end, isAside: false), end: end, &document)
    }

    @inline(__always)
    private mutating func scalar(
        _ kind: SourceNode.Kind, _ value: TextRange, end: Int, _ document: inout SourceDocument
    ) throws(ReadProblem) {
        let flags: SourceNode.Flags = value.isAside ? [.hasValue, .valueAside] : .hasValue
        try append(
            SourceNode(
                kind, flags: flags, name: name, start: UInt32(at), end: UInt32(end), valueStart: UInt32(value.start),
                valueEnd: UInt32(value.end), next: NodeID(document.nodes.count) + 1, parent: current), &document)
        at = end
    }

    // MARK: Faults

    @inline(__always)
    private mutating func skipSpace(_ text: Span<UInt8>) {
        if at >= text.count || text[at] <= 0x20 { at = Self.afterSpace(text, from: at) }
    }

    /// The place of the first byte from `start` on that is no white space, or the end.
    static func afterSpace(_ text: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index < text.count {
            if index &+ 8 <= text.count, text.word(at: index) == eightSpaces {
                index += 8
                continue
            }
            let byte = text[index]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { break }
            index += 1
        }
        return index
    }

    private func truncated(_ text: Span<UInt8>) -> ReadProblem {
        ReadProblem("json-truncated", at: text.count, "the document ends before its last value is complete")
    }

    private mutating func refuseTrailingComma(_ text: Span<UInt8>) throws(ReadProblem) {
        skipSpace(text)
        guard at < text.count, text[at] == UInt8(ascii: "]") else { return }
        throw ReadProblem("json-malformed", at: at, "a comma stands before the closing bracket")
    }

    /// What stands where a value should.
    private func unexpected(_ text: Span<UInt8>) -> ReadProblem {
        switch text[at] {
        case UInt8(ascii: "N"), UInt8(ascii: "I"), UInt8(ascii: "+"), UInt8(ascii: "."):
            ReadProblem("json-number", at: at, "this is not a number as JSON writes them")
        case UInt8(ascii: "'"):
            ReadProblem("json-malformed", at: at, "strings stand in double quotes, not single ones")
        case UInt8(ascii: "/"), UInt8(ascii: "#"):
            ReadProblem("json-malformed", at: at, "JSON has no comments")
        default:
            ReadProblem("json-malformed", at: at, "a value is expected here")
        }
    }

    /// Where the key before a value begins: its opening quote. Quotes inside a key follow an odd number of backslashes.
    private static func keyStart(before value: Int, _ text: Span<UInt8>) -> Int {
        var index = value - 1
        while index > 0, text[index] != UInt8(ascii: "\"") { index -= 1 }
        index -= 1
        while index > 0 {
            var slashes = 0
            while index - slashes > 0, text[index - slashes - 1] == UInt8(ascii: "\\") { slashes += 1 }
            if text[index] == UInt8(ascii: "\""), slashes % 2 == 0 { break }
            index -= 1
        }
        return index
    }
}
