import Referrals

/// A piece of XML before it is written. Text is escaped here and nowhere else.
indirect enum XMLNode {
    case element(String, [(String, String)], [XMLNode])
    case text(String)

    /// An element without attributes, of the children that are there.
    static func of(_ name: String, _ children: [XMLNode?]) -> XMLNode { .element(name, [], children.compactMap { $0 }) }

    /// An element of FHIR with a value; `nil` without one, or with an empty one, which FHIR does not have.
    static func value(_ name: String, _ value: String?) -> XMLNode? {
        guard let value, !value.isEmpty else { return nil }
        return .element(name, [("value", value)], [])
    }

    /// Text for XHTML, in which its lines stay lines.
    static func lines(_ text: String) -> [XMLNode] {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        return lines.enumerated().flatMap { index, line -> [XMLNode] in
            (index == 0 ? [] : [.element("br", [], [])]) + [.text(String(line))]
        }
    }

    static func extending(_ url: String, _ children: [XMLNode?]) -> XMLNode {
        .element("extension", [("url", url)], children.compactMap { $0 })
    }

    /// Appends it, in one line.
    func write(into output: inout [UInt8]) {
        switch self {
        case .text(let text): Self.escape(text, into: &output)
        case .element(let name, let attributes, let children):
            output += Array("<\(name)".utf8)
            for (key, value) in attributes {
                output += Array(" \(key)=\"".utf8)
                Self.escape(value, into: &output)
                output.append(UInt8(ascii: "\""))
            }
            if children.isEmpty { return output += Array("/>".utf8) }
            output.append(UInt8(ascii: ">"))
            for child in children { child.write(into: &output) }
            output += Array("</\(name)>".utf8)
        }
    }

    /// XML 1.0, 2.2 and 2.4; characters that XML cannot have become the replacement character. Line ends are kept in
    /// attributes too.
    private static func escape(_ text: String, into output: inout [UInt8]) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": output += Array("&amp;".utf8)
            case "<": output += Array("&lt;".utf8)
            case ">": output += Array("&gt;".utf8)
            case "\"": output += Array("&quot;".utf8)
            case "\t", "\n", "\r": output += Array("&#\(scalar.value);".utf8)
            case "\u{20}"..."\u{D7FF}", "\u{E000}"..."\u{FFFD}", "\u{10000}"..."\u{10FFFF}":
                output += Array(String(scalar).utf8)
            default: output += Array("\u{FFFD}".utf8)
            }
        }
    }
}

/// Base64 (RFC 4648, 4).
enum Base64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func text(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        output.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let rest = bytes.count - start
            let word =
                UInt32(bytes[start]) << 16 | (rest > 1 ? UInt32(bytes[start + 1]) << 8 : 0)
                | (rest > 2 ? UInt32(bytes[start + 2]) : 0)
            output.append(digits[Int(word >> 18)])
            output.append(digits[Int(word >> 12 & 63)])
            output.append(rest > 1 ? digits[Int(word >> 6 & 63)] : UInt8(ascii: "="))
            output.append(rest > 2 ? digits[Int(word & 63)] : UInt8(ascii: "="))
        }
        return String(decoding: output, as: UTF8.self)
    }
}
