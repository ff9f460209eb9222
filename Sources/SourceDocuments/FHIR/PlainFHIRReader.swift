import Reporting

/// Reads FHIR JSON of the plain form straight into the FHIR tree: what ``JSONReader`` and ``FHIRTree`` make of it one after
/// the other, without the tree between them.
///
/// It finds no faults. Whatever is wrong, odd or rare (companions such as `_birthDate`, nulls, empty objects and arrays,
/// `fhir_comments`, keys with escapes or twice, a limit reached) it leaves to those two, who read the document from its
/// beginning and say what must be said. So there is nothing here to keep in step with them but the tree itself.
struct PlainFHIRReader {
    private let limits: Limits
    private var words = FHIRWords()
    private var marks = KeyMarks()
    /// The keys of all open objects, those of the innermost last.
    private var keys: [Symbol] = []
    /// By depth of objects, where in ``keys`` those of an object begin, and whether it is an item of an array.
    private var frames: [Frame]

    // MARK: Of the document at hand

    private var nodes: [SourceNode] = []
    private var at = 0
    /// The open object; 0 outside all.
    private var current: NodeID = 0
    private var inArray = false
    /// How many objects are open.
    private var level = 0
    /// How many objects and arrays are open.
    private var depth = 0
    /// Values of the document that are no node of the tree: arrays and types.
    private var passedOver = 0
    /// The key of the value that comes next, or of the array it stands in.
    private var name = SymbolTable.none
    /// The key read last, wherever it stood.
    private var previousKey = SymbolTable.none

    private struct Frame {
        var firstKey: UInt32 = 0
        var isItem = false
    }

    init(limits: Limits) {
        self.limits = limits
        frames = Array(repeating: Frame(), count: limits.depth + 1)
    }

    /// Whether the first key of an object is the one that FHIR resources mostly begin with.
    static func beginsWithType(_ text: Span<UInt8>) -> Bool {
        var index = 0
        while index < text.count, text[index] <= 0x20 { index += 1 }
        guard index < text.count, text[index] == UInt8(ascii: "{") else { return false }
        index += 1
        while index < text.count, text[index] <= 0x20 { index += 1 }
        let end = index + beginning.count
        return end <= text.count && text.extracting(index..<end).isEqual(to: beginning.span)
    }

    private static let beginning = Array("\"resourceType\"".utf8)

    /// Reads the source of a document into its nodes.
    ///
    /// - Returns: Whether it is of the plain form. If not, the document must be cleared and read the long way.
    mutating func read(into document: inout SourceDocument) -> Bool {
        let source = document.source
        let text = source.span
        swap(&nodes, &document.nodes)
        begin(text, &document.symbols)
        let isPlain = readAll(text, &document)
        if isPlain { finish() }
        swap(&nodes, &document.nodes)
        if isPlain { document.format = .fhir }
        return isPlain
    }

    private mutating func begin(_ text: Span<UInt8>, _ symbols: inout SymbolTable) {
        words.find(in: &symbols)
        keys.removeAll(keepingCapacity: true)
        (at, current, inArray, level, depth, passedOver) = (0, 0, false, 0, 0, 0)
        (name, previousKey) = (SymbolTable.none, SymbolTable.none)
        nodes.reserveCapacity(min(text.count / 24, limits.nodes))
        nodes.append(
            SourceNode(.document, name: SymbolTable.none, start: 0, end: UInt32(text.count), next: 1, parent: 0))
    }

    private mutating func finish() {
        nodes[0].next = NodeID(nodes.count)
        nodes[1].name = nodes[1].resourceType
    }

    // MARK: Structure

    private mutating func readAll(_ text: Span<UInt8>, _ document: inout SourceDocument) -> Bool {
        while true {
            if level > 0, !inArray, !key(text, &document.symbols) { return false }
            skipSpace(text)
            guard at < text.count else { return false }
            switch text[at] {
            case UInt8(ascii: "\""): guard string(text, &document) else { return false }
            case UInt8(ascii: "{"):
                guard open() else { return false }
                continue
            case UInt8(ascii: "["):
                guard openArray() else { return false }
                continue
            default: guard bare(text) else { return false }
            }
            guard afterValue(text, document.symbols.count) else { return false }
            if level == 0 { return isEnd(text) }
        }
    }

    /// Begins an object. One that is empty shows when a key is looked for.
    @inline(__always)
    private mutating func open() -> Bool {
        guard depth < limits.depth, name != words.resourceType else { return false }
        let node = NodeID(nodes.count)
        guard append(SourceNode(.element, name: name, start: UInt32(at), parent: current)) else { return false }
        depth &+= 1
        level &+= 1
        frames[level] = Frame(firstKey: UInt32(keys.count), isItem: inArray)
        current = node
        inArray = false
        at &+= 1
        return true
    }

    /// Begins an array. One that is empty shows when a value is looked for.
    @inline(__always)
    private mutating func openArray() -> Bool {
        guard level > 0, !inArray, depth < limits.depth, name != words.resourceType else { return false }
        depth &+= 1
        passedOver &+= 1
        inArray = true
        at &+= 1
        return true
    }

    /// Goes on after a value: closes what ends here, passes the comma.
    @inline(__always)
    private mutating func afterValue(_ text: Span<UInt8>, _ symbols: Int) -> Bool {
        while level > 0 {
            skipSpace(text)
            guard at < text.count else { return false }
            let byte = text[at]
            at &+= 1
            if byte == UInt8(ascii: ",") { return true }
            if inArray {
                guard byte == UInt8(ascii: "]") else { return false }
                inArray = false
                depth &-= 1
            } else {
                guard byte == UInt8(ascii: "}"), close(symbols) else { return false }
            }
        }
        return true
    }

