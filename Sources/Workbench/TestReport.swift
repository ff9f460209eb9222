import Mappings
package import Reporting

/// The result of a test run, for people, for programs and for CI.
package struct TestReport {
    let cases: [GoldenTests.Case]
    let style: TextStyle
    /// The most values shown of one case.
    let mostChanges: Int

    /// - Parameter isWhole: Shows every value that differs, for who is about to accept it; else the first of them.
    package init(_ cases: [GoldenTests.Case], style: TextStyle, isWhole: Bool = false) {
        self.cases = cases
        self.style = style
        mostChanges = isWhole ? .max : 20
    }

    private func count(_ status: GoldenTests.Case.Status) -> Int { cases.count { $0.status == status } }

    private var mappings: [String] { cases.reduce(into: []) { if !$0.contains($1.mapping) { $0.append($1.mapping) } } }

    // MARK: Text

    package var text: String {
        var lines = mappings.map { summary(of: $0) }
        for result in cases where result.status != .passed { lines += ["", details(of: result)] }
        lines += ["", "\(cases.count) cases: \(count(.passed)) passed" + others]
        return lines.joined(separator: "\n")
    }

    private var others: String {
        [(count(.changed), "changed"), (count(.pending), "without a golden file"), (count(.failed), "failed")]
            .filter { $0.0 > 0 }.map { ", \($0.0) \($0.1)" }.joined()
    }

    private func summary(of mapping: String) -> String {
        let own = cases.filter { $0.mapping == mapping }
        let passed = own.count { $0.status == .passed }
        let rest = own.count - passed
        let name = mapping.count < 22 ? mapping + String(repeating: " ", count: 22 - mapping.count) : mapping + " "
        return name + style.green("\(passed) passed") + (rest > 0 ? style.red("  \(rest) not") : "")
    }

    private func details(of result: GoldenTests.Case) -> String {
        let word = result.status == .pending ? "NEW" : result.status.rawValue.uppercased()
        var lines = [style.bold("\(word)  \(result.mapping)/\(result.name)") + "   \(result.place.description)"]
        if let message = result.message { lines.append("  " + message) }
        for change in result.changes.prefix(mostChanges) {
            if let old = change.old { lines.append(style.red("  \(change.path)  - \(old)")) }
            if let new = change.new { lines.append(style.green("  \(change.path)  + \(new)")) }
        }
        if result.changes.count > mostChanges { lines.append("  and \(result.changes.count - mostChanges) more") }
        if result.status == .failed {
            let printer = FindingPrinter(style: style)
            lines += result.findings.filter { $0.severity >= .quarantine }.prefix(5).map { printer.text($0) }
        }
        return lines.joined(separator: "\n")
    }

    // MARK: JSON and JUnit

    package var json: JSONValue {
        .members([
            "schema": .string("linkway.test/1"), "passed": .number(count(.passed)), "failed": .number(count(.failed)),
            "changed": .number(count(.changed)), "pending": .number(count(.pending)),
            "cases": .array(
                cases.map { result in
                    .members([
                        "mapping": .string(result.mapping), "name": .string(result.name),
                        "status": .string(result.status.rawValue), "message": .text(result.message),
                        "place": .string(result.place.description),
                    ])
                }),
        ])
    }

    /// In the form that CI systems read; values of samples are not in it.
    package var junit: String {
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<testsuites tests=\"\(cases.count)\" failures=\"\(cases.count - count(.passed))\">\n"
        for mapping in mappings {
            let own = cases.filter { $0.mapping == mapping }
            let failures = own.count { $0.status != .passed }
            text += "  <testsuite name=\"\(escape(mapping))\" tests=\"\(own.count)\" failures=\"\(failures)\">\n"
            for result in own { text += testcase(result) }
            text += "  </testsuite>\n"
        }
        return text + "</testsuites>\n"
    }

    private func testcase(_ result: GoldenTests.Case) -> String {
        let head = "    <testcase classname=\"\(escape(result.mapping))\" name=\"\(escape(result.name))\""
        if result.status == .passed { return head + "/>\n" }
        let message = result.message ?? "\(result.changes.count) values differ from the golden file"
        let paths = result.changes.map { "\($0.kind.rawValue) \($0.path)" }.joined(separator: "\n")
        return head + ">\n      <failure message=\"\(escape(message))\">\(escape(paths))</failure>\n    </testcase>\n"
    }

    private func escape(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
    }
}
