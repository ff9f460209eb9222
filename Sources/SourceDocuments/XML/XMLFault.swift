import CLibXML2
import Reporting

/// An error of libxml2, told in plain words. Its own messages quote the document, so they are not used.
struct XMLFault {
    var domain: Int
    var code: Int
    /// How far libxml2 had read.
    var cursor: Int

    /// What is wrong, or `nil` when it does no harm.
    func problem(in tape: XMLTape) -> ReadProblem? {
        if code == number(XML_WAR_NS_URI) { return nil }
        if isInUnclosedTag(in: tape) { return truncated(in: tape) }
        if isNamespaceFault { return namespaceProblem(in: tape) }
        if code == number(XML_ERR_TAG_NAME_MISMATCH) { return mismatch(in: tape) }
        if isCutOff(in: tape) { return truncated(in: tape) }
        if code == number(XML_ERR_NAME_TOO_LONG) {
            return ReadProblem("limit-text", at: cursor, "a name is longer than this channel takes")
        }
        return ReadProblem("xml-malformed", at: place(in: tape), Self.messages[code] ?? "the XML is broken here")
    }

    /// A document type declaration, wherever it points.
    static func doctype(in tape: XMLTape, cursor: Int) -> ReadProblem {
        let start = XMLFault(domain: 0, code: 0, cursor: cursor).last(UInt8(ascii: "<"), in: tape)
        return ReadProblem("xml-doctype", at: start, "the document has a document type declaration")
    }

    // MARK: Truncation

    /// Whether the fault lies in a last tag that is never closed: whatever libxml2 says of it, the rest is missing.
    private func isInUnclosedTag(in tape: XMLTape) -> Bool {
        var index = tape.textLength - 1
        while index > 0, tape.source[index] != UInt8(ascii: "<"), tape.source[index] != UInt8(ascii: ">") { index -= 1 }
        return index >= 0 && tape.source[index] == UInt8(ascii: "<") && cursor >= index
    }

    /// Whether the parser ran out of document rather than into something wrong.
    private func isCutOff(in tape: XMLTape) -> Bool {
        guard code != number(XML_ERR_ATTRIBUTE_REDEFINED) else { return false }
        var index = cursor
        while index < tape.textLength, [0x20, 0x0A, 0x0D, 0x09].contains(tape.source[index]) { index += 1 }
        return index >= tape.textLength
    }

    private func truncated(in tape: XMLTape) -> ReadProblem {
        guard tape.current != 0 else {
            return ReadProblem(
                "xml-truncated", at: tape.textLength, "the document ends before its root element is complete")
        }
        let (name, line) = openElement(in: tape)
        return ReadProblem(
            "xml-truncated", at: tape.textLength, "the document ends inside `\(name)`, which was opened at line \(line)"
        )
    }

    // MARK: Tags and namespaces

    private func mismatch(in tape: XMLTape) -> ReadProblem {
        let (name, line) = openElement(in: tape)
        return ReadProblem(
            "xml-malformed", at: last(UInt8(ascii: "<"), in: tape),
            "the end tag does not match the start tag `\(name)` opened at line \(line)",
            help: "close `\(name)` before this place, or ask the sender to send the whole file again")
    }

    private func openElement(in tape: XMLTape) -> (name: String, line: Int) {
        let node = tape.document.nodes[Int(tape.current)]
        return (
            DocumentName.shown(tape.document.symbols.name(node.name)),
            Lines.position(at: Int(node.start), in: tape.source).line
        )
    }

    private var isNamespaceFault: Bool {
        domain == Int(XML_FROM_NAMESPACE.rawValue)
            || (code >= number(XML_NS_ERR_XML_NAMESPACE) && code <= number(XML_NS_ERR_COLON))
    }