    @inline(__always)
    private mutating func close(_ symbols: Int) -> Bool {
        let frame = frames[level]
        let first = Int(frame.firstKey)
        if keys.count &- first > 1, marks.hasRepetition(in: keys, from: first, symbols: symbols) { return false }
        keys.truncate(to: first)
        name = nodes[Int(current)].name
        current = nodes[Int(current)].close(end: at, next: nodes.count)
        inArray = frame.isItem
        depth &-= 1
        level &-= 1
        return true
    }

    /// Whether nothing follows, and the root is a resource.
    private mutating func isEnd(_ text: Span<UInt8>) -> Bool {
        skipSpace(text)
        return at == text.count && nodes.count > 1 && nodes[1].resourceType != SymbolTable.none
    }

    @inline(__always)
    private mutating func append(_ node: SourceNode) -> Bool {
        guard nodes.count &+ passedOver <= limits.nodes else { return false }
        nodes.append(node)
        return true
    }

    // MARK: Values

    @inline(__always)
    private mutating func key(_ text: Span<UInt8>, _ symbols: inout SymbolTable) -> Bool {
        skipSpace(text)
        guard at &+ 1 < text.count, text[at] == UInt8(ascii: "\""), text[at &+ 1] != UInt8(ascii: "_") else {
            return false
        }
        if let known = symbols.follower(of: previousKey, in: text, at: at &+ 1), known.length <= limits.textBytes {
            name = known.symbol
            at &+= known.length &+ 2
        } else {
            guard newKey(text, &symbols) else { return false }
        }
        if name == words.comments { return false }
        previousKey = name
        keys.append(name)
        skipSpace(text)
        guard at < text.count, text[at] == UInt8(ascii: ":") else { return false }
        at &+= 1
        return true
    }

    /// A key that is not the one that followed the key before when that was met last.
    private mutating func newKey(_ text: Span<UInt8>, _ symbols: inout SymbolTable) -> Bool {
        let end = JSONString.nextSpecial(text, from: at + 1)
        guard end < text.count, text[end] == UInt8(ascii: "\""), end - at <= limits.textBytes else { return false }
        name = symbols.intern(text.extracting(at + 1..<end), after: previousKey)
        at = end + 1
        return true
    }

    @inline(__always)
    private mutating func string(_ text: Span<UInt8>, _ document: inout SourceDocument) -> Bool {
        let end = JSONString.nextSpecial(text, from: at &+ 1)
        guard end < text.count, text[end] == UInt8(ascii: "\""), end &- at <= limits.textBytes else {
            return escaped(text, &document)
        }
        if name == words.resourceType { return type(text, end: end, &document.symbols) }
        return leaf(flags(.hasValue), start: at &+ 1, end: end, after: end &+ 1)
    }

    /// A string with escapes, if it is one.
    private mutating func escaped(_ text: Span<UInt8>, _ document: inout SourceDocument) -> Bool {
        guard name != words.resourceType else { return false }
        let start = document.side.count
        do throws(ReadProblem) {
            let token = try JSONString.scan(text, at: at, limit: limits.textBytes)
            try JSONString.decode(text, token, into: &document.side)
            return leaf(
                flags([.hasValue, .valueAside]), start: start, end: document.side.count, after: token.end + 1)
        } catch { return false }
    }

    private func flags(_ flags: SourceNode.Flags) -> SourceNode.Flags {
        name == words.div ? flags.union(.isMarkup) : flags
    }

    /// The type of the open object: no node of its own.
    private mutating func type(_ text: Span<UInt8>, end: Int, _ symbols: inout SymbolTable) -> Bool {
        guard !inArray, end > at + 1, nodes.count + passedOver <= limits.nodes else { return false }
        passedOver += 1
        nodes[Int(current)].flags = .isResource
        nodes[Int(current)].valueStart = symbols.intern(text.extracting(at + 1..<end))
        at = end + 1
        return true
    }

    /// A number or a truth value. Anything else, `null` too, is not plain.
    private mutating func bare(_ text: Span<UInt8>) -> Bool {
        guard level > 0, name != words.resourceType else { return false }
        switch text[at] {
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            guard let end = try? JSONNumber.end(text, at: at) else { return false }
            return leaf(.hasValue, start: at, end: end, after: end)
        case UInt8(ascii: "t"): return literal(Self.trueWord, text)
        case UInt8(ascii: "f"): return literal(Self.falseWord, text)
        default: return false
        }
    }

    private static let trueWord = Array("true".utf8)
    private static let falseWord = Array("false".utf8)

    private mutating func literal(_ word: [UInt8], _ text: Span<UInt8>) -> Bool {
        let end = at + word.count
        guard end <= text.count, text.extracting(at..<end).isEqual(to: word.span) else { return false }
        return leaf(.hasValue, start: at, end: end, after: end)
    }

    /// Writes a value as an element without children, and goes on behind it.
    @inline(__always)
    private mutating func leaf(_ flags: SourceNode.Flags, start: Int, end: Int, after: Int) -> Bool {
        guard level > 0 else { return false }
        let node = SourceNode(
            .element, flags: flags, name: name, start: UInt32(at), end: UInt32(after), valueStart: UInt32(start),
            valueEnd: UInt32(end), next: NodeID(nodes.count) &+ 1, parent: current)
        at = after
        return append(node)
    }

    @inline(__always)
    private mutating func skipSpace(_ text: Span<UInt8>) {
        if at >= text.count || text[at] <= 0x20 { at = JSONReader.afterSpace(text, from: at) }
    }
}
