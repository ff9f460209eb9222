/// Colours of a terminal, or none.
public struct TextStyle: Sendable {
    public let isColoured: Bool

    public init(isColoured: Bool) { self.isColoured = isColoured }

    public static let plain = TextStyle(isColoured: false)

    /// Every sequence that a style writes.
    public static let codes = ["0", "1", "2", "31", "32", "33", "36"].map { "\u{1B}[\($0)m" }

    public func bold(_ text: String) -> String { wrap(text, "1") }
    public func dim(_ text: String) -> String { wrap(text, "2") }
    public func red(_ text: String) -> String { wrap(text, "31") }
    public func green(_ text: String) -> String { wrap(text, "32") }
    public func yellow(_ text: String) -> String { wrap(text, "33") }
    public func cyan(_ text: String) -> String { wrap(text, "36") }

    private func wrap(_ text: String, _ code: String) -> String {
        isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}

/// Prints findings for people: what, where, why, how to put it right.
public struct FindingPrinter: Sendable {
    public let style: TextStyle

    public init(style: TextStyle = .plain) { self.style = style }

    public func text(_ finding: Finding) -> String {
        var lines = ["\(heading(finding)): \(finding.message.printable())"]
        if let location = finding.location, let place = Self.place(location) {
            lines.append("  --> \(style.cyan(place))")
        }
        let entry = finding.code.entry
        if let why = finding.why ?? Self.present(entry.why) { lines.append("  why: \(why.printable())") }
        if let help = finding.help ?? Self.present(entry.help) { lines.append("  help: \(help.printable())") }
        if let field = Self.field(finding) { lines.append("  \(field)") }
        return lines.joined(separator: "\n")
    }

    public func text(_ findings: [Finding]) -> String { findings.map { text($0) + "\n" }.joined(separator: "\n") }

    private func heading(_ finding: Finding) -> String {
        let text = "\(finding.severity.word)[\(finding.code)]"
        switch finding.severity {
        case .error: return style.bold(style.red(text))
        case .quarantine, .warning: return style.bold(style.yellow(text))
        case .note: return style.bold(text)
        }
    }

    private static func present(_ text: String) -> String? { text.isEmpty ? nil : text }

    /// `file:line:column  /path`, on one line whatever the names are.
    public static func place(_ location: Finding.Location) -> String? {
        var text = location.document
        if let position = location.position { text += (text.isEmpty ? "" : ":") + position.description }
        if let path = location.path { text += (text.isEmpty ? "" : "  ") + path }
        return text.isEmpty ? nil : text.printable()
    }

    private static func field(_ finding: Finding) -> String? {
        let rule = finding.rule.flatMap { place($0) }
        switch (finding.field, rule) {
        case (nil, nil): return nil
        case (let field?, nil): return "field: \(field.printable())"
        case (nil, let rule?): return "rule: \(rule)"
        case (let field?, let rule?): return "field: \(field.printable()), set at \(rule)"
        }
    }
}

extension Finding {
    /// The finding as a JSON object.
    public var json: JSONValue {
        .members([
            "code": .string(code.rawValue), "severity": .string(severity.word), "message": .string(message),
            "why": .text(why ?? (code.entry.why.isEmpty ? nil : code.entry.why)),
            "help": .text(help ?? (code.entry.help.isEmpty ? nil : code.entry.help)),
            "field": .text(field), "location": location?.json, "rule": rule?.json,
        ])
    }
}

extension Finding.Location {
    /// The place as a JSON object.
    public var json: JSONValue {
        .members([
            "document": document.isEmpty ? nil : .string(document), "line": position.map { .number($0.line) },
            "column": position.map { .number($0.column) }, "path": .text(path),
            "start": span.map { .number($0.start) }, "end": span.map { .number($0.end) },
        ])
    }
}
