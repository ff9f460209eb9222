/// Calls of functions.
extension PathEvaluator {
    mutating func pushCall(
        _ function: PathFunction, _ operands: PathRange, _ focus: PathFocus, _ program: PathProgram,
        _ document: inout SourceDocument
    ) {
        switch program.language {
        case .xpath: items.append(callXPath(function, operands, focus, program, &document))
        case .jsonPath:
            if let item = callJSON(function, operands, focus, program, &document) { items.append(item) }
        case .fhirPath: pushCallFHIR(function, operands, focus, program, &document)
        }
    }

    mutating func callLogic(
        _ function: PathFunction, _ operands: PathRange, _ id: ExpressionID, _ focus: PathFocus,
        _ program: PathProgram, _ document: inout SourceDocument
    ) -> Bool? {
        switch (program.language, function) {
        case (.xpath, .startsWith), (.xpath, .contains), (.xpath, .boolean):
            return callXPath(function, operands, focus, program, &document).boolean
        case (.xpath, .normalizeSpace):
            let text = text(program.arguments[Int(operands.start)], focus, program, &document)
            return bytes(text, program, document).contains { !PathScanner.isSpace($0) }
        case (.fhirPath, .exists): return selectsAny(program.arguments[Int(operands.start)], focus, program, &document)
        case (.fhirPath, .empty): return !selectsAny(program.arguments[Int(operands.start)], focus, program, &document)
        default: return itemsLogic(id, focus, program, &document)
        }
    }

    private mutating func callXPath(
        _ function: PathFunction, _ operands: PathRange, _ focus: PathFocus, _ program: PathProgram,
        _ document: inout SourceDocument
    ) -> PathItem {
        let arguments = operands.indices
        func argument(_ place: Int) -> ExpressionID { program.arguments[arguments.lowerBound + place] }
        switch function {
        case .position: return PathItem(Double(focus.position))
        case .last: return PathItem(Double(focus.size))
        case .count: return PathItem(Double(count(argument(0), focus, program, &document)))
        case .sum: return PathItem(sum(argument(0), focus, program, &document))
        case .boolean: return PathItem(logic(argument(0), focus, program, &document) == true)
        case .number: return PathItem(number(argument(0), focus, program, &document))
        case .floor: return PathItem(number(argument(0), focus, program, &document).rounded(.down))
        case .ceiling: return PathItem(number(argument(0), focus, program, &document).rounded(.up))
        case .round: return PathItem(Self.round(number(argument(0), focus, program, &document)))
        case .localName: return PathItem(text: localName(argument(0), focus, program, &document))
        case .string: return PathItem(text: text(argument(0), focus, program, &document))
        case .concat: return PathItem(text: concat(arguments, focus, program, &document))
        case .normalizeSpace:
            return PathItem(text: normalizeSpace(text(argument(0), focus, program, &document), program, document))
        case .length:
            let text = text(argument(0), focus, program, &document)
            return PathItem(Double(PathBytes.characterCount(bytes(text, program, document))))
        case .startsWith, .contains, .substringBefore, .substringAfter:
            let whole = text(argument(0), focus, program, &document)
            let part = text(argument(1), focus, program, &document)
            return search(function, whole, part, program, document)
        case .substring: return PathItem(text: substring(arguments, focus, program, &document))
        case .translate: return PathItem(text: translate(arguments, focus, program, &document))
        default: return PathItem(false)
        }
    }

    /// XPath rounds halves up, also below zero, where -0.5 and more give negative zero.
    private static func round(_ value: Double) -> Double {
        if value < 0, value >= -0.5 { return -0.0 }
        let down = value.rounded(.down)
        return value - down >= 0.5 ? down + 1 : down
    }

    mutating func count(
        _ id: ExpressionID, _ focus: PathFocus, _ program: PathProgram, _ document: inout SourceDocument
    ) -> Int {
        let base = items.count
        push(id, focus, program, &document)
        defer { pop(to: base) }
        return items.count - base
    }

    private mutating func sum(
        _ id: ExpressionID, _ focus: PathFocus, _ program: PathProgram, _ document: inout SourceDocument
    ) -> Double {
        let base = items.count
        push(id, focus, program, &document)
        defer { pop(to: base) }
        var total = 0.0
        for index in base..<items.count { total += number(of: items[index], program, &document) }
        return total
    }

