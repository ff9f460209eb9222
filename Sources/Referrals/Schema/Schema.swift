/// The number of a field: a place in the canonical referral, such as `person.name.family`.
public typealias FieldID = UInt16

/// A field at its place in the whole: the type tables unrolled from the root.
///
/// A class, so that handing one about costs one count and not one for everything in it.
public final class Field: Sendable {
    public let id: FieldID
    public let parent: FieldID
    /// The full path, list marks left out: `needs.code.original.code`.
    public let path: String
    public let row: Row
    /// The fields below, in the order they are written; none for a plain value.
    public let children: [FieldID]
    public let isList: Bool
    public let isGroup: Bool
    /// Whether it and everything around it is required, with no list in between.
    package let isNeededFromRoot: Bool
    /// Required where the group around it is present. A coded group is as needed as its code.
    package let isNeeded: Bool
    /// A code with its system, display and original, or the `code` of one.
    package let isCoded: Bool
    /// The closed list its value, or the code of its group, is taken from.
    package let codes: CodeList?

    public var name: String { row.name }
    /// Set by the translator itself: `schema`, `id`, the source's fingerprint and the like.
    package var isAlwaysFilled: Bool { row.isAlwaysFilled }
    package var isClosed: Bool { codes != nil }

    fileprivate init(_ row: Row, id: FieldID, path: String, around: Surroundings, children: [FieldID]) {
        let code = row.codeRow
        let isChoice = if case .choice = row.type { true } else { false }
        self.id = id
        parent = around.id
        self.path = path
        self.row = row
        self.children = children
        isList = row.isList
        isGroup = if case .group = row.type { true } else { false }
        isNeeded = row.requirement == .required || code?.requirement == .required
        isNeededFromRoot = row.requirement == .required && around.isNeededFromRoot
        isCoded = code != nil || row.name == "code" && around.isCoded
        codes = (isChoice ? row : code)?.codeList
    }
}

/// What a field takes from the one around it while the table is unrolled.
private struct Surroundings {
    var id: FieldID = 0
    var path = ""
    var isNeededFromRoot = true
    var isCoded = false
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
        var unrolled: [Field?] = []
        let whole = Row("", .group(root), .required, .open, root.documentation)
        Self.unroll(whole, within: Surroundings(), into: &unrolled)
        fields = unrolled.compactMap { $0 }
        (layout, keys) = FieldLayout.table(of: fields)
        byPath = Dictionary(fields.map { ($0.path, $0.id) }, uniquingKeysWith: { first, _ in first })
    }

    /// Gives the field its number, then unrolls those below it, then makes it.
    @discardableResult
    private static func unroll(_ row: Row, within around: Surroundings, into fields: inout [Field?]) -> FieldID {
        precondition(fields.count < Int(FieldID.max), "a schema holds at most 65534 fields")
        let id = FieldID(fields.count)
        fields.append(nil)
        let path = around.path.isEmpty ? row.name : around.path + "." + row.name
        var children: [FieldID] = []
        if case .group(let type) = row.type {
            let inside = Surroundings(
                id: id, path: path,
                isNeededFromRoot: around.isNeededFromRoot && row.requirement == .required && !row.isList,
                isCoded: row.codeRow != nil)
            children = type.rows.map { unroll($0, within: inside, into: &fields) }
        }
        fields[Int(id)] = Field(row, id: id, path: path, around: around, children: children)
        return id
    }

    public subscript(id: FieldID) -> Field { fields[Int(id)] }

    /// The field at a path such as `person.name.family`; list marks like `[0]` are not part of it.
    public func field(_ path: String) -> Field? { byPath[path].map { fields[Int($0)] } }

    /// The field at a path that our own code names; a path that is not there is a defect of ours.
    package func require(_ path: String) -> FieldID {
        guard let field = field(path) else { preconditionFailure("\(name) has no field \(path)") }
        return field.id
    }

    /// What is done when a group is to start at one node and there are several: the strictest that a field in it,
    /// lists left aside, has for several values. Else parts of one person could be told as another's.
    package func manyDefault(ofGroup field: Field) -> FailurePolicy {
        if let own = field.row.policies.many { return own }
        let inside = field.children.map { self[$0] }.filter { !$0.isList }
        let policies = inside.map { $0.isGroup ? manyDefault(ofGroup: $0) : $0.manyDefault }
        if policies.contains(.reject) { return .reject }
        return policies.contains(.quarantine) ? .quarantine : .warn
    }

    /// The field of that name directly below another.
    public func child(_ name: String, of id: FieldID) -> Field? {
        for child in self[id].children where self[child].name == name { return self[child] }
        return nil
    }
}
