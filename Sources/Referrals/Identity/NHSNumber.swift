/// The lexical rule of NHS numbers (NHS Data Dictionary, NHS NUMBER). Checks; never repairs.
package enum NHSNumber {
    package enum Verdict: Sendable, Hashable {
        case valid
        /// Valid, and from the 9xx ranges, which are made for tests and given to nobody.
        case validTest
        /// Not ten characters.
        case wrongLength
        /// Something other than digits.
        case notDigits
        /// Ten times the same digit: it may satisfy the check digit and is never a person's.
        case repeatedDigit
        /// The tenth digit is not the check digit of the nine before it.
        case wrongCheckDigit

        package var isValid: Bool { self == .valid || self == .validTest }
    }

    /// Judges ten ASCII digits without spaces. Weights 10 to 2, modulus 11; 11 counts as 0 and 10 is no number at all.
    package static func check(_ digits: Span<UInt8>) -> Verdict {
        guard digits.count == 10 else { return .wrongLength }
        var sum = 0
        var isRepeated = true
        for index in 0..<10 {
            guard digits[index] >= 0x30, digits[index] <= 0x39 else { return .notDigits }
            if index < 9 { sum += Int(digits[index] & 0x0F) * (10 - index) }
            if digits[index] != digits[0] { isRepeated = false }
        }
        if isRepeated { return .repeatedDigit }
        let check = Int(digits[9] & 0x0F)
        let remainder = (11 - sum % 11) % 11
        guard remainder == check else { return .wrongCheckDigit }
        return digits[0] == UInt8(ascii: "9") ? .validTest : .valid
    }
}
