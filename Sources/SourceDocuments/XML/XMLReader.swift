import CLibXML2
import Glibc
import Reporting

/// Reads XML with libxml2 into the positioned tree. The only file that handles libxml2's pointers.
///
/// Guarantees: no document type, no entity but the five of XML, no file and no network is ever read; a document that is
/// not well-formed, or uses namespaces wrongly, is a problem with its place and leaves no tree. libxml2's own messages,
/// which quote the document, are never passed on. One parser context serves all documents of a reader; it is made anew
/// when the names it keeps for ever become many.
final class XMLReader {
    /// libxml2 refuses single texts beyond this unless told otherwise, and then forgets its limit on depth; ours stays.
    private static let plainLimit = 10_000_000
    private static let nameLimit: Int32 = 20_000

    private let state: UnsafeMutablePointer<XMLParse>
    private var context: xmlParserCtxtPtr?

    init(limits: Limits) {
        Self.prepare
        state = .allocate(capacity: 1)
        unsafe state.initialize(to: XMLParse(limits: limits))
    }

    deinit {
        xmlFreeParserCtxt(context)
        state.deinitialize(count: 1)
        state.deallocate()
    }

    /// Once for the process: libxml2 is set up, and nothing outside a document can be loaded by it.
    private static let prepare: Void = {
        xmlInitParser()
        xmlSetExternalEntityLoader { _, _, _ in nil }
    }()

    /// Reads the source of a document into its nodes. On a problem the nodes are those read so far.
    func read(into document: inout SourceDocument) -> ReadProblem? {
        guard let context = readyContext() else {
            return ReadProblem("xml-malformed", at: 0, "the machine has no memory left to read this")
        }
        swap(&state.pointee.tape.document, &document)
        swap(&state.pointee.tape.source, &state.pointee.tape.document.source)
        state.pointee.tape.source.append(0)
        state.pointee.begin()
        state.pointee.tape.source.withUnsafeBufferPointer { parse($0, with: context) }
        state.pointee.tape.source.removeLast()
        swap(&state.pointee.tape.source, &state.pointee.tape.document.source)
        swap(&state.pointee.tape.document, &document)
        return state.pointee.tape.problem
    }

    private func parse(_ bytes: UnsafeBufferPointer<UInt8>, with context: xmlParserCtxtPtr) {
        guard let base = bytes.baseAddress, let input = xmlNewInputStream(context) else { return }
        let length = bytes.count - 1
        input.pointee.base = base
        input.pointee.cur = base
        input.pointee.end = base + length
        state.pointee.base = base
        state.pointee.length = length
        inputPush(context, input)
        xmlCtxtUseOptions(context, options(length))
        context.pointee._private = UnsafeMutableRawPointer(state)
        xmlParseDocument(context)
        if context.pointee.wellFormed == 0 {
            state.pointee.tape.fail(ReadProblem("xml-malformed", at: 0, "the document is not well-formed"))
        }
        if state.pointee.tape.problem == nil { state.pointee.tape.finish() }
        xmlCtxtReset(context)
        if xmlDictSize(context.pointee.dict) > Self.nameLimit { dropContext() }
    }

    private func options(_ length: Int) -> Int32 {
        var options = XML_PARSE_NONET.rawValue | XML_PARSE_IGNORE_ENC.rawValue
        if length >= Self.plainLimit { options |= XML_PARSE_HUGE.rawValue }
        return Int32(options)
    }

    private func readyContext() -> xmlParserCtxtPtr? {
        if let context { return context }
        guard let made = xmlNewParserCtxt(), let sax = made.pointee.sax else { return nil }
        sax.pointee = handlers()
        context = made
        return made
    }

    private func dropContext() {
        xmlFreeParserCtxt(context)
        context = nil
        state.pointee.names.forget()
    }
}

// MARK: -

/// What libxml2's callbacks work on, reached through the context's `_private`.
private struct XMLParse {
    var tape: XMLTape
    var names = XMLNames()
    var base: UnsafePointer<UInt8>?
    var length = 0
    /// The namespace met last, since names in a row mostly share it.
    private var uri: UnsafePointer<UInt8>?
    private var namespace = SymbolTable.none

    init(limits: Limits) { tape = XMLTape(limits: limits) }

    mutating func begin() {
        uri = nil
        names.beginDocument()
        tape.begin()
    }

    /// The offset of a pointer into the source, or `nil` when it points elsewhere.
    @inline(__always)
    func offset(_ pointer: UnsafePointer<UInt8>) -> Int? {
        let distance = Int(bitPattern: pointer) &- Int(bitPattern: base)
        return distance >= 0 && distance <= length ? distance : nil
    }

    @inline(__always)
    mutating func symbol(_ local: UnsafePointer<UInt8>, _ uri: UnsafePointer<UInt8>?) -> Symbol {
        guard let uri else { return intern(local, SymbolTable.none) }
        if uri != self.uri {
            namespace = intern(uri, XMLNames.uri)
            self.uri = uri
        }
        return intern(local, namespace)
    }

    @inline(__always)
    private mutating func intern(_ name: UnsafePointer<UInt8>, _ namespace: Symbol) -> Symbol {
        let address = UInt(bitPattern: name)
        if let known = names.symbol(at: address, namespace: namespace) { return known }
        let span = unsafe Span(_unsafeStart: name, count: Int(xmlStrlen(name)))
        let symbol = tape.document.symbols.intern(span, namespace: namespace == XMLNames.uri ? 0 : namespace)
        names.note(symbol, at: address, namespace: namespace)
        return symbol
    }

