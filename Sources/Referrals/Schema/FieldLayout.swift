/// What writing needs to know of a field, without a reference in it: the writer meets every node of every referral.
struct FieldLayout: Sendable {
    /// How a value stands in JSON.
    enum Form: UInt8, Sendable {
        case group
        case string
        /// A string in the shape of a date or time.
        case date
        case integer
        case boolean
    }

    let form: Form
    let isList: Bool
    let isOpen: Bool
    /// Where `"name":` lies in ``Schema/keys``.
    let keyStart: Int32
    let keyEnd: Int32

    /// Where the name alone lies.
    var name: Range<Int> { Int(keyStart) + 1..<Int(keyEnd) - 2 }

    static func table(of fields: [Field]) -> ([FieldLayout], [UInt8]) {
        var keys: [UInt8] = []
        let layout = fields.map { field in
            let start = Int32(keys.count)
            keys.append(contentsOf: "\"\(field.name)\":".utf8)
            return FieldLayout(
                form: Form(field.row.type), isList: field.isList, isOpen: field.row.sensitivity == .open,
                keyStart: start, keyEnd: Int32(keys.count))
        }
        return (layout, keys)
    }
}

extension FieldLayout.Form {
    init(_ type: FieldType) {
        switch type {
        case .group: self = .group
        case .text, .token, .uuid, .choice: self = .string
        case .date, .partialDate, .instant: self = .date
        case .integer: self = .integer
        case .boolean: self = .boolean
        }
    }
}

extension Schema {
    /// Appends the name of a field, without making a text of it.
    package func appendName(of field: FieldID, to output: inout [UInt8]) {
        keys.span.extracting(layout[Int(field)].name).withUnsafeBufferPointer { output.append(contentsOf: $0) }
    }
}
