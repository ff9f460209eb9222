import Mappings
import Referrals

/// What kind of value a text could be, judged by its form alone.
package enum ValueKind: String, Sendable, CaseIterable, Hashable {
    // From the most telling to the least.
    case nhsNumber = "NHS number"
    case uuid = "UUID"
    case dateTime = "date-time"
    case dateTimeUK = "date-time dd/MM/yyyy HH:mm"
    case timestamp = "date-time yyyyMMddHHmm"
    case dateUK = "date dd/MM/yyyy"
    case dateISO = "date yyyy-MM-dd"
    case dateDashed = "date dd-MM-yyyy"
    case dateNamed = "date dd-MMM-yyyy"
    case dateCompact = "date yyyyMMdd"
    case postcode = "postcode"
    case email = "email"
    case phone = "phone"
    case odsCode = "ODS code"
    case snomed = "SNOMED CT id"
    case boolean = "boolean"
    case integer = "integer"
    case oid = "OID"
    case uri = "URI"
    case code = "code"
    case base64 = "base64"
    case text = "text"

    /// The date format of the kind, as a rule writes it.
    var dateFormat: String? {
        switch self {
        case .dateUK: "dd/MM/yyyy"
        case .dateISO: "yyyy-MM-dd"
        case .dateDashed: "dd-MM-yyyy"
        case .dateNamed: "dd-MMM-yyyy"
        case .dateCompact: "yyyyMMdd"
        default: nil
        }
    }

    /// Every kind a text could be; `text` always.
    package static func all(of text: String) -> Set<ValueKind> {
        let form = TextForm(text)
        return Set(allCases.filter { form.isOf($0) })
    }
}

/// The tests behind ``ValueKind``, on one trimmed text.
private struct TextForm {
    let bytes: [UInt8]
    let digits: Int
    let letters: Int

    init(_ text: String) {
        var bytes = Array(text.utf8)
        while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
        self.bytes = Array(bytes.drop { $0 <= 0x20 })
        digits = self.bytes.count { Self.isDigit($0) }
        letters = self.bytes.count { Self.isLetter($0) }
    }

    func isOf(_ kind: ValueKind) -> Bool {
        switch kind {
        case .nhsNumber: NHSNumber.check(compact.span).isValid && bytes.count <= 12
        case .uuid: Lexical.isUUID(lowercased.span)
        case .dateTime: bytes.count >= 16 && matches("9999-99-99T99:99") && day(0..<4, 5..<7, 8..<10)
        case .dateTimeUK:
            (bytes.count == 16 || bytes.count == 19) && matches("99/99/9999 99:99") && day(6..<10, 3..<5, 0..<2)
        case .timestamp: bytes.count >= 12 && matches("999999999999") && day(0..<4, 4..<6, 6..<8)
        case .dateUK: bytes.count == 10 && matches("99/99/9999") && day(6..<10, 3..<5, 0..<2)
        case .dateDashed: bytes.count == 10 && matches("99-99-9999") && day(6..<10, 3..<5, 0..<2)
        case .dateNamed: isNamedDate
        case .dateISO: bytes.count == 10 && matches("9999-99-99") && day(0..<4, 5..<7, 8..<10)
        case .dateCompact: bytes.count == 8 && digits == 8 && day(0..<4, 4..<6, 6..<8)
        case .postcode: isPostcode
        case .email: isEmail
        case .phone: isPhone
        case .odsCode: bytes.count <= 8 && digits > 0 && letters > 0 && Lexical.isODSCode(bytes.span)
        case .snomed: Lexical.isSNOMED(bytes.span)
        case .boolean: Self.booleans.contains(String(decoding: lowercased, as: UTF8.self))
        case .integer: !bytes.isEmpty && bytes.count <= 9 && digits == bytes.count
        case .oid:
            bytes.count > 6 && bytes.count { $0 == 0x2E } >= 3 && digits + bytes.count { $0 == 0x2E } == bytes.count
        case .uri: starts(with: "http://") || starts(with: "https://") || starts(with: "urn:")
        case .code: isCode
        case .base64: isBase64
        case .text: true
        }
    }

