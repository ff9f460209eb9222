import Mappings
package import Reporting

/// An explanation, for people and for programs; values masked unless they were asked for.
package struct ExplanationReport {
    let explanation: Explanation
    let masking: Masking

    package init(_ explanation: Explanation, masking: Masking) {
        self.explanation = explanation
        self.masking = masking
    }

    // MARK: Text

    package func text(_ style: TextStyle) -> String {
        var lines: [String] = []
        for source in explanation.sources {
            if !lines.isEmpty { lines.append("") }
            lines += source.values.map { value in
                style.bold(value.field) + " = " + style.green(masking.show(value.text, isOpen: value.isOpen))
            }
            lines.append("")
            lines += rows(source).map { Self.row($0.0, $0.1) }
        }
        if explanation.isEmpty {
            lines.append(style.bold(explanation.field) + style.yellow(" is empty"))
            lines.append("")
            for reason in explanation.reasons.prefix(8) { lines += self.lines(reason) }
            if explanation.reasons.count > 8 {
                lines.append(Self.row("", "and \(explanation.reasons.count - 8) more rules with nothing to read"))
            }
        }
        lines += findings(style)
        return lines.joined(separator: "\n")
    }

    private func rows(_ source: Explanation.Source) -> [(String, String)] {
        var rows: [(String, String)] = []
        let isOpen = source.values.allSatisfy(\.isOpen)
        switch source.kind {
        case .source:
            let place = source.location.flatMap { FindingPrinter.place($0) } ?? ""
            rows.append(("came from", place + "   " + masking.show(source.asSent ?? "", isOpen: isOpen)))
        case .fallback: rows.append(("came from", "the mapping, by policy: the document does not say it"))
        case .constant: rows.append(("came from", "the mapping: it is the same for every document"))
        case .made: rows.append(("came from", "Linkway itself"))
        }
        if let rule = source.rule { rows.append(("rule", "\(rule)   \(source.place?.description ?? "")")) }
        if let alternative = source.alternative { rows.append(("path taken", alternative)) }
        for (index, step) in source.steps.enumerated() {
            let result = step.result.map { "   " + masking.show($0, isOpen: isOpen) } ?? ""
            rows.append((index == 0 ? "steps" : "", step.name + result + (step.place.map { "   \($0)" } ?? "")))
        }
        return rows
    }

    private func lines(_ reason: Explanation.Reason) -> [String] {
        var lines = [Self.row("because", reason.text)]
        if let place = reason.place { lines.append(Self.row("rule", place.description)) }
        if let help = reason.help { lines.append(Self.row("help", help)) }
        return lines
    }

    private func findings(_ style: TextStyle) -> [String] {
        guard !explanation.findings.isEmpty else { return [Self.row("findings", "none")] }
        return [""] + explanation.findings.map { FindingPrinter(style: style).text($0) }
    }

    private static func row(_ name: String, _ text: String) -> String {
        "  " + name + String(repeating: " ", count: max(1, 12 - name.count)) + text
    }

    /// One line, for a list of all fields.
    package func line(_ style: TextStyle) -> String {
        guard let source = explanation.sources.first, let value = source.values.first else {
            let reason = explanation.reasons.first?.text ?? ""
            return "\(explanation.field)   " + style.yellow("empty") + "   \(reason)"
        }
        let place = source.location.flatMap { FindingPrinter.place($0) }
        let more = explanation.sources.count > 1 ? "   and \(explanation.sources.count - 1) more" : ""
        return "\(value.field) = \(masking.show(value.text, isOpen: value.isOpen))   \(place ?? word(source))\(more)"
    }

    private func word(_ source: Explanation.Source) -> String {
        switch source.kind {
        case .source: ""
        case .fallback: "by policy, \(source.place?.description ?? "")"
        case .constant: "the mapping" + (source.place.map { ", \($0.description)" } ?? "")
        case .made: "Linkway itself"
        }
    }

    // MARK: JSON

    package var json: JSONValue {
        .members([
            "field": .string(explanation.field), "documentation": .string(explanation.documentation),
            "empty": .bool(explanation.isEmpty), "masked": .bool(!masking.isUnmasked),
            "sources": .array(explanation.sources.map { json($0) }),
            "because": .array(
                explanation.reasons.map { reason in
                    .members([
                        "text": .string(reason.text), "rule": reason.place?.location.json, "help": .text(reason.help),
                    ])
                }),
            "findings": .array(explanation.findings.map(\.json)),
        ])
    }

    private func json(_ source: Explanation.Source) -> JSONValue {
        let isOpen = source.values.allSatisfy(\.isOpen)
        return .members([
            "kind": .string("\(source.kind)"),
            "values": .array(
                source.values.map { value in
                    .members([
                        "field": .string(value.field),
                        "value": .string(masking.plain(value.text, isOpen: value.isOpen)),
                    ])
                }),
            "source": source.location?.json,
            "asSent": .text(source.asSent.map { masking.plain($0, isOpen: isOpen) }),
            "rule": .text(source.rule), "place": source.place?.location.json, "alternative": .text(source.alternative),
            "steps": .array(
                source.steps.map { step in
                    .members([
                        "name": .string(step.name),
                        "result": .text(step.result.map { masking.plain($0, isOpen: isOpen) }),
                        "place": .text(step.place),
                    ])
                }),
        ])
    }
}