    mutating func attributes(_ list: UnsafeMutablePointer<UnsafePointer<UInt8>?>, count: Int) {
        var after = -1
        for index in 0..<count {
            let item = list + index * 5
            guard let local = item[0], let begin = item[3], let end = item[4] else { continue }
            let name = symbol(local, item[2])
            let nameLength = item[1] == nil ? tape.document.symbols.length(name) : nil
            if let start = offset(begin), let stop = offset(end) {
                let nameStart = XMLTape.attributeStart(
                    in: tape.source.span, beforeValue: start, nameLength: nameLength)
                tape.attribute(
                    name, start: nameStart, end: stop + 1,
                    value: TextRange(start: start, end: stop, isAside: false))
                after = stop + 1
            } else {
                if after < 0 { after = tape.afterName(of: tape.current) }
                let place = tape.attributeSpan(from: after)
                let start = tape.document.side.count
                appendAside(UnsafeBufferPointer(start: begin, count: end - begin))
                tape.attribute(
                    name, start: place.start, end: place.valueEnd + 1,
                    value: TextRange(start: start, end: tape.document.side.count, isAside: true))
                after = place.valueEnd + 1
            }
        }
    }

    /// Copies an attribute's value that libxml2 put together. It leaves each `&` in it as `&#38;`, and nothing else.
    private mutating func appendAside(_ value: UnsafeBufferPointer<UInt8>) {
        var index = 0
        while index < value.count {
            tape.document.side.append(value[index])
            index += value[index] == UInt8(ascii: "&") ? 5 : 1
        }
    }

    /// Tells the tape of text. libxml2 hands over some text in a buffer of its own: it is looked for in the source
    /// right before the cursor, and believed to stand there only if the bytes are the same.
    mutating func text(_ bytes: UnsafePointer<UInt8>, count: Int, cursor: Int, closing: Int) {
        if let start = offset(bytes), start + count <= length {
            return tape.text(from: start, to: start + count, next: start + count)
        }
        guard let base else { return }
        for skipped in closing == 0 ? 0...1 : closing...closing {
            let start = cursor - skipped - count
            if start >= 0, memcmp(base + start, bytes, count) == 0 {
                return tape.text(from: start, to: start + count, next: cursor - skipped + closing)
            }
        }
        let span = unsafe Span(_unsafeStart: bytes, count: count)
        tape.text(span, next: cursor)
    }
}

// MARK: - Callbacks

private typealias ParsePlace = (context: xmlParserCtxtPtr, state: UnsafeMutablePointer<XMLParse>, cursor: Int)

/// The context, our state, and how far libxml2 has read.
@inline(__always)
private func place(of userData: UnsafeMutableRawPointer?) -> ParsePlace? {
    guard let context = userData?.assumingMemoryBound(to: xmlParserCtxt.self),
        let state = context.pointee._private?.assumingMemoryBound(to: XMLParse.self),
        let cursor = context.pointee.input.pointee.cur
    else { return nil }
    return (context, state, state.pointee.offset(cursor) ?? state.pointee.length)
}

private func stopIfFailed(_ parse: ParsePlace) {
    if parse.state.pointee.tape.problem != nil { xmlStopParser(parse.context) }
}

private func handlers() -> xmlSAXHandler {
    var sax = xmlSAXHandler()
    sax.initialized = UInt32(XML_SAX2_MAGIC)
    sax.startElementNs = { userData, local, _, uri, namespaces, _, count, _, attributes in
        guard let parse = place(of: userData), let local else { return }
        let name = parse.state.pointee.symbol(local, uri)
        parse.state.pointee.tape.startElement(name, attributes: Int(count + namespaces), cursor: parse.cursor)
        if count > 0, let attributes, parse.state.pointee.tape.problem == nil {
            parse.state.pointee.attributes(attributes, count: Int(count))
        }
        stopIfFailed(parse)
    }
    sax.endElementNs = { userData, _, _, _ in
        guard let parse = place(of: userData), parse.state.pointee.tape.problem == nil else { return }
        parse.state.pointee.tape.endElement(at: parse.cursor)
    }
    let characters: charactersSAXFunc = { userData, bytes, count in
        guard let parse = place(of: userData), let bytes, count > 0 else { return }
        parse.state.pointee.text(bytes, count: Int(count), cursor: parse.cursor, closing: 0)
        stopIfFailed(parse)
    }
    sax.characters = characters
    sax.ignorableWhitespace = characters
    sax.cdataBlock = { userData, bytes, count in
        guard let parse = place(of: userData), let bytes, count > 0 else { return }
        parse.state.pointee.text(bytes, count: Int(count), cursor: parse.cursor, closing: 3)
        stopIfFailed(parse)
    }
    sax.internalSubset = { userData, _, _, _ in
        guard let parse = place(of: userData) else { return }
        parse.state.pointee.tape.fail(XMLFault.doctype(in: parse.state.pointee.tape, cursor: parse.cursor))
        xmlStopParser(parse.context)
    }
    sax.serror = { userData, error in
        guard let parse = place(of: userData), let error, error.pointee.level.rawValue >= XML_ERR_ERROR.rawValue else {
            return
        }
        let fault = XMLFault(domain: Int(error.pointee.domain), code: Int(error.pointee.code), cursor: parse.cursor)
        guard let problem = fault.problem(in: parse.state.pointee.tape) else { return }
        parse.state.pointee.tape.fail(problem)
        xmlStopParser(parse.context)
    }
    return sax
}