    private static let booleans: Set<String> = ["true", "false", "yes", "no", "y", "n"]

    private var compact: [UInt8] { bytes.filter { $0 != 0x20 && $0 != 0x2D } }
    private var lowercased: [UInt8] { bytes.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 } }

    /// Whether the text begins so: `9` stands for a digit.
    private func matches(_ pattern: StaticString) -> Bool {
        let wanted = Array("\(pattern)".utf8)
        guard bytes.count >= wanted.count else { return false }
        return zip(bytes, wanted).allSatisfy { $1 == 0x39 ? Self.isDigit($0) : $0 == $1 }
    }

    private func starts(with text: StaticString) -> Bool { lowercased.starts(with: "\(text)".utf8) }

    private func day(_ year: Range<Int>, _ month: Range<Int>, _ day: Range<Int>) -> Bool {
        let number = { (range: Range<Int>) in bytes[range].reduce(0) { $0 * 10 + Int($1 & 0x0F) } }
        return (1850...2150).contains(number(year))
            && CalendarDay(year: number(year), month: number(month), day: number(day)) != nil
    }

    /// `07-Nov-1951`, with the English name of the month in three letters.
    private var isNamedDate: Bool {
        guard bytes.count == 11, bytes[2] == 0x2D, bytes[6] == 0x2D else { return false }
        let digits = Array(bytes[0..<2] + bytes[7..<11])
        guard digits.allSatisfy({ Self.isDigit($0) }) else { return false }
        let name = String(decoding: lowercased[3..<6], as: UTF8.self)
        guard let month = Self.months.firstIndex(of: name) else { return false }
        let numbers = digits.map { Int($0 & 0x0F) }
        let year = numbers[2...].reduce(0) { $0 * 10 + $1 }
        return (1850...2150).contains(year)
            && CalendarDay(year: year, month: month + 1, day: numbers[0] * 10 + numbers[1]) != nil
    }

    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]

    private var isPostcode: Bool {
        var upper = bytes.map { Self.isLetter($0) ? $0 & 0xDF : $0 }.filter { $0 != 0x20 }
        guard upper.count >= 5, upper.count <= 7 else { return false }
        upper.insert(0x20, at: upper.count - 3)
        return Lexical.isPostcode(upper.span)
    }

    private var isEmail: Bool {
        guard let at = bytes.firstIndex(of: 0x40), at > 0, !bytes.contains(0x20) else { return false }
        return bytes[(at + 1)...].contains(0x2E) && bytes.last != 0x2E
    }

    private var isPhone: Bool {
        let rest = starts(with: "tel:") ? bytes.dropFirst(4) : bytes[...]
        guard rest.first == 0x30 || rest.first == 0x2B, rest.count <= 20 else { return false }
        let allowed = rest.allSatisfy { Self.isDigit($0) || " +()-".utf8.contains($0) }
        return allowed && (10...13).contains(rest.count { Self.isDigit($0) })
    }

    /// Short, without spaces, and not simply a word.
    private var isCode: Bool {
        guard !bytes.isEmpty, bytes.count <= 24 else { return false }
        let allowed = bytes.allSatisfy { Self.isDigit($0) || Self.isLetter($0) || "._-:".utf8.contains($0) }
        let hasLower = bytes.contains { $0 >= 0x61 && $0 <= 0x7A }
        return allowed && (digits > 0 || !hasLower || bytes.contains(0x2D) || bytes.contains(0x5F))
    }

    private var isBase64: Bool {
        let text = bytes.filter { $0 > 0x20 }
        guard text.count >= 64, text.count % 4 == 0 else { return false }
        return text.allSatisfy { Self.isDigit($0) || Self.isLetter($0) || "+/=".utf8.contains($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A }
}
