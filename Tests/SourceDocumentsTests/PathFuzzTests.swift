import Reporting
import Testing

@testable import SourceDocuments

/// Numbers that look random and are the same in every run.
private struct Dice {
    var state: UInt64

    mutating func roll(_ sides: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((value ^ (value >> 31)) % UInt64(sides))
    }
}

@Suite("whatever is written as a path")
struct PathFuzzTests {
    static let seeds: [PathLanguage: [String]] = [
        .xpath: PathXPathTests.expressions,
        .jsonPath: [
            "$.needs[?@.code=='a' && !@.x].n", "$..[?count(@.*)>1]", "$['a','b',0,1:5:2,?@.n<=-1.5e3]", "$[-1][::-1]", "@.x[?length(@.a)==value($..c)]",
            "$[?(@.a||@.b)&&@.c!=null]", "$.\u{263A}['\\u263A\\n']", "$[9007199254740991]",
        ],
        .fhirPath: PathFHIRPathTests.selections.map(\.0) + [
            "name.given.substring(1, 2) & 'x' + 'y'", "name.given.first().replace('A', '').upper()", "(1 | 2.50 | -3) contains 2.5 implies {} = {}",
            "@2026-03-02T09:14:00.123+01:00 > @2026 and @T10:00 < @T11", "entry.all($this.fullUrl.indexOf('u') = 0) xor %sct ~ 'X'", "name.select(given | family).isDistinct()",
            "name.given.trim().endsWith('a').not() // comment", "entry.resource.subsetOf(Bundle.entry.resource) /* c */",
        ],
    ]

    @Test("compiling ends in a path or a problem within its text, and running it ends", arguments: [PathLanguage.xpath, .jsonPath, .fhirPath])
    func anything(_ language: PathLanguage) throws {
        var dice = Dice(state: 7)
        let seeds = try #require(Self.seeds[language])
        var bench = switch language {
        case .xpath: PathBench(PathXPathTests.letter, PathContext(language: .xpath), as: .xml)
        case .jsonPath:
            PathBench(#"{"needs":[{"code":"a","n":1},[2,"x",null,[[]]]],"x":{"a":"d","c":-1.5e3}}"#, PathContext(language: .jsonPath), as: .json)
        case .fhirPath: PathFHIRPathTests.bench()
        }
        bench.context.namespaces = language == .xpath ? PathXPathTests.namespaces : [:]
        bench.evaluator.limit = 100_000
        var compiled = 0
        for _ in 0..<6000 {
            var bytes = Array(seeds[dice.roll(seeds.count)].utf8)
            for _ in 0...dice.roll(4) { Self.mutate(&bytes, seeds, &dice) }
            let text = String(decoding: bytes, as: UTF8.self)
            switch Path.compileExpression(text, in: bench.context, symbols: &bench.document.symbols) {
            case .failure(let problem):
                #expect(problem.offset >= 0 && problem.offset <= text.utf8.count, "\(text)")
            case .success(let path):
                compiled += 1
                var result: [NodeID] = []
                let node = NodeID(dice.roll(bench.document.nodes.count - 1) + 1)
                bench.evaluator.select(path, from: node, in: &bench.document, into: &result)
                _ = bench.evaluator.test(path, from: node, in: &bench.document)
                if path.isPattern, !bench.agrees(path) { Issue.record("the pattern does not match what it selects: \(text)") }
            }
        }
        print("\(language.rawValue): \(compiled) of 6000 changed paths were still paths")
    }

    private static func mutate(_ bytes: inout [UInt8], _ seeds: [String], _ dice: inout Dice) {
        if bytes.isEmpty { return }
        let place = dice.roll(bytes.count)
        switch dice.roll(5) {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(Array("()[]{}@$%/.*'\"=<>!|&?,:- 0129axé".utf8)[dice.roll(33)], at: place)
        case 2: bytes.swapAt(place, dice.roll(bytes.count))
        case 3: bytes.replaceSubrange(place..., with: Array(seeds[dice.roll(seeds.count)].utf8.suffix(12)))
        default:
            let other = Array(seeds[dice.roll(seeds.count)].utf8)
            bytes.insert(contentsOf: other[..<dice.roll(other.count)], at: place)
        }
    }
}

extension PathBench {
    /// Whether a pattern matches just the nodes it selects from the root.
    mutating func agrees(_ pattern: Path) -> Bool {
        var selected: [NodeID] = []
        evaluator.select(pattern, from: 1, in: &document, into: &selected)
        var matched: [NodeID] = []
        for node in 0..<NodeID(document.nodes.count) where evaluator.matches(pattern, node, in: &document) {
            matched.append(node)
        }
        return selected == matched || evaluator.isExhausted
    }
}
