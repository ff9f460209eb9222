/// The number of a node in its document: document order, the document itself is 0.
package typealias NodeID = UInt32

/// One element, attribute, text, member or item of a source document, whatever its format.
///
/// Nodes lie flat in one buffer in document order; a subtree is the run up to ``next``. Thirty-two bytes, no
/// reference: reading a document makes no object per node.
package struct SourceNode: Sendable {
    package enum Kind: UInt8, Sendable {
        /// The whole document; node 0, with no name.
        case document
        /// XML element, FHIR element, HL7 v2 segment, field, component.
        case element
        /// XML attribute.
        case attribute
        /// A run of text between elements. An element that holds only text has it as its own value instead.
        case text
        case object
        case array
        case string
        case number
        case boolean
        case null
    }

    package struct Flags: OptionSet, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }
        /// The node has a value of its own: attribute, text, scalar, element with text only, FHIR primitive.
        package static let hasValue = Flags(rawValue: 1)
        /// The value lies in the document's side buffer, since it is not written in one piece in the source.
        package static let valueAside = Flags(rawValue: 2)
        /// FHIR: the node is a resource, and `valueStart` holds the symbol of its type.
        package static let isResource = Flags(rawValue: 4)
        /// FHIR: the value is XHTML markup, not text.
        package static let isMarkup = Flags(rawValue: 8)
    }

    package var kind: Kind
    package var flags: Flags
    /// The name, or ``SymbolTable/none``.
    package var name: Symbol
    /// The bytes of the whole node in the source, tags and quotes included.
    package var start: UInt32
    package var end: UInt32
    /// The bytes of the value, in the source or in the side buffer.
    package var valueStart: UInt32
    package var valueEnd: UInt32
    /// The first node after this one's subtree.
    package var next: NodeID
    package var parent: NodeID

    package init(
        _ kind: Kind, flags: Flags = [], name: Symbol, start: UInt32, end: UInt32 = 0, valueStart: UInt32 = 0,
        valueEnd: UInt32 = 0, next: NodeID = 0, parent: NodeID
    ) {
        self.kind = kind
        self.flags = flags
        self.name = name
        self.start = start
        self.end = end
        self.valueStart = valueStart
        self.valueEnd = valueEnd
        self.next = next
        self.parent = parent
    }

    // What is asked of every node stands in the code of whoever asks, in other modules too. `@inlinable` alone does not bring
    // a `package` member there, and comparing an enumeration or a set of options from outside is a call through a table.

    @_alwaysEmitIntoClient @inline(__always) package var hasValue: Bool { flags.rawValue & 1 != 0 }
    @_alwaysEmitIntoClient @inline(__always) package var isNull: Bool { if case .null = kind { true } else { false } }
    @_alwaysEmitIntoClient @inline(__always) package var isAttribute: Bool {
        if case .attribute = kind { true } else { false }
    }

    /// Takes over the value of another, where it lies and all.
    mutating func take(valueOf other: SourceNode) {
        flags.formUnion(other.flags)
        valueStart = other.valueStart
        valueEnd = other.valueEnd
    }

    /// Ends the node, whose subtree is complete. Returns its parent.
    mutating func close(end: Int, next: Int) -> NodeID {
        self.end = UInt32(end)
        self.next = NodeID(next)
        return parent
    }

    /// FHIR: the symbol of the resource's type (no namespace), or ``SymbolTable/none``.
    @_alwaysEmitIntoClient @inline(__always) package var resourceType: Symbol {
        flags.rawValue & 4 != 0 ? valueStart : 0
    }

    /// A number for the kind and the type together, the same for two nodes only if both are.
    @_alwaysEmitIntoClient @inline(__always) package var kindAndType: UInt64 {
        let kind: UInt64 =
            switch kind {
            case .document: 0
            case .element: 1
            case .attribute: 2
            case .text: 3
            case .object: 4
            case .array: 5
            case .string: 6
            case .number: 7
            case .boolean: 8
            case .null: 9
            }
        return UInt64(resourceType) << 8 | kind
    }
}

/// Where some bytes of a document lie: in its source or in its side buffer.
package struct TextRange: Sendable, Hashable {
    package var start: Int
    package var end: Int
    package var isAside: Bool

    package init(start: Int, end: Int, isAside: Bool) {
        self.start = start
        self.end = end
        self.isAside = isAside
    }

    package var count: Int { end - start }
}
