/// Numbers in texts.
enum PathNumber {
    /// XPath 1.0, section 4.4: digits with at most one point and one minus, white space around; else NaN.
    static func xpath(_ bytes: ArraySlice<UInt8>) -> Double {
        let text = trimmed(bytes)
        var index = text.startIndex
        let isNegative = index < text.endIndex && text[index] == 0x2D
        if isNegative { index += 1 }
        let digits = text[index...]
        var points = 0
        for byte in digits {
            if byte == 0x2E { points += 1 } else if !PathScanner.isDigit(byte) { return .nan }
        }
        guard points <= 1, digits.count > points else { return .nan }
        let value = decimal(digits)
        return isNegative ? -value : value
    }

    /// The value of digits with at most one point and perhaps an exponent, correctly rounded.
    static func decimal(_ digits: ArraySlice<UInt8>) -> Double {
        if digits.count <= 15, let value = short(digits) { return value }
        var text = String(decoding: digits, as: UTF8.self)
        if text.hasPrefix(".") { text = "0" + text }
        if text.hasSuffix(".") { text += "0" }
        return Double(text) ?? .nan
    }

    /// Up to fifteen digits: both the digits and the power of ten are exact, so one division rounds correctly.
    private static func short(_ digits: ArraySlice<UInt8>) -> Double? {
        var value = 0
        var places = 0
        var isFraction = false
        for byte in digits {
            if byte == 0x2E {
                isFraction = true
            } else if PathScanner.isDigit(byte) {
                value = value * 10 + Int(byte - 0x30)
                if isFraction { places += 1 }
            } else {
                return nil
            }
        }
        return Double(value) / powers[places]
    }

    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]

    /// Whether bytes are a number as JSON and FHIR write it: `-12.50e3`, no leading zeros asked for.
    static func isDecimal(_ bytes: ArraySlice<UInt8>) -> Bool {
        var index = bytes.startIndex
        func digits() -> Int {
            var count = 0
            while index < bytes.endIndex, PathScanner.isDigit(bytes[index]) {
                index += 1
                count += 1
            }
            return count
        }
        if index < bytes.endIndex, bytes[index] == 0x2D { index += 1 }
        guard digits() > 0 else { return false }
        if index < bytes.endIndex, bytes[index] == 0x2E {
            index += 1
            guard digits() > 0 else { return false }
        }
        if index < bytes.endIndex, bytes[index] | 0x20 == 0x65 {
            index += 1
            if index < bytes.endIndex, bytes[index] == 0x2B || bytes[index] == 0x2D { index += 1 }
            guard digits() > 0 else { return false }
        }
        return index == bytes.endIndex
    }

    /// Compares two numbers as written, exactly. -1, 0 or 1. Both must satisfy ``isDecimal(_:)``.
    static func compare(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Int {
        if left == right { return 0 }
        let first = Parts(left)
        let second = Parts(right)
        if first.sign != second.sign { return first.sign < second.sign ? -1 : 1 }
        if first.sign == 0 { return 0 }
        return first.sign * compareSizes(first, left, second, right)
    }

    private static func compareSizes(
        _ first: Parts, _ left: ArraySlice<UInt8>, _ second: Parts, _ right: ArraySlice<UInt8>
    ) -> Int {
        if first.magnitude != second.magnitude { return first.magnitude < second.magnitude ? -1 : 1 }
        var leftIndex = first.first
        var rightIndex = second.first
        while true {
            let leftDigit = nextDigit(left, &leftIndex, first.end)
            let rightDigit = nextDigit(right, &rightIndex, second.end)
            guard leftDigit != nil || rightDigit != nil else { return 0 }
            let a = leftDigit ?? 0x30
            let b = rightDigit ?? 0x30
            if a != b { return a < b ? -1 : 1 }
        }
    }

    private static func nextDigit(_ bytes: ArraySlice<UInt8>, _ index: inout Int, _ end: Int) -> UInt8? {
        if index < end, bytes[index] == 0x2E { index += 1 }
        guard index < end else { return nil }
        defer { index += 1 }
        return bytes[index]
    }

    /// A number taken apart: its sign, its first digit that is not zero and the power of ten of that digit.
    private struct Parts {
        var sign = 0
        var first: Int
        /// Where the digits end and the exponent may begin.
        var end: Int
        var magnitude = 0

        init(_ bytes: ArraySlice<UInt8>) {
            first = bytes.startIndex
            end = first
            let isNegative = bytes.first == 0x2D
            if isNegative { first += 1 }
            end = first
            var point: Int?
            while end < bytes.endIndex, bytes[end] | 0x20 != 0x65 {
                if bytes[end] == 0x2E { point = end }
                end += 1
            }
            let whole = point ?? end
            while first < end, bytes[first] == 0x30 || bytes[first] == 0x2E { first += 1 }
            guard first < end else { return }
            sign = isNegative ? -1 : 1
            magnitude = first < whole ? whole - first - 1 : whole - first
            magnitude += Self.exponent(bytes[end...])
        }

        /// The exponent after `e`, held within ± a billion.
        static func exponent(_ bytes: ArraySlice<UInt8>) -> Int {
            var value = 0
            var isNegative = false
            for byte in bytes.dropFirst() {
                if byte == 0x2D { isNegative = true }
                if PathScanner.isDigit(byte) { value = min(value * 10 + Int(byte - 0x30), 1_000_000_000) }
            }
            return isNegative ? -value : value
        }
    }

    /// XPath 1.0, section 4.2: no exponent, no point in a whole number, no minus before zero.
    static func xpathText(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
        if value == 0 { return "0" }
        if let whole = Int(exactly: value) { return String(whole) }
        return withoutExponent(value.description)
    }

    private static func withoutExponent(_ text: String) -> String {
        let parts = text.split(separator: "e")
        guard parts.count == 2, let power = Int(parts[1]) else {
            return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
        }
        let isNegative = parts[0].hasPrefix("-")
        let mantissa = parts[0].drop { $0 == "-" }.split(separator: ".")
        let fraction = mantissa.count > 1 && mantissa[1] != "0" ? mantissa[1] : ""
        let digits = mantissa[0] + fraction
        let point = mantissa[0].count + power
        var result = isNegative ? "-" : ""
        if point <= 0 {
            result += "0." + String(repeating: "0", count: -point) + digits
        } else if point >= digits.count {
            result += digits + String(repeating: "0", count: point - digits.count)
        } else {
            result += digits.prefix(point) + "." + digits.dropFirst(point)
        }
        return result
    }

    static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var text = bytes
        while let first = text.first, PathScanner.isSpace(first) { text.removeFirst() }
        while let last = text.last, PathScanner.isSpace(last) { text.removeLast() }
        return text
    }
}