    private mutating func localName(
        _ id: ExpressionID, _ focus: PathFocus, _ program: PathProgram, _ document: inout SourceDocument
    ) -> PathText {
        let base = items.count
        push(id, focus, program, &document)
        defer { pop(to: base) }
        guard items.count > base else { return PathText(.literal, 0, 0) }
        let node = document.nodes[Int(items[base].node)]
        return node.name == SymbolTable.none ? PathText(.literal, 0, 0) : write(document.symbols.name(node.name))
    }

    private mutating func concat(
        _ arguments: Range<Int>, _ focus: PathFocus, _ program: PathProgram, _ document: inout SourceDocument
    ) -> PathText {
        var parts: [PathText] = []
        for index in arguments { parts.append(text(program.arguments[index], focus, program, &document)) }
        let start = scratch.count
        for part in parts { append(part, program, document) }
        return PathText(.scratch, start, scratch.count)
    }

    /// Writes a text after what the scratch buffer holds.
    mutating func append(_ text: PathText, _ program: PathProgram, _ document: borrowing SourceDocument) {
        work += text.count / 64
        switch text.place {
        case .source: scratch.append(contentsOf: document.source[text.range])
        case .side: scratch.append(contentsOf: document.side[text.range])
        case .literal: scratch.append(contentsOf: program.text[text.range])
        case .scratch: for index in text.range { scratch.append(scratch[index]) }
        }
    }

    private mutating func normalizeSpace(
        _ text: PathText, _ program: PathProgram, _ document: borrowing SourceDocument
    ) -> PathText {
        let source = text.place == .scratch ? text : write(bytes(text, program, document))
        let start = scratch.count
        var isPending = false
        for index in source.range {
            let byte = scratch[index]
            if PathScanner.isSpace(byte) {
                isPending = scratch.count > start
            } else {
                if isPending { scratch.append(0x20) }
                isPending = false
                scratch.append(byte)
            }
        }
        return PathText(.scratch, start, scratch.count)
    }

    private func search(
        _ function: PathFunction, _ whole: PathText, _ part: PathText, _ program: PathProgram,
        _ document: borrowing SourceDocument
    ) -> PathItem {
        let text = bytes(whole, program, document)
        let wanted = bytes(part, program, document)
        if function == .startsWith { return PathItem(text.starts(with: wanted)) }
        let place = PathBytes.firstIndex(of: wanted, in: text)
        if function == .contains { return PathItem(place != nil) }
        guard let place else { return PathItem(text: PathText(.literal, 0, 0)) }
        if function == .substringBefore {
            return PathItem(text: PathText(whole.place, Int(whole.start), place))
        }
        return PathItem(text: PathText(whole.place, place + wanted.count, Int(whole.end)))
    }

    /// XPath 1.0, section 4.2: characters whose position is at least the rounded start and below start plus length.
    private mutating func substring(
        _ arguments: Range<Int>, _ focus: PathFocus, _ program: PathProgram, _ document: inout SourceDocument
    ) -> PathText {
        let whole = text(program.arguments[arguments.lowerBound], focus, program, &document)
        let start = Self.round(number(program.arguments[arguments.lowerBound + 1], focus, program, &document))
        var end = Double.infinity
        if arguments.count == 3 {
            end = start + Self.round(number(program.arguments[arguments.lowerBound + 2], focus, program, &document))
        }
        let text = bytes(whole, program, document)
        let count = Double(PathBytes.characterCount(text))
        guard !start.isNaN, !end.isNaN, start < end, end > 1, start <= count else { return PathText(.literal, 0, 0) }
        let first = Int(max(start, 1)) - 1
        let last = Int(min(end, count + 1)) - 1
        return PathText(
            whole.place, PathBytes.index(ofCharacter: first, in: text), PathBytes.index(ofCharacter: last, in: text))
    }

    private mutating func translate(
        _ arguments: Range<Int>, _ focus: PathFocus, _ program: PathProgram, _ document: inout SourceDocument
    ) -> PathText {
        let texts = arguments.map { text(program.arguments[$0], focus, program, &document) }
        let source = Array(String(decoding: bytes(texts[0], program, document), as: UTF8.self).unicodeScalars)
        let from = Array(String(decoding: bytes(texts[1], program, document), as: UTF8.self).unicodeScalars)
        let to = Array(String(decoding: bytes(texts[2], program, document), as: UTF8.self).unicodeScalars)
        var result = String.UnicodeScalarView()
        for scalar in source {
            guard let place = from.firstIndex(of: scalar) else {
                result.append(scalar)
                continue
            }
            if place < to.count { result.append(to[place]) }
        }
        return write(String(result))
    }
}
