/// The number of a field: a place in the canonical referral, such as `person.name.family`.
public typealias FieldID = UInt16

/// A field at its place in the whole: the type tables unrolled from the root.
public struct Field: Sendable {
    public let id: FieldID
    public let parent: FieldID
    /// The full path, list marks left out: `needs.code.original.code`.
    public let path: String
    public let row: Row
    /// The fields below, in the order they are written; none for a plain value.
    public internal(set) var children: [FieldID] = []
    /// Whether it and everything around it is required, with no list in between.
    package internal(set) var isNeededFromRoot: Bool

    public var name: String { row.name }
    public var isList: Bool { row.isList }
    public var isGroup: Bool { if case .group = row.type { true } else { false } }
    /// Set by the translator itself: `schema`, `id`, the source's fingerprint and the like.
    package var isAlwaysFilled: Bool { row.isAlwaysFilled }
    /// A code with its system, display and original, or the `code` of one.
    package internal(set) var isCoded = false
    /// The closed list its value, or the code of its group, is taken from.
    package internal(set) var codes: CodeList?
    package var isClosed: Bool { codes != nil }
    /// Required where the group around it is present. A coded group is as needed as its code.
    package internal(set) var isNeeded: Bool
}

/// All fields of a canonical type by number and by path. Field 0 is the whole.
public struct Schema: Sendable {
    public let name: String
    public let fields: [Field]
    private let byPath: [String: FieldID]
    /// What a writer needs of each field, by number.
    let layout: [FieldLayout]
    /// All keys as they are written, `"name":`, one after another.
    let keys: [UInt8]

    /// Unrolls a table. Types must not contain themselves.
    public init(_ name: String, root: RecordType) {
        self.name = name
        var fields: [Field] = []
        Self.unroll(
            Row("", .group(root), .required, .open, root.documentation), path: "", parent: 0, into: &fields)
        self.fields = fields
        (layout, keys) = FieldLayout.table(of: fields)
        byPath = Dictionary(fields.map { ($0.path, $0.id) }, uniquingKeysWith: { first, _ in first })
    }

    @discardableResult
    private static func unroll(_ row: Row, path: String, parent: FieldID, into fields: inout [Field]) -> FieldID {
        precondition(fields.count < Int(FieldID.max), "a schema holds at most 65534 fields")
        let id = FieldID(fields.count)
        fields.append(newField(row, id: id, path: path, parent: fields.isEmpty ? nil : fields[Int(parent)]))
        if case .group(let type) = row.type {
            for child in type.rows {
                let childPath = path.isEmpty ? child.name : path + "." + child.name
                let childID = unroll(child, path: childPath, parent: id, into: &fields)
                fields[Int(id)].children.append(childID)
            }
        }
        return id
    }

    private static func newField(_ row: Row, id: FieldID, path: String, parent: Field?) -> Field {
        let code = row.codeRow
        let isRequired = row.requirement == .required
        let isChoice = if case .choice = row.type { true } else { false }
        var field = Field(
            id: id, parent: parent?.id ?? 0, path: path, row: row,
            isNeededFromRoot: isRequired && parent.map { $0.isNeededFromRoot && !$0.isList } ?? true,
            isNeeded: isRequired || code?.requirement == .required)
        field.isCoded = code != nil || row.name == "code" && parent?.row.codeRow != nil
        field.codes = (isChoice ? row : code)?.codeList
        return field
    }

    public subscript(id: FieldID) -> Field { fields[Int(id)] }

    /// The field at a path such as `person.name.family`; list marks like `[0]` are not part of it.
    public func field(_ path: String) -> Field? { byPath[path].map { fields[Int($0)] } }

    /// The field at a path that our own code names; a path that is not there is a defect of ours.
    package func require(_ path: String) -> FieldID {
        guard let field = field(path) else { preconditionFailure("\(name) has no field \(path)") }
        return field.id
    }

    /// The field of that name directly below another.
    public func child(_ name: String, of id: FieldID) -> Field? {
        for child in self[id].children where self[child].name == name { return self[child] }
        return nil
    }
}
