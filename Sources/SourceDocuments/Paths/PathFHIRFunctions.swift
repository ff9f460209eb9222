/// The functions of FHIRPath that give values.
extension PathEvaluator {
    mutating func pushCallFHIR(
        _ function: PathFunction, _ operands: PathRange, _ focus: PathFocus, _ program: PathProgram,
        _ document: inout SourceDocument
    ) {
        guard let first = operands.indices.first else { return }
        let receiver = program.arguments[first]
        let rest = operands.indices.dropFirst()
        switch function {
        case .iif:
            let holds = logic(receiver, focus, program, &document) == true
            push(program.arguments[holds ? first + 1 : first + 2], focus, program, &document)
        case .startsWith, .endsWith, .contains, .lower, .upper, .trim, .length, .indexOf, .substring, .replace, .string:
            pushTextCall(function, receiver, rest, focus, program, &document)
        default:
            let base = items.count
            push(receiver, focus, program, &document)
            let result = judge(function, base, rest, focus, program, &document)
            pop(to: base)
            if let result { items.append(result) }
        }
    }

    /// What a function says of the items from `base` on.
    private mutating func judge(
        _ function: PathFunction, _ base: Int, _ rest: Range<Int>, _ focus: PathFocus, _ program: PathProgram,
        _ document: inout SourceDocument
    ) -> PathItem? {
        let end = items.count
        switch function {
        case .count: return PathItem(Double(end - base))
        case .exists: return PathItem(end > base)
        case .empty: return PathItem(end == base)
        case .hasValue:
            return PathItem(end - base == 1 && items[base].isNode && document.ownValue(items[base].node) != nil)
        case .all: return PathItem(holdsForAll(program.arguments[rest.lowerBound], base..<end, program, &document))
        case .allTrue, .anyTrue, .allFalse, .anyFalse: return counts(function, base..<end, program, &document)
        case .isDistinct:
            takeDistinct(base..<end, program, &document)
            return PathItem(items.count - end == end - base)
        case .subsetOf, .supersetOf:
            push(program.arguments[rest.lowerBound], focus, program, &document)
            let (own, other) = (base..<end, end..<items.count)
            return PathItem(
                isSubset(
                    function == .subsetOf ? own : other, of: function == .subsetOf ? other : own, program, &document))
        case .isType:
            guard end - base == 1 else { return nil }
            push(program.arguments[rest.lowerBound], focus, program, &document)
            return PathItem(items.count > end)
        default: return nil
        }
    }

    private mutating func holdsForAll(
        _ condition: ExpressionID, _ range: Range<Int>, _ program: PathProgram, _ document: inout SourceDocument
    ) -> Bool {
        for index in range where logic(condition, PathFocus(items[index]), program, &document) != true { return false }
        return true
    }

    private mutating func counts(
        _ function: PathFunction, _ range: Range<Int>, _ program: PathProgram, _ document: inout SourceDocument
    ) -> PathItem? {
        let wanted = function == .allTrue || function == .anyTrue
        let isAll = function == .allTrue || function == .allFalse
        for index in range {
            guard let value = boolean(items[index], program, &document) else { return nil }
            if isAll, value != wanted { return PathItem(false) }
            if !isAll, value == wanted { return PathItem(true) }
        }
        return PathItem(isAll)
    }

    /// A boolean, or a node that holds one.
    private mutating func boolean(
        _ item: PathItem, _ program: PathProgram, _ document: inout SourceDocument
    ) -> Bool? {
        if item.kind == .boolean { return item.boolean }
        guard item.isNode else { return nil }
        if isEqual(item, PathItem(true), program, &document) == true { return true }
        return isEqual(item, PathItem(false), program, &document) == true ? false : nil
    }

    private mutating func isSubset(
        _ range: Range<Int>, of whole: Range<Int>, _ program: PathProgram, _ document: inout SourceDocument
    ) -> Bool {
        for first in range {
            var isFound = false
            for second in whole where isEqual(items[first], items[second], program, &document) == true {
                isFound = true
                break
            }
            if !isFound { return false }
        }
        return true
    }

    // MARK: Texts (section 5.6)

