import Reporting

/// FHIR JSON: arrays are repeated elements, and `_name` holds the id and extensions of the primitive `name`
/// (FHIR R4, 2.6.2.3).
extension FHIRTree {
    mutating func buildFromJSON(_ document: inout SourceDocument) throws(ReadProblem) {
        try element(1, name: SymbolTable.none, under: 0, &document)
        output[1].name = output[1].resourceType
    }

    /// Writes an object as an element, or as a resource when it names its type.
    private mutating func element(
        _ object: NodeID, name: Symbol, under parent: NodeID, _ document: inout SourceDocument
    ) throws(ReadProblem) {
        let item = input[Int(object)]
        let survey = survey(object, document)
        var node = SourceNode(.element, name: name, start: item.start, end: item.end, parent: parent)
        if let type = survey.type {
            node.flags = .isResource
            node.valueStart = try typeSymbol(type, &document)
        }
        let id = open(node)
        if object + 1 == item.next { note(at: item.start, "an object here is empty, which FHIR does not allow") }
        if survey.hasCompanions {
            try membersWithCompanions(of: object, under: id, &document)
        } else {
            try members(of: object, under: id, &document)
        }
        close(id)
    }

    private func survey(_ object: NodeID, _ document: borrowing SourceDocument) -> (type: NodeID?, hasCompanions: Bool)
    {
        var type: NodeID?
        var hasCompanions = false
        let end = input[Int(object)].next
        var child = object + 1
        while child < end {
            let name = input[Int(child)].name
            if name == words.resourceType { type = child }
            if document.symbols.firstByte(name) == UInt8(ascii: "_") { hasCompanions = true }
            child = input[Int(child)].next
        }
        return (type, hasCompanions)
    }

    private func typeSymbol(_ member: NodeID, _ document: inout SourceDocument) throws(ReadProblem) -> Symbol {
        let node = input[Int(member)]
        guard node.kind == .string, node.valueStart < node.valueEnd else {
            throw fault(at: node.start, "`resourceType` names no type")
        }
        let range = Int(node.valueStart)..<Int(node.valueEnd)
        if node.flags.contains(.valueAside) { return Self.intern(range, of: document.side, in: &document.symbols) }
        return Self.intern(range, of: document.source, in: &document.symbols)
    }

    private static func intern(_ range: Range<Int>, of text: [UInt8], in symbols: inout SymbolTable) -> Symbol {
        symbols.intern(text.span.extracting(range))
    }

    // MARK: Members

    private mutating func members(
        of object: NodeID, under parent: NodeID, _ document: inout SourceDocument
    ) throws(ReadProblem) {
        let end = input[Int(object)].next
        var child = object + 1
        while child < end {
            let node = input[Int(child)]
            if node.name != words.resourceType, node.name != words.comments {
                if node.kind.isScalar {
                    leaf(node, name: node.name, under: parent)
                } else {
                    try property(child, companion: nil, name: node.name, under: parent, &document)
                }
            }
            child = node.next
        }
    }

    /// The same for an object with members like `_birthDate`, which belong to `birthDate` wherever they stand.
    private mutating func membersWithCompanions(
        of object: NodeID, under parent: NodeID, _ document: inout SourceDocument
    ) throws(ReadProblem) {
        let (mains, companions) = pairs(of: object, &document)
        let end = input[Int(object)].next
        var child = object + 1
        while child < end {
            let node = input[Int(child)]
            if let main = companions.mains[child] {
                if mains[main] == nil { try property(nil, companion: child, name: main, under: parent, &document) }
            } else if node.name != words.resourceType, node.name != words.comments {
                try property(child, companion: companions.nodes[node.name], name: node.name, under: parent, &document)
            }
            child = node.next
        }
    }

    private typealias Companions = (mains: [NodeID: Symbol], nodes: [Symbol: NodeID])

    private func pairs(of object: NodeID, _ document: inout SourceDocument) -> (mains: [Symbol: NodeID], Companions) {
        var mains: [Symbol: NodeID] = [:]
        var companions: Companions = ([:], [:])
        let end = input[Int(object)].next
        var child = object + 1
        while child < end {
            let node = input[Int(child)]
            if document.symbols.firstByte(node.name) == UInt8(ascii: "_") {
                let main = document.symbols.intern(String(document.symbols.name(node.name).dropFirst()))
                companions.mains[child] = main
                companions.nodes[main] = child
            } else {
                mains[node.name] = child
            }
            child = node.next
        }
        return (mains, companions)
    }

