import Testing

@testable import Mappings

@Suite("NHS numbers")
struct ConverterNHSNumberTests {
    @Test(
        "published test numbers with a right check digit are taken",
        arguments: ["9476719931", "9912003888", "9990004951", "9990556512", "9510079685"])
    func right(number: String) throws { #expect(try convert(number) == .converted) }

    @Test(
        "published samples with a wrong check digit are refused",
        arguments: ["3478526985", "1234567890", "9057702151", "4857773456"])
    func wrong(number: String) throws { #expect(try convert(number) == .invalid(.nhsNumberCheckDigit)) }

    @Test("every change of one digit and every swap of two neighbours is noticed")
    func oneMistake() throws {
        let right = Array("9990000018".utf8)
        for index in 0..<10 {
            for digit in UInt8(0x30)...0x39 where digit != right[index] {
                var changed = right
                changed[index] = digit
                #expect(try convert(String(decoding: changed, as: UTF8.self)) != .converted)
            }
            guard index > 0, right[index] != right[index - 1] else { continue }
            var swapped = right
            swapped.swapAt(index, index - 1)
            #expect(try convert(String(decoding: swapped, as: UTF8.self)) != .converted)
        }
    }

    @Test("one digit repeated is refused, though it passes modulus 11", arguments: 0...9)
    func repeated(digit: Int) throws {
        #expect(try convert(String(repeating: "\(digit)", count: 10)) == .invalid(.nhsNumberPlaceholder))
    }

    @Test(
        "separators stand only between the groups, one at a time",
        arguments: [
            "999  000 0018", "9 990000018", "999 000 001 8", "999_000_0018", "999.000.0018", "999 000 0018-",
            "-9990000018",
            "NHS 999 000 0018", "999 000 0018 x",
        ])
    func separators(number: String) throws { #expect(try convert(number) == .invalid(.nhsNumberMalformed)) }

    @Test("a no-break space between the groups is a space")
    func noBreakSpace() throws { #expect(try convert("999\u{A0}000\u{A0}0018") == .converted) }

    private func convert(_ text: String) throws -> Conversion {
        let bytes = Array(text.utf8)
        var output = ConvertedValue()
        return try NHSNumberConverter(arguments: [:]).convert(bytes.span, into: &output)
    }
}
