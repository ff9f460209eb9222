extension Unicode.Scalar {
    /// Whether a terminal or a reader could be misled by it: C0, DEL and C1 controls, the line and paragraph separators,
    /// and the controls of writing direction (Unicode Standard Annex 9).
    public var isMisleading: Bool {
        switch value {
        case 0..<0x20, 0x7F...0x9F, 0x61C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}

extension String {
    /// The text on one line, with what could mislead written out as `\u{1B}`.
    /// - Parameter limit: Characters; of a longer text the middle is left out, so that its ending can be seen.
    public func printable(limit: Int = .max) -> String {
        let written = unicodeScalars.contains(where: \.isMisleading) ? escaped : self
        guard written.count > limit else { return written }
        let end = limit / 4
        return written.prefix(limit - end - 1) + "…" + written.suffix(end)
    }

    /// A name of a file as messages and reports show it: ``printable(limit:)`` and at most 120 characters.
    public var printableName: String { printable(limit: 120) }

    private var escaped: String {
        var result = ""
        for scalar in unicodeScalars {
            if scalar.isMisleading {
                result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

/// What findings and reports may show of the names that stand in a document.
///
/// Who writes a document chooses its names, and a JSON key or an element can be named after a person. So a name is shown
/// only when it looks like one that a program has: that is a guard against mishaps, not a proof.
public enum DocumentName {
    /// Stands for a name that is not shown.
    public static let withheld = "‹name withheld›"

    /// The name of an element, attribute, member or resource type, or ``withheld``.
    public static func shown(_ name: String) -> String { isTellable(name) ? name : withheld }

    /// The name of a column, which is written in words: each of them must be one that may be told.
    public static func shown(column name: String) -> String {
        let isTellable = name.count <= 40 && name.split(separator: " ").allSatisfy { Self.isTellable(String($0)) }
        return isTellable ? name : withheld
    }

    /// A namespace, or ``withheld``.
    public static func shown(namespace: String) -> String { isTellable(namespace: namespace) ? namespace : withheld }

    /// At most 40 letters, digits and `_ - . :`, and no eight digits in a row, whatever of these stands between them.
    public static func isTellable(_ name: String) -> Bool {
        if let answer = isTellable(ascii: name.utf8) { return answer }
        guard name.utf8.count <= 40 || name.count <= 40 else { return false }
        var digits = 0
        for scalar in name.unicodeScalars {
            switch scalar {
            case "0"..."9": digits += 1
            case "_", "-", ".", ":": break
            default:
                guard scalar.properties.isAlphabetic else { return false }
                digits = 0
            }
            if digits >= 8 { return false }
        }
        return true
    }

    /// The same of a name in US-ASCII, as nearly all are, without a look at the tables of Unicode; `nil` for any other.
    private static func isTellable(ascii name: String.UTF8View) -> Bool? {
        var digits = 0
        var isTellable = name.count <= 40
        for byte in name {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): digits = 0
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
            case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"): break
            case 0x80...: return nil
            default: isTellable = false
            }
            if digits >= 8 { isTellable = false }
        }
        return isTellable
    }

    /// A `urn:`, `http:` or `https:` of at most 100 plain characters, without nine digits in a row, hyphens between them
    /// or not.
    public static func isTellable(namespace: String) -> Bool {
        guard namespace.utf8.count <= 100, ["urn:", "http:", "https:"].contains(where: { namespace.hasPrefix($0) })
        else {
            return false
        }
        var digits = 0
        for byte in namespace.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
            case UInt8(ascii: "-"), UInt8(ascii: "_"): break
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: ":"),
                UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "#"), UInt8(ascii: "~"), UInt8(ascii: "+"):
                digits = 0
            default: return false
            }
            if digits >= 9 { return false }
        }
        return true
    }
}