    // MARK: Properties

    /// Writes what one member, its companion, or both say of a property.
    private mutating func property(
        _ value: NodeID?, companion: NodeID?, name: Symbol, under parent: NodeID, _ document: inout SourceDocument
    ) throws(ReadProblem) {
        let isArray = (value ?? companion).map { input[Int($0)].kind == .array } ?? false
        guard isArray else {
            return try single(value, companion: companion, name: name, under: parent, inArray: false, &document)
        }
        let values = try items(value)
        let companions = try items(companion)
        if values.isEmpty, companions.isEmpty, let place = value ?? companion {
            note(at: input[Int(place)].start, "an array here is empty, which FHIR does not allow")
        }
        var item = values.lowerBound
        var mate = companions.lowerBound
        while item < values.upperBound || mate < companions.upperBound {
            let hasItem = item < values.upperBound
            let hasMate = mate < companions.upperBound
            try single(
                hasItem ? item : nil, companion: hasMate ? mate : nil, name: name, under: parent, inArray: true,
                &document)
            if hasItem { item = input[Int(item)].next }
            if hasMate { mate = input[Int(mate)].next }
        }
    }

    /// The nodes of an array: the first item, and where the array ends.
    private func items(_ array: NodeID?) throws(ReadProblem) -> Range<NodeID> {
        guard let array else { return 0..<0 }
        let node = input[Int(array)]
        guard node.kind == .array else {
            throw fault(at: node.start, "a value and its `_` companion must both be arrays, or neither")
        }
        return array + 1..<node.next
    }

    private mutating func single(
        _ value: NodeID?, companion: NodeID?, name: Symbol, under parent: NodeID, inArray: Bool,
        _ document: inout SourceDocument
    ) throws(ReadProblem) {
        let companion = try object(companion)
        guard let value, case let item = input[Int(value)], item.kind != .null else {
            if let companion { return try primitive(nil, companion: companion, name: name, under: parent, &document) }
            if let value {
                note(at: input[Int(value)].start, "a null stands here without an extension, which FHIR does not allow")
            }
            return
        }
        switch item.kind {
        case .object:
            if companion != nil { throw fault(at: item.start, "only a primitive may have a `_` companion") }
            try element(value, name: name, under: parent, &document)
        case .array:
            throw fault(
                at: item.start,
                inArray ? "an array stands inside an array" : "a value and its `_` companion do not match")
        default:
            try primitive(value, companion: companion, name: name, under: parent, &document)
        }
    }

    /// A companion, if it says anything.
    private func object(_ companion: NodeID?) throws(ReadProblem) -> NodeID? {
        guard let companion else { return nil }
        switch input[Int(companion)].kind {
        case .object: return companion
        case .null: return nil
        default: throw fault(at: input[Int(companion)].start, "a `_` companion must be an object")
        }
    }

    private mutating func primitive(
        _ value: NodeID?, companion: NodeID?, name: Symbol, under parent: NodeID, _ document: inout SourceDocument
    ) throws(ReadProblem) {
        guard let place = value ?? companion else { return }
        let item = input[Int(place)]
        guard let companion else { return leaf(item, name: name, under: parent) }
        var node = SourceNode(.element, name: name, start: item.start, end: item.end, parent: parent)
        if value != nil {
            node.take(valueOf: item)
            node.flags = flags(of: item, named: name)
        }
        let id = open(node)
        try members(of: companion, under: id, &document)
        close(id)
    }

    /// Writes a primitive that is nothing but its value.
    @inline(__always)
    private mutating func leaf(_ item: SourceNode, name: Symbol, under parent: NodeID) {
        var node = item
        node.name = name
        node.flags = flags(of: item, named: name)
        append(leaf: node, under: parent)
    }

    private func flags(of item: SourceNode, named name: Symbol) -> SourceNode.Flags {
        name == words.div && item.kind == .string ? item.flags.union(.isMarkup) : item.flags
    }
}

extension SourceNode.Kind {
    /// Whether it is a value of JSON that stands for itself; `null` does not.
    fileprivate var isScalar: Bool { self == .string || self == .number || self == .boolean }
}
