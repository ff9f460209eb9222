/// Values: what expressions give, as items, texts and numbers.
extension PathEvaluator {
    /// Appends what an expression gives.
    mutating func push(
        _ id: ExpressionID, _ focus: PathFocus, _ program: PathProgram, _ document: inout SourceDocument
    ) {
        switch program.expressions[Int(id)] {
        case .path(let start, let steps):
            if leadsNowhere(id, program, document) { return }
            if program.constancy[id] { return pushConstant(id, start, steps, focus, program, &document) }
            let numbers = sharable(id, program, document)
            if !numbers.isEmpty { return pushShared(id, steps, numbers, program, &document) }
            pushPath(id, start, steps, focus, program, &document)
        case .text(let text): items.append(PathItem(text: text))
        case .number(let value): items.append(PathItem(value))
        case .decimal(let text): items.append(PathItem(.decimal, text))
        case .date(let text): items.append(PathItem(.date, text))
        case .boolean(let value): items.append(PathItem(value))
        case .null: items.append(.null)
        case .nothing: break
        case .constant(let range):
            for index in range.indices { items.append(PathItem(text: program.aliases[index])) }
        case .union(let left, let right):
            let base = items.count
            push(left, focus, program, &document)
            push(right, focus, program, &document)
            join(from: base, program, &document)
        case .arithmetic, .negate: items.append(PathItem(number(id, focus, program, &document)))
        case .join(let left, let right, let emptyIsText):
            pushJoined(left, right, emptyIsText, focus, program, &document)
        case .compare, .connect, .not, .exists, .isIn, .hasValue, .passes:
            if let value = logic(id, focus, program, &document) { items.append(PathItem(value)) }
        case .call(let function, let operands): pushCall(function, operands, focus, program, &document)
        }
    }

    /// Pushes what a path within a condition selects, once evaluated and then kept.
    private mutating func pushConstant(
        _ id: ExpressionID, _ start: PathStart, _ steps: PathRange, _ focus: PathFocus, _ program: PathProgram,
        _ document: inout SourceDocument
    ) {
        if pushKept(id) { return }
        let base = items.count
        pushPath(id, start, steps, focus, program, &document)
        if !isOver { constants.keep(items[base...], of: id) }
    }

    private mutating func join(from base: Int, _ program: PathProgram, _ document: inout SourceDocument) {
        switch program.language {
        case .xpath: order(from: base)
        case .jsonPath: break
        case .fhirPath:
            let end = items.count
            if end - base < 2 { return }
            takeDistinct(base..<end, program, &document)
            drop(base..<end)
        }
    }

    // MARK: Texts

    /// The text of an expression in XPath's sense: of the first node, or of the value.
    mutating func text(
        _ id: ExpressionID, _ focus: PathFocus, _ program: PathProgram, _ document: inout SourceDocument
    ) -> PathText {
        if case .text(let literal) = program.expressions[Int(id)] { return literal }
        let base = items.count
        push(id, focus, program, &document)
        defer { pop(to: base) }
        guard items.count > base else { return PathText(.literal, 0, 0) }
        return text(of: items[base], &document)
    }

    /// The text of an item. A node so looked at is marked.
    mutating func text(of item: PathItem, _ document: inout SourceDocument) -> PathText {
        switch item.kind {
        case .node: return value(of: item.node, &document)
        case .text, .date, .decimal: return item.text
        case .boolean: return write(item.boolean ? "true" : "false")
        case .number: return write(PathNumber.xpathText(item.number))
        case .null: return write("null")
        }
    }

    /// The string value of a node, which is thereby marked as looked at.
    @inline(__always) mutating func value(of node: NodeID, _ document: inout SourceDocument) -> PathText {
        mark(node)
        if let own = document.ownValue(node) { return PathText(own) }
        let before = document.side.count
        let range = document.stringValue(node)
        work += document.side.count - before
        return PathText(range)
    }

    @inline(__always) mutating func mark(_ node: NodeID) {
        if isMarking, Int(node) < marks.count { marks[Int(node)] |= markBit }
    }

    mutating func write(_ text: String) -> PathText {
        let start = scratch.count
        scratch.append(contentsOf: text.utf8)
        return PathText(.scratch, start, scratch.count)
    }

    mutating func write(_ bytes: ArraySlice<UInt8>) -> PathText {
        let start = scratch.count
        scratch.append(contentsOf: bytes)
        return PathText(.scratch, start, scratch.count)
    }

    /// The bytes of a text, without a copy. Let go of them before anything is written.
    @inline(__always) func bytes(
        _ text: PathText, _ program: PathProgram, _ document: borrowing SourceDocument
    ) -> ArraySlice<UInt8> {
        switch text.place {
        case .source: document.source[text.range]
        case .side: document.side[text.range]
        case .literal: program.text[text.range]
        case .scratch: scratch[text.range]
        }
    }

    @inline(__always) func isEqual(
        _ left: PathText, _ right: PathText, _ program: PathProgram, _ document: borrowing SourceDocument
    ) -> Bool {
        guard left.count == right.count else { return false }
        switch left.place {
        case .source: return isEqual(document.source.span.extracting(left.range), right, program, document)
        case .side: return isEqual(document.side.span.extracting(left.range), right, program, document)
        case .literal:
            let literals = program.text
            return isEqual(literals.span.extracting(left.range), right, program, document)
        case .scratch: return isEqual(scratch.span.extracting(left.range), right, program, document)
        }
    }

    private func isEqual(
        _ left: Span<UInt8>, _ right: PathText, _ program: PathProgram, _ document: borrowing SourceDocument
    ) -> Bool {
        switch right.place {
        case .source: return left.isEqual(to: document.source.span.extracting(right.range))
        case .side: return left.isEqual(to: document.side.span.extracting(right.range))
        case .literal:
            let literals = program.text
            return left.isEqual(to: literals.span.extracting(right.range))
        case .scratch: return left.isEqual(to: scratch.span.extracting(right.range))
        }
    }

    // MARK: Numbers

    /// The number of an expression in XPath's sense; NaN when it is none.
    mutating func number(
        _ id: ExpressionID, _ focus: PathFocus, _ program: PathProgram, _ document: inout SourceDocument
    ) -> Double {
        switch program.expressions[Int(id)] {
        case .number(let value): return value
        case .negate(let operand): return -number(operand, focus, program, &document)
        case .arithmetic(let arithmetic, let left, let right):
            let first = number(left, focus, program, &document)
            let second = number(right, focus, program, &document)
            return Self.compute(arithmetic, first, second)
        case .compare, .connect, .not, .hasValue, .boolean:
            return logic(id, focus, program, &document) == true ? 1 : 0
        default:
            let base = items.count
            push(id, focus, program, &document)
            defer { pop(to: base) }
            guard items.count > base else { return .nan }
            return number(of: items[base], program, &document)
        }
    }

    mutating func number(of item: PathItem, _ program: PathProgram, _ document: inout SourceDocument) -> Double {
        switch item.kind {
        case .number: return item.number
        case .boolean: return item.boolean ? 1 : 0
        case .null: return .nan
        case .node, .text, .date, .decimal:
            let text = text(of: item, &document)
            return PathNumber.xpath(bytes(text, program, document))
        }
    }

    private static func compute(_ arithmetic: PathArithmetic, _ left: Double, _ right: Double) -> Double {
        switch arithmetic {
        case .add: left + right
        case .subtract: left - right
        case .multiply: left * right
        case .divide: left / right
        case .remainder: left.truncatingRemainder(dividingBy: right)
        }
    }
}
