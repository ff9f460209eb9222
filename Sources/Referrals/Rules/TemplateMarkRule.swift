import Reporting
import SourceDocuments

/// V21: no value still holds a mark that a template should have replaced: `@@x@@`, `__X__`, `%%x%%`, `_baseUrl_`.
enum TemplateMarkRule: Rule {
    static let number = "V21"
    static let summary = "no value holds a mark that a template should have replaced"
    static let codes = [RuleCode("template-mark", minimum: .reject, prsb: .reject)]

    /// Longer runs between two marks are text.
    private static let longest = 64
    private static let baseURL = "_baseurl_"

    /// Looks over the text of the whole referral once; only where two mark characters meet does it look at nodes.
    static func check(_ context: inout RuleContext) {
        guard mayHoldMark(context.referral.textBytes.span) else { return }
        let schema = context.referral.schema
        for node in 1..<UInt32(context.referral.nodes.count) {
            let field = context.referral.nodes[Int(node)].field
            guard !schema[field].isGroup, context.read(node, holdsMark) else { continue }
            context.report("template-mark", field, at: node)
        }
    }

    private static func mayHoldMark(_ text: Span<UInt8>) -> Bool {
        let marks = (UInt8(ascii: "@"), UInt8(ascii: "_"), UInt8(ascii: "%"))
        var index = text.firstIndex(of: marks, from: 0)
        while index + 1 < text.count {
            let (byte, next) = (text[index], text[index + 1])
            if byte == next || byte == UInt8(ascii: "_") && next | 0x20 == UInt8(ascii: "b") { return true }
            index = text.firstIndex(of: marks, from: index + 1)
        }
        return false
    }

    private static func isMark(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "@") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "%")
    }

    /// Whether a value holds a mark.
    static func holdsMark(_ text: Span<UInt8>) -> Bool {
        guard text.count >= 5 else { return false }
        for index in 0..<(text.count - 4) where isMark(text[index]) {
            if text[index] == text[index + 1], closesPair(text, at: index) { return true }
            if text[index] == UInt8(ascii: "_"), isBaseURL(text, at: index) { return true }
        }
        return false
    }

    /// `@@`, a word that begins with a letter, `@@`: and the same of `__` and `%%`.
    private static func closesPair(_ text: Span<UInt8>, at start: Int) -> Bool {
        let mark = text[start]
        var index = start + 2
        guard isLetter(text[index]) else { return false }
        let limit = min(text.count - 1, index + longest)
        while index < limit {
            if text[index] == mark, text[index + 1] == mark { return true }
            guard isWordByte(text[index]) else { return false }
            index += 1
        }
        return false
    }

    private static func isBaseURL(_ text: Span<UInt8>, at start: Int) -> Bool {
        guard text.count - start >= baseURL.utf8.count else { return false }
        var index = start
        for letter in baseURL.utf8 {
            let byte = text[index]
            guard letter == (byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte) else { return false }
            index += 1
        }
        return true
    }

    private static func isLetter(_ byte: UInt8) -> Bool { byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        isLetter(byte) || byte >= 0x30 && byte <= 0x39 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: ".")
    }
}
