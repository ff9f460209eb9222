import Referrals

/// A piece of FHIR JSON before it is written. FHIR has no empty objects or lists, so neither can be made here.
indirect enum Element: ExpressibleByStringLiteral {
    case text(String)
    /// A number or boolean, written as it is.
    case bare(String)
    case list([Element])
    case object([(key: String, value: Element)])

    init(stringLiteral value: String) { self = .text(value) }

    /// An object of the members that are there; `nil` when none is.
    static func members(_ members: KeyValuePairs<String, Element?>) -> Element? {
        let present = members.compactMap { member in member.value.map { (key: member.key, value: $0) } }
        return present.isEmpty ? nil : .object(present)
    }

    /// A list of what is there; `nil` when nothing is.
    static func items(_ items: [Element?]) -> Element? {
        let present = items.compactMap { $0 }
        return present.isEmpty ? nil : .list(present)
    }

    static func texts(_ items: [String]) -> Element? { Self.items(items.map { .text($0) }) }

    static func text(_ value: String?) -> Element? { value.map { .text($0) } }

    /// Items, then those of other lists, as one list.
    static func joined(_ items: [Element?], _ lists: Element?...) -> Element? {
        var all = items.compactMap { $0 }
        for case .list(let more)? in lists { all += more }
        return .items(all)
    }

    /// Appends the JSON, one line, members in the order they were made.
    func write(into output: inout [UInt8]) {
        switch self {
        case .text(let value): Self.string(value, into: &output)
        case .bare(let value): output.append(contentsOf: value.utf8)
        case .list(let items):
            output.append(UInt8(ascii: "["))
            for (place, item) in items.enumerated() {
                if place > 0 { output.append(UInt8(ascii: ",")) }
                item.write(into: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let members):
            output.append(UInt8(ascii: "{"))
            for (place, member) in members.enumerated() {
                if place > 0 { output.append(UInt8(ascii: ",")) }
                Self.string(member.key, into: &output)
                output.append(UInt8(ascii: ":"))
                member.value.write(into: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    /// A JSON string (RFC 8259, 7): quotes, backslashes and control characters escaped, all else as it is.
    private static func string(_ value: String, into output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
            case 0x0A: output += "\\n".utf8
            case 0x0D: output += "\\r".utf8
            case 0x09: output += "\\t".utf8
            case 0..<0x20: output += [0x5C, 0x75, 0x30, 0x30, hexDigit(byte >> 4), hexDigit(byte & 15)]
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }

    private static func hexDigit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x57 + nibble }
}
