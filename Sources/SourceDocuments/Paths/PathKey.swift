/// Writes parts of a compiled path as text, so that the same part of two paths has the same text.
///
/// Only parts whose result depends on nothing but the document and the node asked have one. Symbols stand as numbers,
/// texts with their length, so that no text can pass for something else.
enum PathKey {
    static func key(of start: PathStart) -> String? {
        switch start {
        case .context: "."
        case .document: "document"
        case .root: "root"
        case .rootOfType(let type): "root \(type)"
        // What is kept is kept for the node the whole is asked of.
        case .origin: "origin"
        case .resource, .rootResource, .value: nil
        }
    }

    /// `nil` for a step that may give something else than nodes, or is rare.
    static func key(of step: PathStep, in builder: borrowing PathBuilder) -> String? {
        switch step {
        case .walk(let axis, let test, let predicates):
            guard let list = key(of: predicates, in: builder) else { return nil }
            return "/\(axis.rawValue)::\(key(of: test, in: builder))\(list)"
        case .only(let test): return "/is \(key(of: test, in: builder))"
        case .filter(let predicates): return key(of: predicates, in: builder).map { "/where\($0)" }
        case .slice(let from, let to): return "/slice \(from) \(to)"
        case .resolve: return "/resolve"
        case .project, .distinct, .index, .items, .filterChildren, .each: return nil
        }
    }

    private static func key(of test: PathTest, in builder: borrowing PathBuilder) -> String {
        switch test {
        case .any: "any"
        case .star: "*"
        case .named(let name): "\(name)"
        case .namespace(let uri): "\(uri):*"
        case .text: "text"
        case .choice(let range): "choice\(Array(builder.symbolPool[range.indices]))"
        case .resource(let type): "resource \(type)"
        }
    }

    private static func key(of predicates: PathRange, in builder: borrowing PathBuilder) -> String? {
        var result = ""
        for index in predicates.indices {
            switch builder.predicates[index] {
            case .index(let place): result += "[\(place)]"
            case .last: result += "[last]"
            case .condition(let id):
                guard let condition = key(of: id, in: builder) else { return nil }
                result += "[\(condition)]"
            case .position: return nil
            }
        }
        return result
    }

    private static func key(of id: ExpressionID, in builder: borrowing PathBuilder) -> String? {
        switch builder.expressions[Int(id)] {
        case .path(let start, let range): key(of: start, range, in: builder)
        case .text(let text): "text \(key(of: text, in: builder))"
        case .number(let value): "number \(value.bitPattern)"
        case .decimal(let text): "decimal \(key(of: text, in: builder))"
        case .date(let text): "date \(key(of: text, in: builder))"
        case .boolean(let value): "\(value)"
        case .null: "null"
        case .nothing: "{}"
        case .constant(let aliases): "constant\(builder.aliases[aliases.indices].map { key(of: $0, in: builder) })"
        case .hasValue(let axis, let name, let text): "(\(axis.rawValue)::\(name)=\(key(of: text, in: builder)))"
        case .passes(let test): "(is \(key(of: test, in: builder)))"
        case .compare(let comparison, let left, let right): key("\(comparison)", [left, right], in: builder)
        case .connect(let connective, let left, let right): key("\(connective)", [left, right], in: builder)
        case .not(let operand): key("not", [operand], in: builder)
        case .exists(let operand): key("exists", [operand], in: builder)
        case .union(let left, let right): key("union", [left, right], in: builder)
        case .isIn(let left, let right): key("in", [left, right], in: builder)
        case .call(let function, let operands):
            key("call \(function)", Array(builder.arguments[operands.indices]), in: builder)
        case .arithmetic, .negate, .join: nil
        }
    }

    private static func key(
        of start: PathStart, _ range: PathRange, in builder: borrowing PathBuilder
    ) -> String? {
        var result: String
        if case .value(let id) = start {
            guard let value = key(of: id, in: builder) else { return nil }
            result = "(\(value))"
        } else {
            guard let first = key(of: start) else { return nil }
            result = first
        }
        for index in range.indices {
            guard let step = key(of: builder.steps[index], in: builder) else { return nil }
            result += step
        }
        return result
    }

    private static func key(_ name: String, _ operands: [ExpressionID], in builder: borrowing PathBuilder) -> String? {
        var result = "(\(name)"
        for operand in operands {
            guard let part = key(of: operand, in: builder) else { return nil }
            result += " " + part
        }
        return result + ")"
    }

    private static func key(of text: PathText, in builder: borrowing PathBuilder) -> String {
        "\(text.count):\(String(decoding: builder.text[text.range], as: UTF8.self))"
    }
}
