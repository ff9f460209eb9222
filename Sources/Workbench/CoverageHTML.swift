import Mappings

/// A coverage report as one page. Paths and counts only; a value of a document never stands on it.
package struct CoverageHTML {
    let report: CoverageReport

    package init(_ report: CoverageReport) { self.report = report }

    package var page: String {
        let documents = report.sections.reduce(0) { $0 + $1.documents.count }
        var body = "<main>\n<h1>What the mappings read</h1>\n"
        body +=
            "<p class=\"soft\">\(CoverageText.plural(documents, "document")), \(CoverageText.plural(report.sections.count, "mapping")); "
        body +=
            "\(report.percent) % of all source values are read or left out for a stated reason. Values are not shown.</p>\n"
        for section in report.sections { body += self.section(section) }
        if !report.unknown.isEmpty {
            let names = report.unknown.map { "<li><code>\(HTML.escape($0.name))</code></li>" }.joined()
            body += "<section><h2>No mapping read these</h2><ul>\(names)</ul></section>\n"
        }
        return HTML.page(title: "Mapping coverage", body: body + "</main>")
    }

    private func section(_ section: CoverageReport.Section) -> String {
        let used = section.ruleCount - section.unusedRules.count
        return """
            <section>
            <h2>\(HTML.escape(section.mapping))</h2>
            <ul class="figures">
            <li><b>\(section.percent) %</b>accounted for</li>
            <li><b>\(section.count(.read))</b>read</li>
            <li><b>\(section.count(.compared))</b>only compared</li>
            <li><b>\(section.count(.ignored))</b>ignored, with a reason</li>
            <li><b>\(section.count(.unread))</b>unread</li>
            <li><b>\(used) / \(section.ruleCount)</b>rules run</li>
            </ul>
            \(bar(section.count(.read), section.count(.ignored), section.count(.unread)))
            \(shapes("Unread: if one of these mattered, nobody would notice", section, .unread))
            \(documents(section))
            \(rules(section))
            \(details("Ignored, and why", shapes("", section, .ignored), section.shapes.contains { $0.state == .ignored }))
            \(details("Read", shapes("", section, .read), section.shapes.contains { $0.state == .read }))
            </section>

            """
    }

    private func bar(_ read: Int, _ ignored: Int, _ unread: Int) -> String {
        let total = max(1, read + ignored + unread)
        let parts = [("read", read), ("ignored", ignored), ("unread", unread)].filter { $0.1 > 0 }
        let bars = parts.map {
            "<i class=\"\($0.0)\" style=\"width: \($0.1 * 1000 / total / 10).\($0.1 * 1000 / total % 10)%\"></i>"
        }
        return
            "<div class=\"bar\" role=\"img\" aria-label=\"\(read) read, \(ignored) ignored, \(unread) unread\">\(bars.joined())</div>"
    }

    private func details(_ title: String, _ content: String, _ hasContent: Bool) -> String {
        hasContent ? "<details><summary>\(title)</summary>\(content)</details>" : ""
    }

    private func shapes(_ caption: String, _ section: CoverageReport.Section, _ state: Coverage.State) -> String {
        let shapes = section.shapes.filter { $0.state == state }
        guard !shapes.isEmpty else { return "" }
        let last = state == .ignored ? "why" : "first met at"
        var table = "<div class=\"scroll\"><table>" + (caption.isEmpty ? "" : "<caption>\(caption)</caption>")
        table +=
            "<thead><tr><th scope=\"col\">path</th><th scope=\"col\">state</th><th scope=\"col\" class=\"number\">values</th>"
        table += "<th scope=\"col\" class=\"number\">documents</th><th scope=\"col\">\(last)</th></tr></thead><tbody>\n"
        for shape in shapes {
            let remark = shape.because ?? shape.first
            let word = state == .unread && shape.mattersLikely ? "unread, likely matters" : state.rawValue
            table += "<tr class=\"\(state.rawValue)\"><th scope=\"row\"><code>\(HTML.escape(shape.path))</code></th>"
            table +=
                "<td><span class=\"tag \(state.rawValue)\">\(word)</span></td><td class=\"number\">\(shape.count)</td>"
            table += "<td class=\"number\">\(shape.documents)</td><td>\(HTML.escape(remark))</td></tr>\n"
        }
        return table + "</tbody></table></div>"
    }

    private func documents(_ section: CoverageReport.Section) -> String {
        var table =
            "<div class=\"scroll\"><table><caption>Documents</caption><thead><tr><th scope=\"col\">document</th>"
        table += "<th scope=\"col\" class=\"number\">read</th><th scope=\"col\" class=\"number\">ignored</th>"
        table +=
            "<th scope=\"col\" class=\"number\">unread</th><th scope=\"col\" style=\"width: 30%\">share</th></tr></thead><tbody>\n"
        for document in section.documents {
            let coverage = document.coverage
            table +=
                "<tr><th scope=\"row\"><code>\(HTML.escape(document.name))</code></th><td class=\"number\">\(coverage.read)</td>"
            table += "<td class=\"number\">\(coverage.ignored)</td><td class=\"number\">\(coverage.unread)</td>"
            table += "<td>\(bar(coverage.read, coverage.ignored, coverage.unread))</td></tr>\n"
        }
        return table + "</tbody></table></div>"
    }

    private func rules(_ section: CoverageReport.Section) -> String {
        guard !section.unusedRules.isEmpty else { return "" }
        var table =
            "<div class=\"scroll\"><table><caption>Rules that gave no value in any of these documents</caption><thead><tr>"
        table +=
            "<th scope=\"col\">field</th><th scope=\"col\">reads</th><th scope=\"col\">stands at</th></tr></thead><tbody>\n"
        for rule in section.unusedRules {
            let paths = rule.paths.map { "<code>\(HTML.escape($0))</code>" }.joined(separator: ", ")
            table += "<tr><th scope=\"row\"><code>\(HTML.escape(rule.field))</code></th><td>\(paths)</td>"
            table += "<td><code>\(HTML.escape(rule.place.description))</code></td></tr>\n"
        }
        return table + "</tbody></table></div>"
    }
}
