import Reporting
import Testing

@testable import Mappings

/// Every example of every converter, as one test each.
struct ConverterCase: Sendable, CustomTestStringConvertible {
    var converter: String
    var example: ConverterExample

    var testDescription: String {
        let arguments = example.arguments.isEmpty ? "" : " \(example.arguments.sorted { $0.key < $1.key })"
        return "\(converter)\(arguments): \(example.input.debugDescription)"
    }

    static let all: [ConverterCase] = AllConverters.all.flatMap { type in
        type.spec.examples.map { ConverterCase(converter: type.spec.name, example: $0) }
    }
}

/// The values written, by the names of their parts.
func values(_ output: ConvertedValue, of spec: ConverterSpec) -> [String: String] {
    Dictionary(
        output.parts.map { part in
            let name = spec.parts.isEmpty ? "" : spec.parts[part.part]
            return (name, String(decoding: output.bytes[part.start..<part.end], as: UTF8.self))
        }, uniquingKeysWith: { first, _ in first + " (twice)" })
}

@Suite("Converters")
struct ConverterTests {
    @Test("an example gives what its documentation says", arguments: ConverterCase.all)
    func example(_ item: ConverterCase) throws {
        let type = try #require(AllConverters.named(item.converter))
        let converter = try type.init(arguments: item.example.arguments)
        var output = ConvertedValue()
        let input = Array(item.example.input.utf8)
        let outcome = converter.convert(input.span, into: &output)
        #expect(outcome == item.example.outcome)
        #expect(values(output, of: type.spec) == item.example.output)
    }

    @Test("every converter explains itself", arguments: AllConverters.names)
    func explained(name: String) throws {
        let spec = try #require(AllConverters.named(name)).spec
        #expect(spec.summary.hasSuffix("."))
        #expect(!spec.source.isEmpty)
        #expect(spec.examples.contains { $0.outcome == .converted })
        #expect(spec.examples.contains { $0.outcome == .blank })
        for example in spec.examples {
            #expect(Set(example.arguments.keys).isSubset(of: spec.arguments.keys))
            #expect(Set(example.output.keys).isSubset(of: spec.parts.isEmpty ? [""] : spec.parts))
        }
    }

    @Test("no two converters have the same name")
    func distinctNames() {
        #expect(Set(AllConverters.names).count == AllConverters.all.count)
    }

    @Test("every code a converter gives in its examples has its row in the catalogue")
    func codesAreInTheCatalogue() {
        for item in ConverterCase.all {
            switch item.example.outcome {
            case .noted(let code): #expect(code.entry.severity == .warning && !code.entry.why.isEmpty)
            case .invalid(let code): #expect(code.entry.severity == .error && !code.entry.why.isEmpty)
            case .converted, .blank: break
            }
        }
    }

    @Test(
        "an argument that cannot be is refused and named",
        arguments: [
            ("text", "space", "squeeze"), ("date", "format", "dd/MM/yy"), ("date", "format", "MM/yyyy"),
            ("date", "format", "dd/dd/yyyy"), ("date", "format", "dd/yyyy"), ("date", "format", "yyyy-MM-dd||"),
            ("date", "format", "yyyy[-MM]-dd"), ("date", "format", "yyyy-MM-dd]"), ("date", "format", ""),
            ("date-time", "format", "dd/MM/yyyy S"), ("date-time", "offset", "Paris"),
            ("nhs-number", "status", "sure"),
        ])
    func badArgument(converter: String, argument: String, value: String) throws {
        let type = try #require(AllConverters.named(converter))
        #expect {
            try type.init(arguments: [argument: value])
        } throws: { error in
            (error as? ArgumentProblem)?.argument == argument
        }
    }
}
