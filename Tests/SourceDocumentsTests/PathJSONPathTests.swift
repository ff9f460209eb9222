import Reporting
import Testing

@testable import SourceDocuments

@Suite("JSONPath")
struct PathJSONPathTests {
    private static func nodes(_ path: Path, in document: inout SourceDocument) -> [NodeID] {
        var evaluator = PathEvaluator()
        evaluator.begin(document)
        var result: [NodeID] = []
        evaluator.evaluate(path.program, from: 1, in: &document) { evaluator, base, _ in
            for item in evaluator.items[base...] where item.isNode { result.append(item.node) }
        }
        return result
    }

    private static func read(_ bytes: [UInt8], _ symbols: SymbolTable) -> SourceDocument {
        var document = SourceDocument(symbols: symbols)
        var findings: [Finding] = []
        #expect(DocumentReader().read(bytes, as: .json, into: &document, reporting: &findings))
        return document
    }

    @Test("the compliance test suite of RFC 9535 holds", .enabled(if: Shared.has("suites/jsonpath-cts/cts.json")))
    func complianceSuite() throws {
        let suite = Reading(try Shared.bytes("suites/jsonpath-cts/cts.json"), as: .json).document
        let tests = suite.children(try #require(suite.member("tests", of: 1)))
        var right = 0
        var refusedAsInvalid = 0
        var refusedAsUnsupported = 0
        for test in tests {
            let name = suite.text(try #require(suite.member("name", of: test)))
            let selector = suite.text(try #require(suite.member("selector", of: test)))
            var symbols = SymbolTable()
            let compiled = Path.compile(selector, in: PathContext(language: .jsonPath), symbols: &symbols)
            if suite.member("invalid_selector", of: test) != nil {
                if case .success = compiled { Issue.record("accepted though invalid: \(name): \(selector)") }
                refusedAsInvalid += 1
                continue
            }
            switch compiled {
            case .failure(let problem):
                if selector.contains("match(") || selector.contains("search(") {
                    refusedAsUnsupported += 1
                } else {
                    Issue.record("refused: \(name): \(selector): \(problem)")
                }
            case .success(let path):
                let item = suite.nodes[Int(try #require(suite.member("document", of: test)))]
                var document = Self.read(Array(suite.source[Int(item.start)..<Int(item.end)]), symbols)
                let found = Self.nodes(path, in: &document).map { document.json($0) }
                var wanted: [[String]] = []
                if let result = suite.member("result", of: test) {
                    wanted.append(suite.children(result).map { suite.json($0) })
                } else if let results = suite.member("results", of: test) {
                    wanted += suite.children(results).map { suite.children($0).map { suite.json($0) } }
                }
                if wanted.contains(found) {
                    right += 1
                } else {
                    Issue.record("wrong: \(name): \(selector): \(found) not \(wanted)")
                }
            }
        }
        print(
            "JSONPath suite: \(right) right, \(refusedAsInvalid) invalid refused, \(refusedAsUnsupported) refused as unsupported, of \(tests.count)"
        )
        #expect(right + refusedAsInvalid + refusedAsUnsupported == tests.count)
    }
}
