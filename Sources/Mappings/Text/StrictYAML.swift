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
    /// The column of each character of a text with escapes, and of its end; empty for all others.
    package var columns: [Int] = []

    package var text: String? { if case .scalar(let text) = content { text } else { nil } }
    package var entries: [Entry]? { if case .mapping(let entries) = content { entries } else { nil } }
    package var items: [YAMLValue]? { if case .sequence(let items) = content { items } else { nil } }

    /// The value under a key of a mapping.
    package subscript(key: String) -> YAMLValue? { entries?.first { $0.key == key }?.value }
}

/// Reads YAML strictly: no tags, anchors, aliases or merge keys, no key twice, and every scalar is text.
///
/// What YAML itself stumbles over is said with its place and, where it helps, the one remedy that nearly always
/// applies: put it in quotes. Never throws.
package enum StrictYAML {
    /// - Returns: What the file holds; `nil` where it cannot be read at all. After an error that leaves the rest readable,
    ///   such as a key that stands twice, that rest is returned, so that its mistakes can be told too.
    package static func read(_ text: String, named name: String, reporting findings: inout [Finding]) -> YAMLValue? {
        var text = YAMLText(text)
        while true {
            do {
                return try convert(text, name, &findings)
            } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
                let place = SourcePosition(line: context.mark.line, column: context.mark.column)
                let key = keys.first ?? ""
                let second = text.renameSecond(key, from: place) { renamed in
                    Self.hasTwice(key, at: context.mark, in: renamed)
                }
                findings.append(
                    Finding(
                        "yaml-duplicate-key", "`\(key)` stands twice in one group",
                        at: .init(document: name, position: second ?? place), help: "keep one of the two"))
                if second == nil { return nil }
            } catch {
                findings.append(YAMLComplaint(error, text).finding(named: name))
                return nil
            }
        }
    }

    private static func convert(_ text: YAMLText, _ name: String, _ findings: inout [Finding]) throws -> YAMLValue? {
        // The parser owns the anchors, which nodes hold weakly: it must outlive the conversion.
        let parser = try Parser(yaml: text.string, resolver: .basic)
        guard let root = try parser.singleRoot() else {
            findings.append(Finding("yaml-empty", "the file holds nothing", at: .init(document: name)))
            return nil
        }
        var converter = NodeConverter(name: name, text: text)
        let value = withExtendedLifetime(parser) { converter.convert(root) }
        findings += converter.findings
        return value
    }

    /// Whether a group still has a key twice.
    private static func hasTwice(_ key: String, at mark: Mark, in text: String) -> Bool {
        do {
            _ = try Parser(yaml: text, resolver: .basic).singleRoot()
            return false
        } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
            return keys.first == key && context.mark.line == mark.line && context.mark.column == mark.column
        } catch {
            return false
        }
    }
}

/// Turns Yams' nodes into ours and refuses what strict YAML leaves out.
private struct NodeConverter {
    let name: String
    let text: YAMLText
    var findings: [Finding] = []

    mutating func convert(_ node: Node) -> YAMLValue {
        var position = node.mark.map { SourcePosition(line: $0.line, column: $0.column) } ?? .init(line: 1, column: 1)
        if node.anchor != nil { refuse("anchors and aliases (`&`, `*`) are not used here", position) }
        if text.scalar(at: position) == "!" || text.isTag(after: position) {
            refuse("tags (`!`) are not used here", position)
        }
        switch node {
        case .scalar(let scalar):
            guard scalar.style == .doubleQuoted || scalar.style == .singleQuoted else {
                return YAMLValue(content: .scalar(scalar.string), position: position)
            }
            position.column += 1
            let columns = text.columns(ofQuoted: position, by: scalar.style == .singleQuoted ? "'" : "\"")
            return YAMLValue(content: .scalar(scalar.string), position: position, columns: columns)
        case .mapping(let mapping):
            let entries = mapping.filter { !YAMLText.isRenamed($0.key.string) }.map { entry($0.key, $0.value) }
            return YAMLValue(content: .mapping(entries.filter { $0.key != "<<" }), position: position)
        case .sequence(let sequence):
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
        let finding = Finding(
            "yaml-feature-refused", message, at: .init(document: name, position: position),
            help: "write the value out where it is used; there is one way to say a thing")
        if !findings.contains(finding) { findings.append(finding) }
    }
}

/// What Yams complained of, in words that say how to put it right.
private struct YAMLComplaint {
    var message = "the file cannot be read as YAML"
    var help: String?
    var position: SourcePosition?

    init(_ error: any Error, _ text: YAMLText) {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            let place = SourcePosition(line: mark.line, column: mark.column)
            position = place
            help = Self.help(for: problem, text, place)
            message = help == nil ? problem : "YAML stops here"
        case .reader:
            message = "the file is not UTF-8 text"
            help = "save it as UTF-8"
        default: break
        }
    }

    func finding(named name: String) -> Finding {
        Finding("yaml-malformed", message, at: .init(document: name, position: position), help: help)
    }

    /// The remedy for the traps people fall into with paths.
    private static func help(for problem: String, _ text: YAMLText, _ position: SourcePosition) -> String? {
        let quote = "put the path or value in double quotes"
        if problem.contains("cannot start any token") {
            if text.scalar(at: position) == "\t" { return "indent with spaces, not with tabs" }
            return quote + "; a value cannot begin with `@`, `` ` `` or `%` without them"
        }
        if problem.contains("tab") { return "indent with spaces, not with tabs" }
        if problem.contains("alphabetic or numeric character") || problem.contains("undefined alias") {
            return quote + "; `*` and `&` mean something else to YAML"
        }
        if problem.contains("mapping values are not allowed") { return quote + "; an unquoted value may not hold `: `" }
        if problem.contains("',' or '}'") || problem.contains("',' or ']'") {
            return quote + "; commas, brackets and colons inside `{ }` end a value"
        }
        if problem.contains("block end") || problem.contains("expected key") {
            return "check that this line is indented like its neighbours, and put paths in double quotes"
        }
        return nil
    }
}