    private mutating func pushTextCall(
        _ function: PathFunction, _ receiver: ExpressionID, _ rest: Range<Int>, _ focus: PathFocus,
        _ program: PathProgram, _ document: inout SourceDocument
    ) {
        guard let text = singleText(receiver, focus, program, &document) else { return }
        switch function {
        case .string: items.append(PathItem(text: text))
        case .length: items.append(PathItem(Double(PathBytes.characterCount(bytes(text, program, document)))))
        case .lower, .upper:
            items.append(PathItem(text: changeCase(text, isUpper: function == .upper, program, document)))
        case .trim: items.append(PathItem(text: trim(text, program, document)))
        case .substring:
            if let part = substring(text, rest, focus, program, &document) { items.append(PathItem(text: part)) }
        case .replace: pushReplaced(text, rest, focus, program, &document)
        default:
            guard let part = singleText(program.arguments[rest.lowerBound], focus, program, &document) else { return }
            items.append(search(function, text, part, program, document))
        }
    }

    private func search(
        _ function: PathFunction, _ text: PathText, _ part: PathText, _ program: PathProgram,
        _ document: borrowing SourceDocument
    ) -> PathItem {
        let whole = bytes(text, program, document)
        let wanted = bytes(part, program, document)
        switch function {
        case .startsWith: return PathItem(whole.starts(with: wanted))
        case .endsWith: return PathItem(whole.count >= wanted.count && whole.suffix(wanted.count) == wanted)
        case .contains: return PathItem(PathBytes.firstIndex(of: wanted, in: whole) != nil)
        default:
            guard let place = PathBytes.firstIndex(of: wanted, in: whole) else { return PathItem(-1.0) }
            return PathItem(Double(PathBytes.characterCount(whole[..<place])))
        }
    }

    private mutating func changeCase(
        _ text: PathText, isUpper: Bool, _ program: PathProgram, _ document: borrowing SourceDocument
    ) -> PathText {
        let string = String(decoding: bytes(text, program, document), as: UTF8.self)
        return write(isUpper ? string.uppercased() : string.lowercased())
    }

    private func trim(_ text: PathText, _ program: PathProgram, _ document: borrowing SourceDocument) -> PathText {
        let trimmed = PathNumber.trimmed(bytes(text, program, document))
        return PathText(text.place, trimmed.startIndex, trimmed.endIndex)
    }

    private mutating func substring(
        _ text: PathText, _ rest: Range<Int>, _ focus: PathFocus, _ program: PathProgram,
        _ document: inout SourceDocument
    ) -> PathText? {
        guard let start = wholeNumber(program.arguments[rest.lowerBound], focus, program, &document) else { return nil }
        var length = Int.max
        if rest.count == 2 {
            guard let given = wholeNumber(program.arguments[rest.lowerBound + 1], focus, program, &document) else {
                return nil
            }
            length = given
        }
        let whole = bytes(text, program, document)
        let count = PathBytes.characterCount(whole)
        guard start >= 0, start < count else { return nil }
        let end = start + max(min(length, count - start), 0)
        return PathText(
            text.place, PathBytes.index(ofCharacter: start, in: whole), PathBytes.index(ofCharacter: end, in: whole))
    }

    private mutating func wholeNumber(
        _ id: ExpressionID, _ focus: PathFocus, _ program: PathProgram, _ document: inout SourceDocument
    ) -> Int? {
        guard let text = singleText(id, focus, program, &document) else { return nil }
        return Int(String(decoding: bytes(text, program, document), as: UTF8.self))
    }

    private mutating func pushReplaced(
        _ text: PathText, _ rest: Range<Int>, _ focus: PathFocus, _ program: PathProgram,
        _ document: inout SourceDocument
    ) {
        guard let old = singleText(program.arguments[rest.lowerBound], focus, program, &document),
            let new = singleText(program.arguments[rest.lowerBound + 1], focus, program, &document)
        else { return }
        let source = Array(bytes(text, program, document))
        let wanted = Array(bytes(old, program, document))
        let other = Array(bytes(new, program, document))
        let start = scratch.count
        var from = 0
        while !wanted.isEmpty, let place = PathBytes.firstIndex(of: wanted[...], in: source[from...]) {
            scratch += source[from..<place]
            scratch += other
            from = place + wanted.count
            work += other.count / 64
            if isOver { break }
        }
        if wanted.isEmpty {
            for character in String(decoding: source, as: UTF8.self) {
                scratch += other
                scratch += Array(String(character).utf8)
            }
            scratch += other
            from = source.count
        }
        scratch += source[from...]
        items.append(PathItem(text: PathText(.scratch, start, scratch.count)))
    }
}
