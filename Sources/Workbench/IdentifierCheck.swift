import Mappings
import Referrals

/// Which kinds of identifier a text is by its form, and what is wrong with it where it nearly is one.
///
/// Never says what it should have been: a corrected number belongs to somebody else.
package struct IdentifierCheck: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case nhsNumber = "NHS number"
        case odsCode = "ODS code"
        case postcode
        case snomed = "SNOMED CT id"
        case gmc = "GMC number"
        case uuid = "UUID"
    }

    package struct Verdict: Sendable {
        package var kind: Kind
        package var isValid: Bool
        package var remark: String
    }

    package let text: String
    /// One for each kind the text is, or could have been meant as.
    package let verdicts: [Verdict]

    package var isValid: Bool { verdicts.contains(where: \.isValid) }

    package init(_ text: String) {
        self.text = text
        verdicts = Kind.allCases.compactMap { Self.verdict($0, Array(text.utf8)) }
    }

    private static func verdict(_ kind: Kind, _ bytes: [UInt8]) -> Verdict? {
        switch kind {
        case .nhsNumber: nhsNumber(bytes)
        case .odsCode: odsCode(bytes)
        case .postcode: postcode(bytes)
        case .snomed: snomed(bytes)
        case .gmc: gmc(bytes)
        case .uuid: uuid(bytes)
        }
    }

    private static func nhsNumber(_ bytes: [UInt8]) -> Verdict? {
        let digits = bytes.filter { $0 != 0x20 && $0 != 0x2D }
        guard digits.count >= 9, digits.count <= 11, digits.allSatisfy({ isDigit($0) }) else { return nil }
        switch NHSNumber.check(digits.span) {
        case .valid: return Verdict(kind: .nhsNumber, isValid: true, remark: "the check digit fits")
        case .validTest:
            return Verdict(
                kind: .nhsNumber, isValid: true,
                remark: "the check digit fits; from the ranges given to nobody, for tests")
        case .wrongLength:
            return Verdict(
                kind: .nhsNumber, isValid: false, remark: "it has \(digits.count) digits, and an NHS number has 10")
        case .notDigits: return nil
        case .repeatedDigit:
            return Verdict(kind: .nhsNumber, isValid: false, remark: "ten times the same digit is nobody's number")
        case .wrongCheckDigit:
            return Verdict(
                kind: .nhsNumber, isValid: false,
                remark: "the check digit does not fit: a digit is wrong or two are swapped")
        }
    }

    private static func odsCode(_ bytes: [UInt8]) -> Verdict? {
        guard bytes.count >= 3, bytes.count <= 12, bytes.contains(where: { isLetter($0) }),
            bytes.contains(where: { isDigit($0) })
        else { return nil }
        if Lexical.isODSCode(bytes.span) {
            return bytes.count <= 8
                ? Verdict(
                    kind: .odsCode, isValid: true,
                    remark: "the form fits; whether it exists only the ODS directory knows") : nil
        }
        guard bytes.allSatisfy({ isLetter($0) || isDigit($0) }), bytes.count <= 6 else { return nil }
        return Verdict(kind: .odsCode, isValid: false, remark: "letters must be capitals")
    }

    private static func postcode(_ bytes: [UInt8]) -> Verdict? {
        if Lexical.isPostcode(bytes.span) {
            return Verdict(
                kind: .postcode, isValid: true, remark: "the form fits; whether it exists only Royal Mail knows")
        }
        var letters = bytes.filter { $0 != 0x20 }.map { isLetter($0) ? $0 & 0xDF : $0 }
        guard letters.count >= 5, letters.count <= 7, letters.allSatisfy({ isLetter($0) || isDigit($0) }) else {
            return nil
        }
        letters.insert(0x20, at: letters.count - 3)
        guard Lexical.isPostcode(letters.span) else { return nil }
        return Verdict(
            kind: .postcode, isValid: false,
            remark: "it should be in capitals with one space before the last three; Linkway writes it so by itself")
    }

    private static func snomed(_ bytes: [UInt8]) -> Verdict? {
        guard bytes.count >= 6, bytes.count <= 18, bytes.allSatisfy({ isDigit($0) }), bytes.first != 0x30 else {
            return nil
        }
        if Lexical.isSNOMED(bytes.span) {
            return Verdict(
                kind: .snomed, isValid: true, remark: "the check digit fits; whether it exists only a release knows")
        }
        guard bytes.count != 10, bytes.count != 7 else { return nil }
        return Verdict(kind: .snomed, isValid: false, remark: "the check digit does not fit")
    }

    private static func gmc(_ bytes: [UInt8]) -> Verdict? {
        let digits = bytes.first.map { $0 | 0x20 } == 0x63 ? bytes.dropFirst() : bytes[...]
        guard digits.count == 7, digits.allSatisfy({ isDigit($0) }) else { return nil }
        return Verdict(kind: .gmc, isValid: true, remark: "seven digits, as GMC numbers have; they have no check digit")
    }

    private static func uuid(_ bytes: [UInt8]) -> Verdict? {
        let prefix = Array("urn:uuid:".utf8)
        let bare = bytes.starts(with: prefix) ? Array(bytes.dropFirst(prefix.count)) : bytes
        if Lexical.isUUID(bare.span) { return Verdict(kind: .uuid, isValid: true, remark: "the form fits") }
        guard bare.count >= 32, bare.count <= 38, bare.contains(0x2D) else { return nil }
        let lower = bare.map { isLetter($0) ? $0 | 0x20 : $0 }
        if Lexical.isUUID(lower.span) {
            return Verdict(kind: .uuid, isValid: true, remark: "the form fits; Linkway writes it in small letters")
        }
        return Verdict(kind: .uuid, isValid: false, remark: "it is not 8-4-4-4-12 hexadecimal digits")
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
    private static func isLetter(_ byte: UInt8) -> Bool { byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A }
}
