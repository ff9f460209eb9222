package import Reporting
internal import Yams

/// A value of a strict YAML file: every scalar is text as written, every part knows its line and column (a quoted
/// text that of its first character).
package struct YAMLValue: Sendable {
    package enum Content: Sendable {
        case scalar(String)
        case mapping([Entry])
        case sequence([YAMLValue])
    }

    package struct Entry: Sendable {
        package var key: String
        package var keyPosition: SourcePosition
        package var value: YAMLValue
    }

    package var content: Content
    package var position: SourcePosition

    package var text: String? { if case .scalar(let text) = content { text } else { nil } }
    package var entries: [Entry]? { if case .mapping(let entries) = content { entries } else { nil } }
    package var items: [YAMLValue]? { if case .sequence(let items) = content { items } else { nil } }

    /// The value under a key of a mapping.
    package subscript(key: String) -> YAMLValue? { entries?.first { $0.key == key }?.value }
}

/// Reads YAML strictly: no tags, anchors, aliases or merge keys, no key twice, and every scalar is text.
///
/// What YAML itself stumbles over is said with its place and, where it helps, the one remedy that nearly always
/// applies: put it in quotes. Never throws; a file that cannot be read gives findings and `nil`.
package enum StrictYAML {
    package static func read(_ text: String, named name: String, reporting findings: inout [Finding]) -> YAMLValue? {
        do {
            // The parser owns the anchors, which nodes hold weakly: it must outlive the conversion.
            let parser = try Parser(yaml: text, resolver: .basic)
            guard let root = try parser.singleRoot() else {
                findings.append(Finding("yaml-empty", "the file holds nothing", at: .init(document: name)))
                return nil
            }
            var converter = NodeConverter(name: name)
            let value = withExtendedLifetime(parser) { converter.convert(root) }
            findings += converter.findings
            return converter.findings.isEmpty ? value : nil
        } catch let error as YamlError {
            findings.append(YAMLComplaint(error, text: text).finding(named: name))
        } catch {
            findings.append(Finding("yaml-malformed", "the file cannot be read as YAML", at: .init(document: name)))
        }
        return nil
    }
}

/// Turns Yams' nodes into ours and refuses what strict YAML leaves out.
private struct NodeConverter {
    let name: String
    var findings: [Finding] = []

    mutating func convert(_ node: Node) -> YAMLValue {
        var position = node.mark.map { SourcePosition(line: $0.line, column: $0.column) } ?? .init(line: 1, column: 1)
        if node.anchor != nil { refuse("anchors and aliases (`&`, `*`) are not used here", position) }
        switch node {
        case .scalar(let scalar):
            if node.tag != Tag(.str) { refuse("tags (`!`) are not used here", position) }
            if scalar.style == .doubleQuoted || scalar.style == .singleQuoted { position.column += 1 }
            return YAMLValue(content: .scalar(scalar.string), position: position)
        case .mapping(let mapping):
            if node.tag != Tag(.map) { refuse("tags (`!`) are not used here", position) }
            return YAMLValue(content: .mapping(mapping.map { entry($0.key, $0.value) }), position: position)
        case .sequence(let sequence):
            if node.tag != Tag(.seq) { refuse("tags (`!`) are not used here", position) }
            return YAMLValue(content: .sequence(sequence.map { convert($0) }), position: position)
        case .alias:
            refuse("anchors and aliases (`&`, `*`) are not used here", position)
            return YAMLValue(content: .scalar(""), position: position)
        }
    }

    private mutating func entry(_ key: Node, _ value: Node) -> YAMLValue.Entry {
        let converted = convert(key)
        if converted.text == nil { refuse("a key must be plain text", converted.position) }
        if converted.text == "<<" { refuse("merge keys (`<<`) are not used here", converted.position) }
        return YAMLValue.Entry(key: converted.text ?? "", keyPosition: converted.position, value: convert(value))
    }

    private mutating func refuse(_ message: String, _ position: SourcePosition) {
        findings.append(
            Finding(
                "yaml-feature-refused", message, at: .init(document: name, position: position),
                help: "write the value out where it is used; there is one way to say a thing"))
    }
}

/// What Yams complained of, in words that say how to put it right.
private struct YAMLComplaint {
    var code: FindingCode = "yaml-malformed"
    var message: String
    var help: String?
    var position: SourcePosition?

    init(_ error: YamlError, text: String) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            position = SourcePosition(line: mark.line, column: mark.column)
            message = problem
            help = Self.help(for: problem, text: text, position: position)
            if help != nil { message = "YAML stops here" }
        case .duplicatedKeysInMapping(let duplicates, let context):
            code = "yaml-duplicate-key"
            message = "`\(duplicates.first ?? "")` stands twice in one group"
            help = "keep one of the two"
            position = Self.second(
                duplicates.first ?? "", after: SourcePosition(line: context.mark.line, column: context.mark.column),
                in: text)
        case .reader:
            message = "the file is not UTF-8 text"
            help = "save it as UTF-8"
        default:
            message = "the file cannot be read as YAML"
        }
    }

    func finding(named name: String) -> Finding {
        Finding(code, message, at: .init(document: name, position: position), help: help)
    }

    /// The remedy for the traps people fall into with paths.
    private static func help(for problem: String, text: String, position: SourcePosition?) -> String? {
        let quote = "put the path or value in double quotes"
        if problem.contains("cannot start any token") {
            if text.line(position?.line)?.contains("\t") == true { return "indent with spaces, not with tabs" }
            return quote + "; a value cannot begin with `@`, `` ` `` or `%` without them"
        }
        if problem.contains("tab") { return "indent with spaces, not with tabs" }
        if problem.contains("alphabetic or numeric character") { return quote + "; `*` and `&` mean something else to YAML" }
        if problem.contains("mapping values are not allowed") { return quote + "; an unquoted value may not hold `: `" }
        if problem.contains("',' or '}'") || problem.contains("',' or ']'") {
            return quote + "; commas, brackets and colons inside `{ }` end a value"
        }
        if problem.contains("block end") || problem.contains("expected key") {
            return "check that this line is indented like its neighbours, and put paths in double quotes"
        }
        return nil
    }

    /// The place of the second key of that name, looking on from the first.
    private static func second(_ key: String, after first: SourcePosition, in text: String) -> SourcePosition {
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let number = index + 1
            guard number >= first.line else { continue }
            let scalars = Array(line.unicodeScalars)
            let wanted = Array(key.unicodeScalars)
            var column = number == first.line ? first.column + wanted.count - 1 : 0
            while column + wanted.count <= scalars.count {
                if Array(scalars[column..<column + wanted.count]) == wanted,
                    isKey(scalars, at: column, length: wanted.count)
                {
                    return SourcePosition(line: number, column: column + 1)
                }
                column += 1
            }
        }
        return first
    }

    private static func isKey(_ line: [Unicode.Scalar], at column: Int, length: Int) -> Bool {
        let before = column == 0 ? " " : line[column - 1]
        guard " \"'{,-".unicodeScalars.contains(before) else { return false }
        var after = column + length
        while after < line.count, "\"' ".unicodeScalars.contains(line[after]) { after += 1 }
        return after < line.count && line[after] == ":"
    }
}

extension String {
    /// One line, counted from 1.
    fileprivate func line(_ number: Int?) -> Substring? {
        guard let number else { return nil }
        let lines = split(separator: "\n", omittingEmptySubsequences: false)
        return lines.indices.contains(number - 1) ? lines[number - 1] : nil
    }
}
