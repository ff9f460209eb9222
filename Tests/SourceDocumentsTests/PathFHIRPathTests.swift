import Foundation
import Reporting
import Testing

@testable import SourceDocuments

@Suite("FHIRPath")
struct PathFHIRPathTests {
    private struct Case: Decodable {
        struct Output: Decodable {
            var type: String?
            var value: String
        }
        var group: String
        var name: String
        var input: String?
        var expression: String
        var invalid: String?
        var outputs: [Output]
    }

    static func read(_ bytes: [UInt8], _ symbols: SymbolTable) -> SourceDocument {
        var document = SourceDocument(symbols: symbols)
        var findings: [Finding] = []
        let isRead = DocumentReader().read(bytes, as: .fhir, into: &document, reporting: &findings)
        #expect(isRead, "\(findings)")
        return document
    }

    /// What an expression gives, each item as text.
    static func values(_ path: Path, _ document: inout SourceDocument, from node: NodeID = 1) -> [String] {
        var evaluator = PathEvaluator()
        evaluator.begin(document)
        var result: [String] = []
        let program = path.program
        evaluator.evaluate(program, from: node, in: &document) { evaluator, base, document in
            for item in evaluator.items[base...] {
                switch item.kind {
                case .node: result.append(document.text(item.node))
                case .boolean: result.append("\(item.boolean)")
                case .number: result.append(PathNumber.xpathText(item.number))
                case .text, .decimal: result.append(evaluator.string(item, program, document))
                case .date: result.append("@" + evaluator.string(item, program, document))
                case .null: result.append("null")
                }
            }
        }
        return result
    }

    @Test("the HL7 suite for R4: right, or refused when compiled", .enabled(if: Shared.has("suites/fhirpath-r4/cases.json")))
    func suite() throws {
        var right = 0, invalid = 0
        var refused: [String: Int] = [:]
        let cases = try Shared.decode([Case].self, from: "suites/fhirpath-r4/cases.json")
        for test in cases {
            let input = test.input ?? "patient-example.xml"
            let bytes = try Shared.bytes("suites/fhirpath-r4/\(input)")
            let root = Self.read(bytes, SymbolTable())
            let type = root.symbols.name(root.nodes[1].resourceType)
            var symbols = SymbolTable()
            let context = PathContext(language: .fhirPath, rootName: type)
            switch Path.compileExpression(test.expression, in: context, symbols: &symbols) {
            case .failure(let problem):
                if test.invalid != nil { invalid += 1 } else { refused[problem.message, default: 0] += 1 }
            case .success(let path):
                var document = Self.read(bytes, symbols)
                let found = Self.values(path, &document)
                let wanted = test.invalid == nil ? test.outputs.map { $0.type == "date" && !$0.value.hasPrefix("@") ? "@" + $0.value : $0.value } : []
                let isRight = found == wanted || found == wanted.map { $0.hasPrefix("@") ? String($0.dropFirst()) : $0 }
                    || test.invalid != nil && (found == [] || found == test.outputs.map(\.value))
                if isRight { right += 1 } else {
                    Issue.record("\(test.group)/\(test.name): \(test.expression): \(found), not \(wanted) \(test.invalid ?? "")")
                }
            }
        }
        print("FHIRPath suite: \(right) right, \(invalid) invalid refused, \(refused.values.reduce(0, +)) refused, of \(cases.count)")
        for (message, count) in refused.sorted(by: { $0.value > $1.value }) { print("  \(count) × \(message)") }
        #expect(right > 200)
    }
}
