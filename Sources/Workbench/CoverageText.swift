import Mappings
package import Reporting

/// A coverage report on a terminal and for programs.
package struct CoverageText {
    let report: CoverageReport
    let style: TextStyle

    package init(_ report: CoverageReport, style: TextStyle = .plain) {
        self.report = report
        self.style = style
    }

    // MARK: Text

    package var text: String {
        var lines: [String] = []
        for section in report.sections {
            if !lines.isEmpty { lines.append("") }
            lines += self.lines(section)
        }
        for document in report.unknown { lines.append(style.red("no mapping read \(document.name)")) }
        return lines.joined(separator: "\n")
    }

    private func lines(_ section: CoverageReport.Section) -> [String] {
        let used = section.ruleCount - section.unusedRules.count
        var lines = [
            style.bold(section.mapping) + "   \(Self.plural(section.documents.count, "document"))"
                + "   accounted for \(Self.padded("\(section.percent)", 3)) %   rules run \(used) of \(section.ruleCount)"
        ]
        lines.append(
            "  \(section.count(.read)) values read · \(section.count(.compared)) only compared · \(section.count(.ignored)) ignored for a reason · \(section.count(.unread)) unread"
        )
        if section.documents.count > 1 { lines += section.documents.map { "  " + line($0) } }
        lines += group("unread", section, .unread)
        lines += ignored(section)
        if !section.unusedRules.isEmpty { lines.append("  rules that gave no value in any of these documents") }
        for rule in section.unusedRules.prefix(Self.mostRules) {
            lines.append("    \(rule.field)   \(rule.paths.joined(separator: ", "))   \(rule.place.description)")
        }
        let rest = section.unusedRules.count - Self.mostRules
        if rest > 0 { lines.append("    and \(rest) more; --json and --html list all") }
        return lines
    }

    private static let mostRules = 25

    /// One line for each reason, not for each path.
    private func ignored(_ section: CoverageReport.Section) -> [String] {
        let shapes = section.shapes.filter { $0.state == .ignored }
        guard !shapes.isEmpty else { return [] }
        let reasons = shapes.reduce(into: [String]()) {
            if !$0.contains($1.because ?? "") { $0.append($1.because ?? "") }
        }
        return ["  ignored"]
            + reasons.map { reason in
                let own = shapes.filter { $0.because ?? "" == reason }
                let values = own.reduce(0) { $0 + $1.count }
                let place = own.count == 1 ? own[0].path : "\(own.count) paths"
                return "    \(place)   \(Self.plural(values, "value"))   because: \(reason)"
            }
    }

    private func line(_ document: CoverageReport.Document) -> String {
        let coverage = document.coverage
        let percent = CoverageReport.percent(coverage.read + coverage.ignored, of: coverage.total)
        let unread = coverage.unread == 0 ? "" : style.yellow("   \(coverage.unread) unread")
        return "\(Self.padded("\(percent)", 3)) %  \(document.name)" + unread
    }

    private func group(_ title: String, _ section: CoverageReport.Section, _ state: Coverage.State) -> [String] {
        let shapes = section.shapes.filter { $0.state == state }
        guard !shapes.isEmpty else { return [] }
        return ["  " + title]
            + shapes.map { shape in
                let line =
                    "    \(shape.path)   \(shape.count) in \(Self.plural(shape.documents, "document"))   first at \(shape.first)"
                return shape.mattersLikely ? style.yellow(line + "   ← likely matters") : line
            }
    }

    static func plural(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }
    static func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    /// One line for each mapping.
    package var summary: String {
        let rows = report.sections.map { section in
            let read = section.total - section.count(.unread)
            let used = section.ruleCount - section.unusedRules.count
            return [
                section.mapping, "\(read) of \(section.total) values accounted for, \(section.percent) %",
                "\(used) of \(section.ruleCount) rules run, \(CoverageReport.percent(used, of: section.ruleCount)) %",
            ]
        }
        let widths = (0..<2).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            (0..<2).map { row[$0] + String(repeating: " ", count: widths[$0] - row[$0].count + 3) }.joined() + row[2]
        }.joined(separator: "\n")
    }

    // MARK: JSON

    package var json: JSONValue {
        .members([
            "schema": .string("linkway.coverage/1"), "accountedPercent": .number(report.percent),
            "mappings": .array(report.sections.map { json($0) }),
            "unknown": .array(report.unknown.map { .string($0.name) }),
        ])
    }

    private func json(_ section: CoverageReport.Section) -> JSONValue {
        .members([
            "mapping": .string(section.mapping), "accountedPercent": .number(section.percent),
            "total": .number(section.total), "read": .number(section.count(.read)),
            "compared": .number(section.count(.compared)), "ignored": .number(section.count(.ignored)),
            "unread": .number(section.count(.unread)),
            "documents": .array(
                section.documents.map { document in
                    .members([
                        "name": .string(document.name), "read": .number(document.coverage.read),
                        "compared": .number(document.coverage.compared), "ignored": .number(document.coverage.ignored),
                        "unread": .number(document.coverage.unread),
                    ])
                }),
            "paths": .array(
                section.shapes.map { shape in
                    .members([
                        "path": .string(shape.path), "state": .string(shape.state.rawValue),
                        "count": .number(shape.count),
                        "documents": .number(shape.documents), "first": .string(shape.first),
                        "because": .text(shape.because),
                    ])
                }),
            "rules": .number(section.ruleCount),
            "rulesNeverRun": .array(
                section.unusedRules.map { rule in
                    .members([
                        "field": .string(rule.field), "paths": .array(rule.paths.map { .string($0) }),
                        "place": rule.place.location.json,
                    ])
                }),
        ])
    }
}
