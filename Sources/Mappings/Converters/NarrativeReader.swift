/// Walks through markup and hands its text to a ``NarrativeWriter``. Tags must nest; comments, processing instructions
/// and document types are passed over, as are scripts and style sheets, which are no text.
///
/// Allocates nothing: open tags stand in a fixed stack, and markup nested deeper is refused.
struct NarrativeReader {
    /// A tag that was opened and not yet closed.
    private struct OpenTag {
        var nameStart: Int32 = 0
        var nameEnd: Int32 = 0
        var element = NarrativeElement.inline
        /// The address of a link, to be written behind its text.
        var addressStart: Int32 = 0
        var addressEnd: Int32 = 0
    }

    private static let deepest = 100

    private var open: [100 of OpenTag] = .init(repeating: OpenTag())
    private var depth = 0
    private var writer = NarrativeWriter()

    /// Writes the plain text of some markup; `false` when it is broken, and then what was written means nothing.
    mutating func read(_ text: Span<UInt8>, into bytes: inout [UInt8]) -> Bool {
        guard text.count < Int(Int32.max) else { return false }
        var at = 0
        while at < text.count {
            switch text[at] {
            case 0x3C where Self.beginsMarkup(text, at: at):
                guard readMarkup(text, &at, into: &bytes) else { return false }
            case 0x26:
                readReference(text, &at, into: &bytes)
            default:
                writer.writeText(text, &at, into: &bytes)
            }
        }
        return depth == 0
    }

    /// A `<` that no name, `/`, `!` or `?` follows is a sign of its own, as in `3 < 5`.
    static func beginsMarkup(_ text: Span<UInt8>, at index: Int) -> Bool {
        guard index + 1 < text.count else { return false }
        let next = text[index + 1]
        return next.isLetter || next == 0x5F || next == 0x2F || next == 0x21 || next == 0x3F
    }

    // MARK: Markup

    private mutating func readMarkup(_ text: Span<UInt8>, _ at: inout Int, into bytes: inout [UInt8]) -> Bool {
        switch text[at + 1] {
        case 0x2F: return readEndTag(text, &at, into: &bytes)
        case 0x3F: return Self.pass("?>", text, &at, from: at + 2)
        case 0x21: return readDeclaration(text, &at, into: &bytes)
        default: return readStartTag(text, &at, into: &bytes)
        }
    }

    private mutating func readDeclaration(_ text: Span<UInt8>, _ at: inout Int, into bytes: inout [UInt8]) -> Bool {
        if text.hasPrefix("<!--", at: at) { return Self.pass("-->", text, &at, from: at + 4) }
        if text.hasPrefix("<![cdata[", at: at) { return readCDATA(text, &at, into: &bytes) }
        return text.hasPrefix("<!doctype", at: at) && Self.pass(">", text, &at, from: at + 9)
    }

    private mutating func readCDATA(_ text: Span<UInt8>, _ at: inout Int, into bytes: inout [UInt8]) -> Bool {
        let start = at + 9
        guard Self.pass("]]>", text, &at, from: start) else { return false }
        let content = text.extracting(start..<at - 3)
        var index = 0
        while index < content.count { writer.writeCharacter(content, &index, into: &bytes) }
        return true
    }

    private mutating func readStartTag(_ text: Span<UInt8>, _ at: inout Int, into bytes: inout [UInt8]) -> Bool {
        let name = Self.name(text, from: at + 1)
        let attributes = name.upperBound
        guard let end = Self.tagEnd(text, from: attributes) else { return false }
        let isEmpty = text[end - 2] == 0x2F && end - 2 >= attributes
        at = end
        let element = NarrativeElement(text.extracting(Self.localName(text, name)))
        if element == .hidden { return isEmpty || Self.passHidden(name, text, &at) }
        var tag = OpenTag(nameStart: Int32(name.lowerBound), nameEnd: Int32(name.upperBound), element: element)
        describe(&tag, text.extracting(attributes..<end), at: attributes)
        write(tag, text.extracting(attributes..<end), into: &bytes)
        if isEmpty || element.isVoid {
            if !element.isVoid { close(tag, text, into: &bytes) }
            return true
        }
        guard depth < Self.deepest else { return false }
        open[depth] = tag
        depth += 1
        return true
    }

    private mutating func readEndTag(_ text: Span<UInt8>, _ at: inout Int, into bytes: inout [UInt8]) -> Bool {
        let name = Self.name(text, from: at + 2)
        guard !name.isEmpty, let end = Self.tagEnd(text, from: name.upperBound) else { return false }
        at = end
        if NarrativeElement(text.extracting(Self.localName(text, name))).isVoid { return true }
        guard depth > 0 else { return false }
        let tag = open[depth - 1]
        guard Self.isSame(text, name, Int(tag.nameStart)..<Int(tag.nameEnd)) else { return false }
        depth -= 1
        close(tag, text, into: &bytes)
        return true
    }

    /// Notes what an element's attributes change: a deletion, the address of a link.
    private func describe(_ tag: inout OpenTag, _ attributes: Span<UInt8>, at start: Int) {
        if attributes.count <= 2 { return }
        if let revised = Self.attribute("revised", attributes), attributes.hasPrefix("delete", at: revised.lowerBound) {
            tag.element = .deleted
        }
        if tag.element == .link, let address = Self.attribute("href", attributes), !address.isEmpty {
            tag.addressStart = Int32(start + address.lowerBound)
            tag.addressEnd = Int32(start + address.upperBound)
        }
    }

    private mutating func write(_ tag: OpenTag, _ attributes: Span<UInt8>, into bytes: inout [UInt8]) {
        writer.open(tag.element, into: &bytes)
        guard tag.element == .picture || tag.element == .media else { return }
        let name: StaticString = tag.element == .picture ? "alt" : "referencedobject"
        if let words = Self.attribute(name, attributes) {
            if !words.isEmpty { writeBracketed(attributes.extracting(words), into: &bytes) }
        } else {
            writer.writeWords("[picture]", into: &bytes)
        }
    }