    private func namespaceProblem(in tape: XMLTape) -> ReadProblem {
        let message =
            switch code {
            case number(XML_NS_ERR_UNDEFINED_NAMESPACE): "a prefix is used here that no `xmlns:` declares"
            case number(XML_NS_ERR_ATTRIBUTE_REDEFINED): "one tag has the same attribute twice, under two prefixes"
            case number(XML_NS_ERR_EMPTY): "a prefix is declared with an empty namespace"
            default: "a name or a namespace declaration here is not allowed"
            }
        return ReadProblem("xml-namespace", at: last(UInt8(ascii: "<"), in: tape), message)
    }

    // MARK: Places

    private func place(in tape: XMLTape) -> Int {
        code == number(XML_ERR_ATTRIBUTE_REDEFINED) ? last(UInt8(ascii: "<"), in: tape) : cursor
    }

    /// The nearest such byte before the cursor.
    private func last(_ byte: UInt8, in tape: XMLTape) -> Int {
        var index = min(cursor, tape.textLength) - 1
        while index > 0, tape.source[index] != byte { index -= 1 }
        return max(index, 0)
    }

    private static let messages: [Int: String] = [
        number(XML_ERR_DOCUMENT_EMPTY): "a start tag is expected here",
        number(XML_ERR_DOCUMENT_END): "something follows the end of the root element",
        number(XML_ERR_INVALID_HEX_CHARREF): "a character reference is not a hexadecimal number",
        number(XML_ERR_INVALID_DEC_CHARREF): "a character reference is not a number",
        number(XML_ERR_INVALID_CHAR): "a character stands here that XML does not allow",
        number(XML_ERR_ENTITYREF_NO_NAME): "an ampersand stands alone; write it as `&amp;`",
        number(XML_ERR_ENTITYREF_SEMICOL_MISSING): "an ampersand begins no reference here; write it as `&amp;`",
        number(XML_ERR_UNDECLARED_ENTITY): "an entity is used that XML does not define",
        number(XML_ERR_LT_IN_ATTRIBUTE): "a `<` stands in an attribute; a closing quote may be missing before it",
        number(XML_ERR_ATTRIBUTE_NOT_STARTED): "an attribute's value must stand in quotes",
        number(XML_ERR_ATTRIBUTE_NOT_FINISHED): "an attribute's closing quote is missing",
        number(XML_ERR_ATTRIBUTE_WITHOUT_VALUE): "an attribute has no value",
        number(XML_ERR_ATTRIBUTE_REDEFINED): "one tag has the same attribute twice",
        number(XML_ERR_COMMENT_NOT_FINISHED): "a comment is not closed",
        number(XML_ERR_HYPHEN_IN_COMMENT): "two hyphens stand inside a comment",
        number(XML_ERR_PI_NOT_FINISHED): "a processing instruction is not closed",
        number(XML_ERR_XMLDECL_NOT_FINISHED): "the XML declaration is not closed",
        number(XML_ERR_MISPLACED_CDATA_END): "`]]>` stands in text",
        number(XML_ERR_CDATA_NOT_FINISHED): "a CDATA section is not closed",
        number(XML_ERR_RESERVED_XML_NAME):
            "an XML declaration stands here, and it may stand only at the very beginning",
        number(XML_ERR_SPACE_REQUIRED): "a space is missing between attributes",
        number(XML_ERR_NAME_REQUIRED): "a name is expected here; write a plain `<` as `&lt;`",
        number(XML_ERR_GT_REQUIRED): "a `>` is missing",
        number(XML_ERR_VERSION_MISSING): "the XML declaration names no version",
        number(XML_ERR_UNKNOWN_VERSION): "the XML declaration names a version that is not read here",
        number(XML_ERR_ENCODING_NAME): "the XML declaration names no valid encoding",
        number(XML_ERR_STANDALONE_VALUE): "`standalone` is neither yes nor no",
    ]

    private func number(_ code: xmlParserErrors) -> Int { Self.number(code) }
    private static func number(_ code: xmlParserErrors) -> Int { Int(code.rawValue) }
}
