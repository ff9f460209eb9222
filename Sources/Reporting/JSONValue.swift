/// A JSON value to be written: for reports and findings, never for referrals.
public indirect enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(Int)
    /// A number as it is to be written, such as `0.98`.
    case decimal(String)
    case string(String)
    case array([JSONValue])
    /// Members in the order given.
    case object([Member])

    public struct Member: Sendable, Equatable {
        public var key: String
        public var value: JSONValue

        public init(key: String, value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// An object; members that are `nil` are left out.
    public static func members(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        .object(members.compactMap { member in member.value.map { Member(key: member.key, value: $0) } })
    }

    /// JSON text: one line, or indented by two spaces.
    public func text(pretty: Bool = false) -> String {
        var output = ""
        write(to: &output, indent: pretty ? 0 : nil)
        return output
    }

    private func write(to output: inout String, indent: Int?) {
        switch self {
        case .null: output += "null"
        case .bool(let value): output += value ? "true" : "false"
        case .number(let value): output += String(value)
        case .decimal(let value): output += value
        case .string(let value): Self.write(value, to: &output)
        case .array(let items):
            Self.writeList(items.count, "[", "]", to: &output, indent) { items[$0].write(to: &$1, indent: $2) }
        case .object(let members):
            Self.writeList(members.count, "{", "}", to: &output, indent) { index, output, inner in
                Self.write(members[index].key, to: &output)
                output += inner == nil ? ":" : ": "
                members[index].value.write(to: &output, indent: inner)
            }
        }
    }

    private static func writeList(
        _ count: Int, _ open: String, _ close: String, to output: inout String, _ indent: Int?,
        _ item: (Int, inout String, Int?) -> Void
    ) {
        output += open
        let inner = indent.map { $0 + 1 }
        for index in 0..<count {
            if index > 0 { output += "," }
            if let inner { output += "\n" + String(repeating: "  ", count: inner) }
            item(index, &output, inner)
        }
        if count > 0, let indent { output += "\n" + String(repeating: "  ", count: indent) }
        output += close
    }

    private static func write(_ text: String, to output: inout String) {
        output += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case _ where scalar.isMisleading:
                let hex = String(scalar.value, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: output.unicodeScalars.append(scalar)
            }
        }
        output += "\""
    }
}

extension JSONValue {
    public static func text(_ value: String?) -> JSONValue? { value.map { .string($0) } }
}