    private mutating func close(_ tag: OpenTag, _ text: Span<UInt8>, into bytes: inout [UInt8]) {
        writer.close(tag.element, into: &bytes)
        let address = Int(tag.addressStart)..<Int(tag.addressEnd)
        guard !address.isEmpty, text[address.lowerBound] != 0x23 else { return }
        guard !Self.ends(bytes, with: text.extracting(address)) else { return }
        writer.writeWords(" (", into: &bytes)
        writeAttribute(text.extracting(address), into: &bytes)
        writer.writeWords(")", into: &bytes)
    }

    private mutating func writeBracketed(_ words: Span<UInt8>, into bytes: inout [UInt8]) {
        writer.writeWords("[", into: &bytes)
        writeAttribute(words, into: &bytes)
        writer.writeWords("]", into: &bytes)
    }

    private mutating func writeAttribute(_ value: Span<UInt8>, into bytes: inout [UInt8]) {
        var index = 0
        while index < value.count {
            if value[index] == 0x26 {
                readReference(value, &index, into: &bytes)
            } else {
                writer.writeCharacter(value, &index, into: &bytes)
            }
        }
    }

    // MARK: References

    /// `&name;` and `&#number;`. What is none of them is written as it stands, so that nothing is lost.
    private mutating func readReference(_ text: Span<UInt8>, _ at: inout Int, into bytes: inout [UInt8]) {
        guard let (scalar, end) = NarrativeReferences.read(text, at: at) else {
            return writer.writeCharacter(text, &at, into: &bytes)
        }
        at = end
        writer.writeScalar(scalar, into: &bytes)
    }

    // MARK: Scanning

    private static func pass(_ end: StaticString, _ text: Span<UInt8>, _ at: inout Int, from start: Int) -> Bool {
        var index = start
        while index < text.count {
            if text.hasPrefix(end, at: index) {
                at = index + end.utf8CodeUnitCount
                return true
            }
            index += 1
        }
        return false
    }

    /// Passes over a script or style sheet up to its end tag.
    private static func passHidden(_ name: Range<Int>, _ text: Span<UInt8>, _ at: inout Int) -> Bool {
        var index = at
        while index + 2 + name.count <= text.count {
            if text[index] == 0x3C, text[index + 1] == 0x2F, isSame(text, name, index + 2..<index + 2 + name.count) {
                return pass(">", text, &at, from: index + 2 + name.count)
            }
            index += 1
        }
        return false
    }

    private static func name(_ text: Span<UInt8>, from start: Int) -> Range<Int> {
        var end = start
        while end < text.count, isNameByte(text[end]) { end += 1 }
        return start..<end
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte.isLetter || byte.isDigit || byte == 0x2D || byte == 0x2E || byte == 0x3A || byte == 0x5F || byte >= 0x80
    }

    private static func localName(_ text: Span<UInt8>, _ name: Range<Int>) -> Range<Int> {
        for index in name where text[index] == 0x3A { return index + 1..<name.upperBound }
        return name
    }

    private static func isSame(_ text: Span<UInt8>, _ left: Range<Int>, _ right: Range<Int>) -> Bool {
        guard left.count == right.count else { return false }
        for offset in 0..<left.count {
            let other = text[right.lowerBound + offset]
            if text[left.lowerBound + offset].asciiLowercased != other.asciiLowercased { return false }
        }
        return true
    }

    /// The offset behind the `>` of a tag, quoted values passed over.
    private static func tagEnd(_ text: Span<UInt8>, from start: Int) -> Int? {
        var index = start
        var quote: UInt8 = 0
        while index < text.count {
            let byte = text[index]
            index += 1
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == 0x22 || byte == 0x27 {
                quote = byte
            } else if byte == 0x3E {
                return index
            } else if byte == 0x3C {
                return nil
            }
        }
        return nil
    }

    /// The value of an attribute of a tag, its name compared without case, or `nil`.
    private static func attribute(_ wanted: StaticString, _ tag: Span<UInt8>) -> Range<Int>? {
        var at = 0
        while at < tag.count {
            let name = name(tag, from: at)
            guard !name.isEmpty else {
                at += 1
                continue
            }
            at = name.upperBound
            let value = attributeValue(tag, &at)
            if name.count == wanted.utf8CodeUnitCount, tag.hasPrefix(wanted, at: name.lowerBound) { return value }
        }
        return nil
    }

    private static func attributeValue(_ tag: Span<UInt8>, _ at: inout Int) -> Range<Int> {
        while at < tag.count, tag.spaceWidth(at: at, end: tag.count) == 1 { at += 1 }
        guard at < tag.count, tag[at] == 0x3D else { return at..<at }
        at += 1
        while at < tag.count, tag.spaceWidth(at: at, end: tag.count) == 1 { at += 1 }
        guard at < tag.count else { return at..<at }
        let quote = tag[at] == 0x22 || tag[at] == 0x27 ? tag[at] : 0
        let start = quote == 0 ? at : at + 1
        var end = start
        while end < tag.count {
            if quote == 0 ? tag[end] <= 0x20 || tag[end] == 0x3E : tag[end] == quote { break }
            end += 1
        }
        at = quote == 0 ? end : min(end + 1, tag.count)
        return start..<end
    }

    private static func ends(_ bytes: [UInt8], with text: Span<UInt8>) -> Bool {
        guard bytes.count >= text.count else { return false }
        for offset in 0..<text.count where bytes[bytes.count - text.count + offset] != text[offset] { return false }
        return true
    }
}
