/// One value while a path is evaluated: a node or something computed. Twelve bytes, no reference.
struct PathItem: Sendable {
    enum Kind: UInt8, Sendable {
        case node, text, date
        /// A number computed.
        case number
        /// A number as written.
        case decimal
        case boolean, null
    }

    let kind: Kind
    private let place: PathText.Place
    private let first: UInt32
    private let second: UInt32

    private init(_ kind: Kind, _ place: PathText.Place, _ first: UInt32, _ second: UInt32) {
        self.kind = kind
        self.place = place
        self.first = first
        self.second = second
    }

    @inline(__always) init(node: NodeID) { self.init(.node, .source, node, 0) }
    init(_ kind: Kind, _ text: PathText) { self.init(kind, text.place, text.start, text.end) }
    init(text: PathText) { self.init(.text, text) }
    init(_ value: Bool) { self.init(.boolean, .source, value ? 1 : 0, 0) }
    init(_ value: Double) {
        let bits = value.bitPattern
        self.init(.number, .source, UInt32(truncatingIfNeeded: bits), UInt32(truncatingIfNeeded: bits >> 32))
    }
    static let null = PathItem(.null, .source, 0, 0)

    @inline(__always) var isNode: Bool { kind == .node }
    @inline(__always) var node: NodeID { first }
    var text: PathText { PathText(place, Int(first), Int(second)) }
    var boolean: Bool { first != 0 }
    var number: Double { Double(bitPattern: UInt64(first) | UInt64(second) << 32) }
}

/// What an expression is evaluated on.
struct PathFocus {
    var item: PathItem
    /// 1-based place in the set a predicate judges, and the size of that set.
    var position = 1
    var size = 1

    @inline(__always) init(_ item: PathItem, position: Int = 1, size: Int = 1) {
        self.item = item
        self.position = position
        self.size = size
    }
}
